"""A lesson as an nbgrader assignment: an answer cell and a locked check for each exercise.

nbgrader reads what a cell is from its metadata, version 3 of
https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html. In an answer cell its
`generate_assignment` cuts out what stands between two marks: here the course's solution, which
follows the blank of the lesson. So the release keeps that blank, whatever stub is configured.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from helpers.exercises import find
from helpers.notebooks.solutions import closing_checks
from helpers.notebooks.stored import METADATA

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_LETTERS = '{answer} = "..."  # letters, such as "B A C"; what the buttons moved is not handed in'
_TO_ANOTHER_FILE = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:|#)[^)]*\)")
_NEXT_LESSONS = re.compile(r"\n+(Before|Next): \[[^\n]*\.ipynb\)[^\n]*$")

_ABOUT = """\
**This is an assignment, and it needs the course Two Loops**: open it with the Python that the \
course installed. If that is missing, the next cell says so and what to do.

- Below each exercise there is a cell for your answer, and below that its check. Run the check as \
often as you like: where it says *Right*, you have the points ({points}); where not, it names what \
is wrong.
- For lines to be put in order, write their letters into the answer's cell.
- Whoever grades it runs the whole notebook from top to bottom, in an empty workspace. So do the \
same before you hand it in: *Restart Kernel and Run All Cells*, then save.
- An exercise whose solution the notebook opens, with `solution(...)`, gives no points. Guesses \
and the quiz give none either; they are for you.
"""
_BEGIN = """\
try:
    from helpers.lesson.handing_in import begin
except ImportError:
    raise ImportError(
        "This assignment needs the course Two Loops, and this kernel's Python does not have it. "
        "Install the course as its README says, then open this notebook in its JupyterLab "
        "(`make lab`), or choose the course's Python under Kernel, Change Kernel."
    ) from None

begin("{name}")"""
_CHECK = """\
from helpers.lesson.handing_in import graded

graded("{id}", {answer})"""


def assignment(nb: NotebookNode, name: str, points: float = 1) -> NotebookNode:
    """A copy of a lesson as the source of an assignment, for nbgrader's `source/<name>/`.

    name: the notebook's name, without its ending. points: what each exercise gives. Outputs, links
    to other lessons and the offers of solutions go; all else stays as the lesson has it. Raises
    ValueError for points that are not above 0, and for an exercise cell that does not end in a
    check.
    """
    if not 0 < points < math.inf:
        raise ValueError(f"an exercise gives points above 0, not {points:g}")
    cells = [_bare(cell) for cell in deepcopy(nb.cells)]
    exercises = [place for place, cell in enumerate(cells) if _is_exercise(cell)]
    for place in [0, _imports(cells), *_tasks(cells, exercises)]:
        _mark(cells[place], f"read_{cells[place].id}", locked=True)
    made = [part for cell in cells for part in _parts(cell, points)]
    total = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in made)
    each = f"{points:g} each, {total:g} in all"
    about = new_markdown_cell(_ABOUT.format(points=each), id="assignment-about")
    begin = new_code_cell(_BEGIN.format(name=name), id="assignment-begin")
    for cell in (about, begin):
        _mark(cell, f"read_{cell.id}", locked=True)
    nb = NotebookNode(nb | {"cells": [*made[:1], about, begin, *made[1:]]})
    nb.metadata, nb.nbformat, nb.nbformat_minor = NotebookNode(deepcopy(METADATA)), 4, 5
    return nb


def _is_exercise(cell: NotebookNode) -> bool:
    return "exercise" in cell.metadata.get("tags", [])


def _bare(cell: NotebookNode) -> NotebookNode:
    """A cell without outputs, links to files that are not handed out, or offers of solutions."""
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        lines = cell.source.splitlines()
        kept = [line for line in lines if not re.fullmatch(r"# solution\(.*\)", line)]
        cell.source = "\n".join(kept)
    else:
        cell.source = _TO_ANOTHER_FILE.sub(r"\1", _NEXT_LESSONS.sub("", cell.source))
    return cell


def _imports(cells: list[NotebookNode]) -> int:
    """The place of the cell that imports what the lesson needs."""
    return next(n for n, c in enumerate(cells) if "from helpers.lesson import" in c.source)


def _tasks(cells: list[NotebookNode], exercises: list[int]) -> Iterator[int]:
    """The places of the prose that sets the exercises: from its heading on."""
    for place in exercises:
        while True:
            place -= 1
            if cells[place].cell_type == "markdown":
                yield place
                if cells[place].source.startswith("#"):
                    break


def _parts(cell: NotebookNode, points: float) -> list[NotebookNode]:
    """The cell itself; an exercise's cell as the answer's, and a check for each exercise in it."""
    if not _is_exercise(cell):
        return [cell]
    checks = [check.value for check in closing_checks(cell.source)]
    ids = [call.args[0].value for call in checks]
    cell.source = _answer(cell.source, ids)
    _mark(cell, f"answer_{_plain(ids[0])}", solution=True)
    return [cell, *(_check(call, id, points) for call, id in zip(checks, ids, strict=True))]


def _answer(source: str, ids: list[str]) -> str:
    """The blank of the lesson, then the solution between nbgrader's marks."""
    first = closing_checks(source)[0].lineno
    exercises = [find(id) for id in ids]
    blank = "\n".join(source.splitlines()[: first - 1]).rstrip()
    if exercises[0].lines:
        blank = _LETTERS.format(answer=exercises[0].answer)
    solutions = [exercise.solution.strip() for exercise in exercises]
    return "\n".join([blank, BEGIN, *solutions, END])


def _check(call: ast.Call, id: str, points: float) -> NotebookNode:
    source = _CHECK.format(id=id, answer=ast.unparse(call.args[1]))
    cell = new_code_cell(source, id=f"check-{_plain(id, '-')}")
    cell.metadata["tags"] = ["raises-exception"]  # "Run All" is to go on to the next exercise
    _mark(cell, f"check_{_plain(id)}", grade=True, locked=True, points=points)
    return cell


def _plain(id: str, joint: str = "_") -> str:
    return id.replace(".", joint)  # nbgrader's ids hold no dot


def _mark(cell: NotebookNode, grade_id: str, **role: Any) -> None:
    """Say to nbgrader what a cell is."""
    nothing = {"grade": False, "locked": False, "solution": False, "task": False}
    cell.metadata["nbgrader"] = {**nothing, "grade_id": grade_id, "schema_version": 3, **role}
