"""The table: a row for each exercise of each notebook, for a spreadsheet or pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from helpers.grading.room import Done, said_by_progress

COLUMNS = (
    *("learner", "lesson", "exercise", "verdict", "mistake", "solution_asked", "progress_file"),
    *("seconds", "memory_mb", "file", "message", "notes"),
)


def table(done: list[Done], progress: dict[str, dict[str, Any]]) -> str:
    """The table as CSV. seconds and memory_mb are those of the whole notebook.

    A notebook that could not be graded has one row, without an exercise; so has each exercise of
    a learner who handed in nothing but a progress file, with the verdict "no notebook".
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in [*_graded(done, progress), *_progress_alone(done, progress)]:
        writer.writerow({key: _harmless(value) for key, value in row.items()})
    return text.getvalue()


def _graded(done: list[Done], progress: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in done:
        handed_in, graded = one.submission, one.graded
        about = {
            "learner": handed_in.learner,
            "lesson": handed_in.lesson,
            "file": handed_in.place.as_posix(),
        }
        if graded is None or not graded.verdicts:
            why = handed_in.problem or (graded.ended if graded else "")
            yield about | {"verdict": "not graded", "notes": why}
            continue
        about |= {
            "seconds": graded.seconds,
            "memory_mb": round(graded.memory / 1e6),
            "notes": " ".join(graded.notes),
        }
        for verdict in graded.verdicts:
            yield about | {
                "exercise": verdict.exercise,
                "verdict": verdict.state,
                "mistake": verdict.mistake,
                "solution_asked": "yes" if verdict.asked else "no",
                "progress_file": said_by_progress(
                    progress.get(handed_in.learner), verdict.exercise
                ),
                "message": verdict.message,
            }


def _progress_alone(
    done: list[Done], progress: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    there = {one.submission.learner for one in done}
    for learner in sorted(progress.keys() - there):
        for id in sorted(progress[learner]["exercises"]):
            said = said_by_progress(progress[learner], id)
            about = {"learner": learner, "lesson": id.split(".")[0], "exercise": id}
            yield about | {"verdict": "no notebook", "progress_file": said}


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula: learners choose their files' names."""
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if risky else value
