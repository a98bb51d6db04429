"""The last line of each lesson: the one before and the next, drawn from the tree.

`python -m helpers.setup.navigation` writes it into every notebook, after a lesson has been added.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.lesson.steps import STEPS, Step
from helpers.notebooks.stored import dumps
from helpers.workspace import ROOT

LINE = re.compile(r"\n*^(Before|Next): \[[^\n]*\Z", re.MULTILINE)


def line(number: str) -> str:
    """The words that lead from a lesson to its neighbours among those that are written."""
    here = [step for step in STEPS if step.written]
    place = [step.number for step in here].index(number)
    words = [f"Before: {_link(here[place - 1])}."] if place else []
    words += [f"Next: {_link(step)}." for step in here[place + 1 : place + 2]]
    return " ".join(words)


def closing(nb: NotebookNode) -> NotebookNode:
    """The last cell of a lesson, which is prose."""
    return nb.cells[-1]


def with_line(text: str, number: str) -> str:
    """The text of a lesson's last cell, ending in its line."""
    return f"{LINE.sub('', text.rstrip())}\n\n{line(number)}"


def main() -> None:
    """Write the line into every lesson."""
    for step in STEPS:
        if step.written:
            path = Path(ROOT, "notebooks", step.notebook)
            nb = nbformat.read(path, as_version=4)
            cell = closing(nb)
            cell.source = with_line(cell.source, step.number)
            path.write_text(dumps(nb), encoding="utf-8")


def _link(step: Step) -> str:
    return f"[{step.number} {step.title}]({step.notebook})"


if __name__ == "__main__":
    main()
