"""12.4, tests that let no mutant live: tried on right implementations, then on wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from helpers.delivery.killing import Test, build, fails
from helpers.delivery.mutants import Mutant, mutants
from helpers.exercises.attempt import attempt, has_gap, is_blank
from helpers.exercises.base import Exercise, Mistake, Result

FEE = '''
def delivery_fee(basket, km, express=False):
    """What a delivery costs in cents. Raises ValueError for a distance below 0."""
    if km < 0:
        raise ValueError("a distance is 0 or more")
    if basket >= 5000 and not express:
        return 0
    fee = 290 + 40 * max(0, km - 3)
    if express:
        fee = 2 * fee
    return min(fee, 990)
'''
# The same fee in other words: a test that refuses it hangs on how the code is written.
REWRITTEN = """
def delivery_fee(basket, km, express=False):
    if not km >= 0:
        raise ValueError(f"{km} km is no distance")
    beyond = km - 3 if km > 3 else 0
    whole = (290 + beyond * 40) * (2 if express else 1)
    free = not express and not basket < 5000
    return 0 if free else whole if whole < 990 else 990
"""
SHOWN = 3  # survivors that a message names
NUMBERS = ("5000", "290", "40", "990", "km - 3", "2 * fee")  # of the rules, as they stand in FEE


@dataclass(frozen=True)
class Facts:
    """What the learner's tests did.

    accepts: which of the implementations that are no implementation pass ("none": gives None,
    "object": gives something else each time, "broken": always raises).
    refused: whether a distance below 0 was tried. survivors: the mutants that live.
    """

    accepts: frozenset[str]
    refused: bool
    survivors: Sequence[Mutant]


def _broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("this implementation is broken")


NO_IMPLEMENTATION: dict[str, Callable[..., Any]] = {
    "none": lambda *_, **__: None,
    "object": lambda *_, **__: object(),
    "broken": _broken,
}


@dataclass(frozen=True)
class Kills:
    """Try tests: each passes on every right implementation, and each mutant fails one of them."""

    personal: ClassVar[bool] = False

    def build(self, exercise: Exercise, code: str, seed: int) -> Any:
        return exercise.run(code)

    def judge(self, exercise: Exercise, answer: Any, seed: int) -> Result:
        tests = list(answer) if isinstance(answer, list | tuple) else [answer]
        if not tests or all(is_blank(test) for test in tests):
            return Result(exercise.id, "not answered")
        if not all(callable(test) for test in tests):
            return Result(
                exercise.id,
                "not yet",
                "Pass your test function, or a list of test functions, without calling them: "
                f'`check("{exercise.id}", {exercise.answer})`.',
            )
        problem = next(filter(None, (self._refuses(test) for test in tests)), None)
        facts = None if problem else self._look(tests, seed)
        if facts and not facts.survivors:
            return Result(exercise.id, "right", exercise.why)
        if any(map(has_gap, tests)):
            return Result(exercise.id, "not answered", "There is still a `...` in your tests.")
        return Result(exercise.id, "not yet", problem) if problem else _explain(exercise, facts)

    def _refuses(self, test: Test) -> str | None:
        """What to say where a test fails on a right implementation."""
        for program in (FEE, REWRITTEN):
            outcome = attempt(test, build(program))
            if outcome.error is None:
                continue
            name, line = type(outcome.error).__name__, outcome.line()
            reason = f": {outcome.error}" if str(outcome.error) else ""
            text = f"Your test fails on a right `delivery_fee`, with {name}{reason}"
            text += f"\n\nIt was your {line}" if line else ""
            if program is REWRITTEN:
                return f"{text}\n\nThis one is written in other words; ask only for what it gives."
            return f"{text}\n\nWork the number out by hand from the rules, then compare again."
        return None

    def _look(self, tests: Sequence[Test], seed: int) -> Facts:
        def accepted(function: Callable[..., Any]) -> bool:
            return not any(_fails(test, function) for test in tests)

        return Facts(
            frozenset(name for name, one in NO_IMPLEMENTATION.items() if accepted(one)),
            _tries_a_refusal(tests),
            [one for one in faults(seed) if accepted(build(one))],
        )


def _fails(test: Test, function: Callable[..., Any]) -> bool:
    # `attempt` ends a test that runs for ever on a wrong implementation; that counts as noticed.
    return bool(attempt(fails, test, function).value)


def _tries_a_refusal(tests: Sequence[Test]) -> bool:
    refused = []
    right = build(FEE)

    def watched(*arguments: Any, **named: Any) -> Any:
        try:
            return right(*arguments, **named)
        except ValueError:
            refused.append(arguments)
            raise

    for test in tests:
        attempt(test, watched)
    return bool(refused)


def faults(seed: int) -> list[Mutant]:
    """The mutants that the lesson shows, one with another error, and some with drawn numbers."""
    every = mutants(FEE)
    raising = next(one for one in every if "raise" in one.before)
    other = raising.before.replace("ValueError", "TypeError")
    error = Mutant("error", raising.line, raising.before, other, FEE.replace(raising.before, other))
    return [*every, error, *_drawn(every, np.random.default_rng(seed))]


def _drawn(every: Sequence[Mutant], rng: np.random.Generator) -> list[Mutant]:
    """The rule's numbers, off by 2 to 50: who has killed those off by 1 kills these too."""
    made = []
    for text in NUMBERS:
        line = next(one for one in FEE.splitlines() if text in one)
        digits = "".join(filter(str.isdigit, text))
        wrong = int(digits) + int(rng.integers(2, 51))
        after = line.replace(text, text.replace(digits, str(wrong)))
        place = FEE.splitlines().index(line) + 1
        made.append(Mutant("constant", place, line, after, FEE.replace(line, after)))
    return made


