"""Panels: what the course says to a learner, as HTML, as plain text and for a screen reader.

Colours come from JupyterLab's theme variables, so that a panel reads in light and dark; what a
panel means stands in its first words and never in its colour alone.
"""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["right", "not yet", "waiting", "note"]

_EDGES = {
    "right": "var(--jp-success-color1, #2e7d32)",
    "not yet": "var(--jp-warn-color1, #b35900)",
    "waiting": "var(--jp-border-color1, #9e9e9e)",
    "note": "var(--jp-info-color1, #0277bd)",
}
_WIDTH = 88


@dataclass(frozen=True)
class Panel:
    """A title and a text in Markdown, shown as a panel by any front end.

    title: the first words; for a check they are "Right", "Not yet" or "Not answered yet".
    text: Markdown: paragraphs, `code`, fenced code, lists.
    """

    title: str
    text: str = ""
    tone: Tone = "note"

    def __str__(self) -> str:
        parts = [self.title, *(_wrapped(block) for block in blocks(self.text))]
        return "\n\n".join(part for part in parts if part).strip()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.html()}

    def html(self) -> str:
        """The panel as HTML, safe for any text that a learner's code can produce."""
        return (
            f'<div role="status" aria-live="polite" aria-label="{html.escape(self.title)}" '
            f'style="border-left:4px solid {_EDGES[self.tone]};padding:0.4em 0 0.4em 1em;'
            "margin:0.4em 0;max-width:52em;color:var(--jp-content-font-color1, inherit);"
            'background:var(--jp-layout-color1, transparent)">'
            f"<strong>{html.escape(self.title)}</strong>{_markdown(self.text)}</div>"
        )


def inline(text: str) -> str:
    """One line of Markdown as HTML, without a paragraph round it."""
    return _markdown(text).strip().removeprefix("<p>").removesuffix("</p>")


def _markdown(text: str) -> str:
    import mistune

    return mistune.create_markdown(escape=True, plugins=["table"])(text) if text else ""


def blocks(text: str) -> list[str]:
    """The text cut at blank lines, but never inside fenced code."""
    blocks: list[str] = []
    fenced = False
    for block in text.strip().split("\n\n"):
        if fenced:
            blocks[-1] += "\n\n" + block
        else:
            blocks.append(block)
        fenced ^= block.count("```") % 2 == 1
    return blocks


def _wrapped(block: str) -> str:
    if block.startswith("```"):
        lines = [line for line in block.splitlines() if not line.startswith("```")]
        return textwrap.indent("\n".join(lines), "    ")
    if block.startswith(("- ", "|", "1.")):
        return block
    return textwrap.fill(" ".join(block.split()), _WIDTH)
