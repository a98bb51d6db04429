"""The page of slides: nbconvert draws the parts, a small template of our own shows one at a time.

nbconvert's own slides fetch reveal.js and five other things from the network; these fetch nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from helpers.notebooks.slides.dealing import dealt, section
from helpers.notebooks.slides.parts import Answered, parts

HERE = Path(__file__).parent


def write(lesson: Path, folder: Path) -> Path:
    """Write a stored lesson's slides to `folder`, under the lesson's name; give the file.

    Raises ValueError that says what to do where the lesson is not as it came.
    """
    try:
        text = page(nbformat.read(lesson, as_version=4))
    except Answered as error:
        put_back = (
            f"`python -m helpers reset {lesson.stem[:2]}` puts the lesson back, and keeps yours"
        )
        raise ValueError(f"{lesson.name}: {error}. {put_back}.") from None
    made = folder / f"{lesson.stem}.html"
    folder.mkdir(parents=True, exist_ok=True)
    made.write_text(text, encoding="utf-8")
    return made


def page(nb: NotebookNode) -> str:
    """The HTML of a lesson's slides, whole in one text."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    cells, title = _marked(dealt(parts(nb))), nb.cells[0].source.splitlines()[0].lstrip("# ")
    exporter = HTMLExporter(
        config=Config({"CSSHTMLHeaderPreprocessor": {"style": "vs"}}),
        template_name="lab",
        template_file=str(HERE / "slides.html.j2"),
        extra_template_basedirs=[str(HERE)],
        embed_images=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        anchor_link_text="",
    )
    resources = {
        "title": title,
        "slides_css": (HERE / "slides.css").read_text(encoding="utf-8"),
        "slides_js": (HERE / "slides.js").read_text(encoding="utf-8"),
    }
    return exporter.from_notebook_node(new_notebook(cells=cells), resources)[0]


def _marked(slides: list[list[NotebookNode]]) -> list[NotebookNode]:
    """The parts in a row, those at a slide's two ends marked for the template."""
    cells, above = [], ""
    for slide in slides:
        above = section(slide, above)
        slide[0].metadata["opens"] = {"section": above}
        slide[0].metadata["alt"] = _read(slide) or above
        slide[-1].metadata["closes"] = True
        cells += slide
    return cells


def _read(slide: list[NotebookNode]) -> str:
    """The words that read a slide's picture, for those who do not see it."""
    prose = [part.source for part in slide if part.cell_type == "markdown"]
    return re.sub(r"[*`]|\s+(?=\s)", "", prose[0]) if prose else ""
