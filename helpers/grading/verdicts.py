"""What the grader found of a notebook: a verdict for each exercise, and what the run took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

State = Literal["solved", "wrong", "not answered", "not reached", "not there"]
STATES: dict[str, State] = {"right": "solved", "not yet": "wrong", "not answered": "not answered"}
_WORTH = ("not there", "not reached", "not answered", "wrong", "solved")


@dataclass(frozen=True)
class Verdict:
    """What came of one exercise.

    state: solved; wrong; not answered (the blank is still there); not reached (the run ended
        before); not there (the notebook has no such check any more).
    mistake: which one, in a few words; "" where it is none that the exercise knows.
    message: what the learner reads, or why it was not reached.
    asked: whether the notebook called for the solution.
    """

    exercise: str
    state: State
    mistake: str = ""
    message: str = ""
    asked: bool = False


@dataclass
class Graded:
    """A notebook that has been run.

    seconds: by the clock. memory: the peak of the kernel and its children, bytes.
    notes: what an instructor should know of it, a sentence each.
    ended: why the run ended before its last cell, or "". stopped: whether a cell took too long.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    seconds: float = 0.0
    memory: int = 0
    notes: list[str] = field(default_factory=list)
    ended: str = ""
    stopped: bool = False


def best(verdicts: Sequence[Verdict]) -> Verdict:
    """Of several verdicts on one exercise the best, and of equal ones the last.

    What was asked in one of them stays asked.
    """
    chosen = max(reversed(verdicts), key=lambda one: _WORTH.index(one.state))
    asked = any(one.asked for one in verdicts)
    return replace(chosen, asked=asked)
