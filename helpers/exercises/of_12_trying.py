"""Tests as answers: a learner's test is tried on right and on wrong implementations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.exercises.base import Exercise
from helpers.exercises.trials import Unusable


class Verdict:
    """What a test says when it is called: "passes", "fails", or the value that it gave back."""

    def __init__(self, test: Callable[..., Any]) -> None:
        self._test = test
        self.__code__ = getattr(test, "__code__", None)  # where a gap is looked for

    def __call__(self, *arguments: Any) -> str:
        try:
            value = self._test(*arguments)
        except AssertionError:
            return "fails"
        except Exception as error:
            return f"stops with {type(error).__name__}"
        return "passes" if value is None else "gives back a value, and asserts nothing"


def as_test(answer: Any, exercise: Exercise) -> Verdict:
    """For `Calls`: makes a test's verdict of the test. Raises Unusable for what is no function."""
    if not callable(answer):
        raise Unusable(
            f"`{exercise.answer}` should be a test function, but it is a "
            f"{type(answer).__name__}. Pass the function itself, without calling it."
        )
    return Verdict(answer)


def same_verdict(wanted: Any, came: Any) -> str | None:
    """For `Calls`: the difference between two verdicts in words. Any way of failing is a failure.

    A test that stops with an error of its own fails too, except where it should pass.
    """
    failing = came == "fails" or came.startswith("stops")
    if (wanted, came) == ("passes", "passes") or (wanted == "fails" and failing):
        return None
    if wanted == came:
        return None
    should = "pass" if wanted == "passes" else "fail"
    return f"your test should {should}, but it {came}"
