"""The room: each learner's best verdict on each exercise, and what the room gets wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from helpers import exercises
from helpers.exercises.base import Exercise
from helpers.grading.submissions import Submission
from helpers.grading.verdicts import Graded, Verdict, best

OTHER = "something else"


@dataclass(frozen=True)
class Done:
    """A submission and what came of it; None where it was not run."""

    submission: Submission
    graded: Graded | None


@dataclass(frozen=True)
class Count:
    """Who in the room made one mistake, and the words that they were told."""

    mistake: str
    learners: tuple[str, ...]
    message: str


class Room:
    """One lesson's submissions. Where a learner handed in several, the better verdict counts."""

    def __init__(self, lesson: str, done: Iterable[Done]) -> None:
        self.lesson = lesson
        self.exercises: tuple[Exercise, ...] = tuple(exercises.lesson(lesson).exercises)
        self._verdicts: dict[tuple[str, str], list[Verdict]] = {}
        for one in done:
            for verdict in one.graded.verdicts if one.graded else ():
                key = one.submission.learner, verdict.exercise
                self._verdicts.setdefault(key, []).append(verdict)
        self.learners = sorted({learner for learner, _ in self._verdicts}, key=str.casefold)

    def verdict(self, learner: str, exercise: str) -> Verdict:
        """A learner's best on an exercise."""
        return best(self._verdicts[learner, exercise])

    def states(self, exercise: str) -> Counter[str]:
        """How many learners stand where at an exercise."""
        return Counter(self.verdict(learner, exercise).state for learner in self.learners)

    def asked(self, exercise: str) -> int:
        """How many learners' notebooks call for its solution."""
        return sum(self.verdict(learner, exercise).asked for learner in self.learners)

    def mistakes(self, exercise: str) -> list[Count]:
        """What the room gets wrong at an exercise, the most frequent first."""
        wrong: dict[str, list[tuple[str, Verdict]]] = {}
        for learner in self.learners:
            verdict = self.verdict(learner, exercise)
            if verdict.state == "wrong":
                wrong.setdefault(verdict.mistake or OTHER, []).append((learner, verdict))
        counts = [
            Count(mistake, tuple(learner for learner, _ in made), _told(mistake, made))
            for mistake, made in wrong.items()
        ]
        return sorted(counts, key=lambda count: (-len(count.learners), count.mistake))


def _told(mistake: str, made: list[tuple[str, Verdict]]) -> str:
    if mistake != OTHER:
        return made[0][1].message
    return "\n\n".join(f"{learner}: {verdict.message}" for learner, verdict in made)


def rooms(done: list[Done]) -> list[Room]:
    """One room for each lesson that was handed in."""
    lessons = sorted({one.submission.lesson for one in done if one.graded and one.graded.verdicts})
    return [
        Room(lesson, [one for one in done if one.submission.lesson == lesson]) for lesson in lessons
    ]


def said_by_progress(progress: dict[str, Any] | None, exercise: str) -> str:
    """What a learner's own progress file says of an exercise, in a few words; "" without one."""
    entry = (progress or {}).get("exercises", {}).get(exercise)
    if not isinstance(entry, dict):
        return ""
    words = [str(entry.get("state", "not answered"))[:20]]
    words += _counted(entry.get("tries"), "try", "tries") + _counted(
        entry.get("hints"), "hint", "hints"
    )
    words += ["solution seen"] if entry.get("solution") is True else []
    return ", ".join(words)


def _counted(number: object, one: str, many: str) -> list[str]:
    return (
        [f"{number} {one if number == 1 else many}"] if isinstance(number, int) and number else []
    )
