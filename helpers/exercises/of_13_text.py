"""Files as answers: a text is tried once no line `...` is left in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.exercises.base import Exercise, Result
from helpers.exercises.trials import OnState


@dataclass(frozen=True)
class OnText(OnState):
    """Like `OnState`, for the text of a file; a line `...` in it says that it is not done."""

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        text = answer if isinstance(answer, str) else ""
        if any(line.strip() == "..." for line in text.splitlines()):
            words = "There is still a line `...` in your text."
            return Result(exercise.id, "not answered", words)
        return OnState.judge(self, exercise, answer, seed)
