"""Exercise 25.2: a decision that no model can stop, as lines to be put in order."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, in_order


class _Model:
    """A model of a test: gives what it was made with, or raises it."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __call__(self, payment: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def __repr__(self) -> str:
        return f"a model that gives {self.answer!r}"


class _Rule:
    """Corner's rule, and it counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, payment: float) -> str:
        self.asked += 1
        return "decline" if payment > 220 else "approve"

    def __repr__(self) -> str:
        return "the rule"


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    kinds = (
        ("a model that says 0.9", 0.9),
        ("a model that says 0.1", 0.1),
        ("a model that raises", ValueError("no such column")),
        ("a model that says NaN", float("nan")),
        ("a model that says 1.7", 1.7),
    )
    for about, answer in kinds:
        for payment in (float(rng.uniform(10, 200)), float(rng.uniform(230, 900))):
            yield Case((round(payment, 2), _Model(answer), _Rule()), about)


_LINES = (
    "except Exception:",
    '    return "decline"',
    "    return rule(payment)",
    "    score = model(payment)",
    "if not 0 <= score <= 1:",
    "try:",
    "if score >= 0.5:",
    "    return rule(payment)  # what is no probability is no score",
    'return "approve"',
)

DECIDE = Exercise(
    id="25.2",
    title="A sale that no model can stop",
    task="Put the lines of `decide(payment, model, rule)` in order: the model decides from 0.5 on, "
    "and where it raises or gives no probability, the rule does.",
    answer="lines",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show='300.0, lambda payment: float("nan"), '
        'lambda payment: "decline" if payment > 220 else "approve"',
        prepare=in_order("def decide(payment, model, rule):"),
    ),
    solution='lines = "F D A C E H G B I"',
    why="First what can fail, inside `try` and nothing else with it; then the check of what came "
    "back, for a NaN compares as False with everything and would pass as harmless.",
    hints=(
        "`try:` comes first, with the one line under it that can raise.",
        "After `except` and its rule comes the check of the score, before the score is used.",
        "F D A C, then the check with its rule, then the decision.",
    ),
    also=('lines = "F D A H E C G B I"',),
    mistakes=(
        Mistake(
            "the score is used before it is checked",
            'lines = "F D A C G B E H I"',
            "The score is used before anybody has looked whether it is one: a model that says 1.7 "
            "declines a good customer. Check first, then decide.",
            lambda letters: (
                letters.index("F") < letters.index("D") < letters.index("A")
                and letters.index("G") < letters.index("E")
            ),
        ),
        Mistake(
            "everybody is approved before the model is asked",
            'lines = "I F D A C E H G B"',
            '`return "approve"` stands where the function ends before it has looked at the '
            "score. It is the last line: what is left when nothing spoke against it.",
            lambda letters: letters.index("I") < len(letters) - 1 and letters[-1] in "BH",
        ),
        Mistake(
            "the rule stands under try",
            'lines = "F C A D E H G B I"',
            "The rule stands under `try:`, so it answers every time and the model is never asked. "
            "Under `try:` stands the one line that can fail, and the rule under `except`.",
            lambda letters: letters[letters.index("F") + 1] in "CH",
        ),
        Mistake(
            "declines what is no probability",
            'lines = "F D A C E B G H I"',
            "Where the score is no probability, this declines, and where the model is sure, it "
            "asks the rule: the two are exchanged.",
            lambda letters: letters.index("B") == letters.index("E") + 1,
        ),
    ),
)