def _explain(exercise: Exercise, facts: Facts) -> Result:
    mistake = next((m for m in exercise.mistakes if m.seen and m.seen(facts)), None)
    shown = facts.survivors[:SHOWN]
    more = len(facts.survivors) - len(shown)
    lived = len(facts.survivors)
    text = f"{lived} change{'s' if lived > 1 else ''} to the code would go unnoticed:"
    text += "\n\n```\n" + "\n\n".join(map(str, shown)) + "\n```"
    text += f"\n\nand {more} more." if more else ""
    text += " For which call do the two lines give different answers? Assert that one."
    if mistake is None:
        return Result(exercise.id, "not yet", text)
    return Result(exercise.id, "not yet", f"{mistake.message}\n\n{text}", mistake.name)


def _boundary_lives(facts: Facts) -> bool:
    return any("if km" in one.before or "5000" in one.before for one in facts.survivors)


_TESTS = """
def tests(delivery_fee):
    assert delivery_fee(1000, 2) == 290
    assert delivery_fee(4999, 0) == 290
    assert delivery_fee(5000, 9) == 0
    assert delivery_fee(1000, 5) == 370
    assert delivery_fee(1000, 30) == 990
    assert delivery_fee(5000, 5, express=True) == 740
    with pytest.raises(ValueError):
        delivery_fee(1000, -1)
"""

_LISTED = """
def near(delivery_fee):
    assert delivery_fee(100, 0) == delivery_fee(100, 3) == delivery_fee(100, 1) == 290
    assert [delivery_fee(4999, km) for km in (4, 20, 21, 40)] == [330, 970, 990, 990]
def free(delivery_fee):
    assert delivery_fee(5000, 7) == delivery_fee(5001, 0) == 0
def express(delivery_fee):
    assert delivery_fee(5000, 4, True) == delivery_fee(1, 4, True) == 660
def refused(delivery_fee):
    try:
        delivery_fee(100, -1)
    except ValueError:
        return
    raise AssertionError("a distance below 0 was taken")
tests = [near, free, express, refused]
"""


def _without(*words: str) -> str:
    """The solution without the lines that hold any of the words."""
    lines = _TESTS.splitlines()
    return "\n".join(line for line in lines if not any(word in line for word in words))


MUTANTS = Exercise(
    id="12.4",
    title="Let no mutant live",
    task="Write `tests(delivery_fee)`: assertions that pass on the right `delivery_fee` and fail "
    "on every mutant of it.",
    answer="tests",
    given="import pytest",
    trial=Kills(),
    solution=_TESTS,
    why="One call on each side of every boundary, one for each rule, one for the refusal. Few "
    "tests are enough when each is placed where the answer changes.",
    hints=(
        "`survivors(FEE, tests)` shows what still lives. Take the first line of it: for which "
        "call would the two lines answer differently?",
        "Test both sides of each boundary: 4999 and 5000; 0 and -1 km; 3 km or less and beyond.",
        "Then the cap (a long way costs 990), express on a large basket, and "
        "`with pytest.raises(ValueError):` for the refusal.",
    ),
    also=(_LISTED, _TESTS.replace("delivery_fee(1000, 5) == 370", "delivery_fee(0, 6) == 410")),
    mistakes=(
        Mistake(
            "catches all exceptions",
            "def tests(delivery_fee):\n    try:\n        assert delivery_fee(1000, 2) == 290\n"
            "        assert delivery_fee(5000, 9) == 0\n    except Exception:\n        pass",
            "`except Exception` swallows the AssertionError too, so these tests cannot fail, even "
            "on a `delivery_fee` that always raises. Take the `try` away.",
            lambda facts: "broken" in facts.accepts,
        ),
        Mistake(
            "no assertion",
            "def tests(delivery_fee):\n    delivery_fee(1000, 2)\n    delivery_fee(5000, 9)",
            "The code is called, but nothing is asserted, so only a crash would be noticed. Write "
            "`assert delivery_fee(...) ==` and the number that the rules give.",
            lambda facts: {"none", "object"} <= facts.accepts,
        ),
        Mistake(
            "asserts the code's own output",
            "def tests(delivery_fee):\n    assert delivery_fee(1000, 2) == delivery_fee(1000, 2)",
            "Both sides come from the code that is tested, so it is compared with itself. Put a "
            "number on the right that you worked out by hand.",
            lambda facts: "none" in facts.accepts,
        ),
        Mistake(
            "only the happy path",
            _without("5000", "raises", "-1", "30"),
            "These are orders that go well; the rules also refuse one. Assert with "
            "`pytest.raises(ValueError)` that a distance below 0 is not taken.",
            lambda facts: not facts.refused,
        ),
        Mistake(
            "any exception will do",
            _TESTS.replace("ValueError", "Exception"),
            "`pytest.raises(Exception)` is content with any error, a typing error included. "
            "Name the one that the function promises: `ValueError`.",
            lambda facts: {one.kind for one in facts.survivors} == {"error"},
        ),
        Mistake(
            "misses the boundary",
            _TESTS.replace("4999", "2000").replace("5000, 9", "8000, 9"),
            "The rules change at a number, and no test stands there. Test the last value on one "
            "side and the first on the other, such as 4999 and 5000.",
            _boundary_lives,
        ),
    ),
)
