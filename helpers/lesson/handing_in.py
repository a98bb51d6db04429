"""What an assignment made of a lesson calls: `begin` once at its top, `graded` at each exercise.

nbgrader gives a check's points where its cell raises nothing. So `graded` raises where `check`
would say "Not yet", and says the same. See `helpers.notebooks.assignment`, which writes the calls.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from helpers.lesson import progress
from helpers.lesson.answering import tried

_CALLS_SOLUTION = re.compile(r"""^[^#\n]*\bsolution\(\s*["'](\d\d\.\d+)["']""", re.MULTILINE)
_here: dict[str, Any] = {}


class NoPoints(AssertionError):
    """An exercise that gives no points as it stands; the text says why, as its check does."""

    def __init__(self, id: str, why: str) -> None:
        super().__init__(why)
        self.id = id

    def _render_traceback_(self) -> list[str]:
        # In JupyterLab the panel above has said it all; nbgrader's reports show this text alone.
        if by_nbgrader():
            return [f"No points for {self.id}.", "", *str(self).splitlines()]
        return [f"No points for {self.id} yet."]


def by_nbgrader() -> bool:
    """Whether nbgrader runs this notebook, to grade or to validate it."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def begin(name: str) -> None:
    """Begin the assignment `name`, which is also its notebook's name.

    Where nbgrader runs it, the workspace is an empty folder that goes when the kernel ends, so that
    no submission finds what another one left.
    """
    _here["notebook"] = Path.cwd() / f"{name}.ipynb"
    if by_nbgrader():
        _here["workspace"] = tempfile.TemporaryDirectory(
            prefix="two-loops-", ignore_cleanup_errors=True
        )
        os.environ["TWO_LOOPS_WORKSPACE"] = _here["workspace"].name


def graded(id: str, answer: Any) -> None:
    """Try your answer to an exercise, say what came out, and raise NoPoints unless it is right.

    An exercise whose solution the notebook opens gives no points, whatever the answer.
    """
    from IPython.display import display

    if id in opened():
        raise NoPoints(
            id,
            f'This notebook opens the solution, with solution("{id}"). Take the call away, write '
            "an answer of your own, save the notebook, and run this cell again.",
        )
    with contextlib.redirect_stderr(io.StringIO()):  # to nbgrader, a warning is a failed check
        result, panel = tried(id, answer, "Write the letters of the lines in order")
    if result.state == "right" or not by_nbgrader():
        display(panel)
    if result.state != "right":
        raise NoPoints(id, str(panel))


def opened() -> set[str]:
    """The exercises whose solution this notebook opens: anywhere in it, or so far in this run.

    What the learner opened in the lesson itself does not count.
    """
    found = set(_CALLS_SOLUTION.findall(_code(_here.get("notebook"))))
    if by_nbgrader():  # the progress is this run's own
        found |= {id for id, one in progress.read()["exercises"].items() if one.get("solution")}
    return found


def _code(notebook: Path | None) -> str:
    """All code of a notebook's file; none where there is no such file, as under another name."""
    if notebook is None or not notebook.exists():
        return ""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
