"""The question put to a learner's answer, in the kernel that holds it."""

from __future__ import annotations

from copy import deepcopy
from importlib import import_module
from typing import Any

from helpers import exercises
from helpers.grading.kept_whole import Whole

_LONGEST = 4000  # characters of a message: an answer's own error may hold a gigabyte


class Examiner:
    """Made before any of the learner's code has run; tries answers to one lesson's exercises."""

    def __init__(self, lesson: str) -> None:
        import_module("helpers.exercises.compare")  # the trials take it late: too late here
        # Copies: what the notebook finds and alters is not what is asked.
        self._exercises = {one.id: deepcopy(one) for one in exercises.lesson(lesson).exercises}
        self._whole, self._evaluate = Whole(), eval

    def ask(self, names: dict[str, Any], id: str, answer: str, order: str, seed: int) -> dict:
        """Try the answer that the expression `answer` gives among `names`, on data from `seed`.

        order: letters that the learner's buttons stood at, where the answer is lines that have
        come back in the order in which they began. Gives what `Result` holds, and what the
        notebook had changed in the exercises' own modules.
        """
        changed = self._whole.put_back()
        try:
            given = self._evaluate(answer, names)
            if order and getattr(given, "moved", None) is False:
                given = order
            exercise = self._exercises[id]
            result = exercise.trial.judge(exercise, given, seed)
            found = {"state": result.state, "message": result.message, "mistake": result.mistake}
        except BaseException as error:  # whatever an answer does, the grader goes on
            name = type(error).__name__
            found = {"state": "not yet", "message": f"{name}: {error}", "mistake": f"raised {name}"}
        found["message"] = str(found["message"])[:_LONGEST]
        return {**found, "changed": changed[:20]}
