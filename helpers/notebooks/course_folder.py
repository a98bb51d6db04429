"""An nbgrader course folder: its settings, and lessons as assignments under `source/`."""

from __future__ import annotations

from pathlib import Path

import nbformat

from helpers.notebooks.assignment import assignment
from helpers.notebooks.stored import dumps

SETTINGS = "nbgrader_config.py"
_SETTINGS = '''"""nbgrader's settings for the assignments of Two Loops; yours to change."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "two-loops"

# The blank that a learner fills in stands in the answer's cell; nothing comes in a solution's
# place.
c.ClearSolutions.code_stub = {"python": ""}

# Seconds for one cell. nbgrader's own 30 are too few for some lessons on a busy machine.
c.Execute.timeout = 180
c.Execute.iopub_timeout = 60
'''


class AlreadyThere(FileExistsError):
    """An assignment that is in the course folder, perhaps changed by its instructor."""


def fill(folder: Path, lessons: list[Path], points: float = 1, replace: bool = False) -> list[Path]:
    """Write lessons into a course folder as assignments, and give the files that were written.

    nbgrader's settings are written where there are none; an instructor's own are left alone.
    points: for each exercise. Raises AlreadyThere, before anything is written, for an assignment
    that is there, unless `replace`.
    """
    goals = {lesson: folder / "source" / lesson.stem / lesson.name for lesson in lessons}
    there = [goal.stem for goal in goals.values() if goal.exists()]
    if there and not replace:
        raise AlreadyThere(f"{folder} has {', '.join(there)} already; --replace writes anew.")
    made = {goal: _text(lesson, points) for lesson, goal in goals.items()}
    if not (folder / SETTINGS).exists():
        made[folder / SETTINGS] = _SETTINGS
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(made)


def _text(lesson: Path, points: float) -> str:
    return dumps(assignment(nbformat.read(lesson, as_version=4), lesson.stem, points))
