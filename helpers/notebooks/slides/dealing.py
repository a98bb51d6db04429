"""The parts of a lesson, dealt to slides: what stands together, and where the next one begins."""

from __future__ import annotations

import re

from nbformat import NotebookNode

FULL = 17.5  # what fits a slide at full size, in lines of prose
SMALL = 23.0  # what fits in the smallest letters


def dealt(parts: list[NotebookNode]) -> list[list[NotebookNode]]:
    """The slides, each a list of parts.

    A heading, a picture and a question begin a slide; so does code below a result, and code that
    would be parted from its own. The paragraph that reads a picture stays with it, one that reads
    another result too where smaller letters make the room. A question stands alone.
    """
    slides: list[list[NotebookNode]] = []
    for part in parts:
        if not slides or _begins(part, slides[-1]):
            slides.append([])
        slides[-1].append(part)
    return _without_lonely_headings(slides)


def _begins(part: NotebookNode, slide: list[NotebookNode]) -> bool:
    last, own = slide[-1], part.metadata.slide
    if "begins" in own:
        return not (_is_heading(part) and all(_is_heading(other) for other in slide))
    if "joins" in own or _is_picture(last) or _is_heading(last):
        return False
    if "ends" in last.metadata.slide or ("whole" in own and any(p.get("outputs") for p in slide)):
        return True
    reads = part.cell_type == "markdown" and any(p.get("outputs") for p in slide)
    room = SMALL if reads else FULL
    return sum(p.metadata.slide.weight for p in slide) + own.get("whole", own.weight) > room


def _is_heading(part: NotebookNode) -> bool:
    return part.cell_type == "markdown" and part.source.startswith("#") and "\n" not in part.source


def _is_picture(part: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in part.get("outputs", []))


def _without_lonely_headings(slides: list[list[NotebookNode]]) -> list[list[NotebookNode]]:
    """A heading by itself goes to the slide after it, unless that has a heading of its own."""
    kept: list[list[NotebookNode]] = []
    for slide in slides:
        if kept and all(_is_heading(part) for part in kept[-1]) and not _is_heading(slide[0]):
            kept[-1] += slide
        else:
            kept.append(slide)
    return kept


def section(slide: list[NotebookNode], before: str) -> str:
    """The heading under which a slide stands: its own first one, or the one before."""
    titles = [part.source for part in slide if _is_heading(part)]
    return re.sub(r"^#+ |`", "", titles[0]) if titles else before
