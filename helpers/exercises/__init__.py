"""The exercises of the course, one module a notebook: `lesson_22` holds those of 22.

`find("22.1")` gives one exercise, `lesson("22")` all that a lesson declares, and `grade` tries an
answer. A module declares `LESSON = Lesson(...)`.
"""

from __future__ import annotations

import importlib
import pkgutil
import secrets
import zlib
from dataclasses import replace
from typing import Any

from helpers.exercises.base import Exercise, Lesson, Prediction, Question, Result


def numbers() -> list[str]:
    """The lessons that have a module here, in order: ["00", "21", ...]."""
    prefix = "lesson_"
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def lesson(number: str) -> Lesson:
    """What the lesson `number` ("22") declares.

    Raises KeyError that names the lessons there are.
    """
    if number not in numbers():
        raise KeyError(f"there is no lesson {number!r}; there are {', '.join(numbers())}")
    return importlib.import_module(f"{__name__}.lesson_{number}").LESSON


def _one(kind: str, plural: str, id: str) -> Any:
    items = {item.id: item for item in getattr(lesson(str(id).split(".")[0]), plural)}
    if id not in items:
        raise KeyError(f"there is no {kind} {id!r}; this lesson has {', '.join(items) or 'none'}")
    return items[id]


def find(id: str) -> Exercise:
    """The exercise "22.1". Raises KeyError that names those of its lesson."""
    return _one("exercise", "exercises", id)


def prediction(id: str) -> Prediction:
    """The prediction "22.a". Raises KeyError that names those of its lesson."""
    return _one("prediction", "predictions", id)


def quiz_questions(number: str) -> list[Question]:
    """A lesson's quiz: its first three questions, and one each from one and three lessons back.

    Spaced recall: what is asked again after a while is kept (Cepeda and others, 2006,
    https://doi.org/10.1037/0033-2909.132.3.354).
    """
    order = numbers()
    place = order.index(lesson(number).number)
    asked = list(lesson(number).questions[:3])
    for back in (1, 3):
        if place >= back:
            earlier = lesson(order[place - back]).questions
            asked += [earlier[place % len(earlier)]] if earlier else []
    return [_turned(question) for question in asked]


def _turned(question: Question) -> Question:
    """The choices begun at one that their text draws: the right one stands anywhere, and stays."""
    first = zlib.crc32(question.choices[0].text.encode()) % len(question.choices)
    return replace(question, choices=(*question.choices[first:], *question.choices[:first]))


def grade(id: str, answer: Any, seed: int | None = None) -> Result:
    """Try an answer to exercise `id` on cases drawn from `seed` (fresh ones where it is None)."""
    exercise = find(id)
    return exercise.trial.judge(exercise, answer, secrets.randbits(32) if seed is None else seed)
