"""Finished submissions, kept beside the report, so that a stopped grading is taken up again."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import helpers.exercises
from helpers.grading.limits import Limits
from helpers.grading.starting import graded_from
from helpers.grading.submissions import Submission
from helpers.grading.verdicts import Graded


class Kept:
    """What has been graded before, a file each, found by the content of what was handed in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def find(self, one: Submission, seed: int | None, limits: Limits) -> Graded | None:
        """What was found of the same notebook, lesson and exercises before, if it still holds.

        A run that a limit had ended holds for the same limits only.
        """
        with suppress(OSError, ValueError, TypeError, KeyError):
            state = json.loads(self._path(one, seed).read_text(encoding="utf-8"))
            graded = graded_from(json.dumps(state["graded"]))
            limited = graded.ended or graded.stopped
            if not limited or state["limits"] == asdict(limits):
                return graded
        return None

    def keep(self, one: Submission, seed: int | None, limits: Limits, graded: Graded) -> None:
        """Keep a finished submission, in one step."""
        path = self._path(one, seed)
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        state = {"limits": asdict(limits), "graded": asdict(graded)}
        beside.write_text(json.dumps(state), encoding="utf-8")
        os.replace(beside, path)

    def _path(self, one: Submission, seed: int | None) -> Path:
        parts = [one.digest, one.lesson, str(seed), _exercises(one.lesson)]
        return self._folder / f"{hashlib.sha256(' '.join(parts).encode()).hexdigest()[:32]}.json"


def _exercises(lesson: str) -> str:
    """Changes when the lesson's exercises or the way they are tried do."""
    folder, made = Path(helpers.exercises.__file__).parent, hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        other = path.name.startswith(("lesson_", "of_")) and f"_{lesson}" not in path.name
        made.update(b"" if other else path.read_bytes())
    return made.hexdigest()
