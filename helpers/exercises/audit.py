"""Every exercise held to its promise: its solution passes, its mistakes get their own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helpers import exercises
from helpers.exercises.base import Exercise

SEEDS = (1, 2, 3)
_LEAST = {"hints": 2, "correct forms": 2, "mistakes": 3}  # the solution is one correct form


@dataclass
class Finding:
    """What the audit saw of one exercise."""

    exercise: Exercise
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        one = self.exercise
        counts = f"hints {len(one.hints)}, correct forms {1 + len(one.also)}, "
        counts += f"mistakes {len(one.mistakes)}"
        verdict = "tested" if not self.faults else "FAULTY: " + "; ".join(self.faults)
        return f"exercise {one.id}: {counts}, {verdict}"


def audit(numbers: Iterable[str] | None = None, seeds: Sequence[int] = SEEDS) -> list[Finding]:
    """Try every exercise's blank, solution, other forms and mistakes, on several draws of cases."""
    findings = []
    for number in numbers or exercises.numbers():
        for exercise in exercises.lesson(number).exercises:
            findings.append(Finding(exercise, [*_short(exercise), *_tried(exercise, seeds)]))
    return findings


def _short(exercise: Exercise) -> Iterable[str]:
    counts = {
        "hints": len(exercise.hints),
        "correct forms": 1 + len(exercise.also),
        "mistakes": len(exercise.mistakes),
    }
    for what, least in _LEAST.items():
        if counts[what] < least:
            yield f"{counts[what]} {what}, at least {least} are wanted"
    if len({m.message for m in exercise.mistakes}) < len(exercise.mistakes):
        yield "two mistakes share a message"


def _tried(exercise: Exercise, seeds: Sequence[int]) -> Iterable[str]:
    if exercises.grade(exercise.id, ..., seeds[0]).state != "not answered":
        yield "a blank is not seen as one"
    for seed in seeds:
        for place, code in enumerate([exercise.solution, *exercise.also]):
            result = _grade(exercise, code, seed)
            if result.state != "right":
                yield f"correct form {place} is refused (seed {seed}): {result.message}"
        for mistake in exercise.mistakes:
            result = _grade(exercise, mistake.answer, seed)
            if result.state == "right":
                yield f"the mistake {mistake.name!r} passes (seed {seed})"
            elif result.mistake != mistake.name or mistake.message not in result.message:
                got = result.mistake or result.message
                yield f"the mistake {mistake.name!r} gets other words (seed {seed}): {got}"


def _grade(exercise: Exercise, code: str, seed: int) -> exercises.Result:
    return exercises.grade(exercise.id, exercise.trial.build(exercise, code, seed), seed)
