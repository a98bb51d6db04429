"""Exercise 24.5: a gate that lets nothing pass by silence."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.compare import difference
from helpers.exercises.trials import Calls, Case

_NAMES = ("precision", "recall", "slice", "cards", "error", "delay", "alarms", "ratio")


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for about, spoil in (
        ("all figures there", lambda figures: figures),
        ("a figure that is NaN", lambda figures: figures | {_NAMES[1]: float("nan")}),
        ("a NaN among those that must stay low", lambda f: f | {_NAMES[5]: float("nan")}),
        ("a figure that is missing", lambda f: {k: v for k, v in f.items() if k != _NAMES[6]}),
    ):
        bounds = {
            name: round(value, 2)
            for name, value in zip(_NAMES, rng.random(8).tolist(), strict=True)
        }
        figures = {n: round(b + float(rng.choice([-0.1, 0.0, 0.1])), 2) for n, b in bounds.items()}
        low = {name: bounds[name] for name in _NAMES[:4]}
        high = {name: bounds[name] for name in _NAMES[4:]}
        yield Case((spoil(figures), low, high), about)


def _same_names(expected: Any, came: Any) -> str | None:
    """Compared without regard to order; the first is a correct answer's, or a known mistake's."""
    if isinstance(came, bool | np.bool_) and isinstance(expected, list):
        return f"expected the names of the failed checks, but got {bool(came)}"
    return difference(_sorted(expected), _sorted(came))


def _sorted(names: Any) -> Any:
    return sorted(map(str, names)) if isinstance(names, list | set | tuple) else names


def _form(low: str, high: str) -> str:
    return (
        "def failed(figures, at_least, at_most):\n"
        "    names = []\n"
        "    for name, bound in at_least.items():\n"
        f"        {low}\n"
        "            names.append(name)\n"
        "    for name, bound in at_most.items():\n"
        f"        {high}\n"
        "            names.append(name)\n"
        "    return names"
    )


_LOW = 'if not figures.get(name, float("nan")) >= bound:'
_HIGH = 'if not figures.get(name, float("nan")) <= bound:'
_SOLUTION = _form(_LOW, _HIGH)

GATE = Exercise(
    id="24.5",
    title="A gate that lets nothing slip through",
    task="Write `failed(figures, at_least, at_most)`: the names of the checks that failed. A "
    "figure that is missing or NaN has failed.",
    answer="failed",
    given="import math",
    trial=Calls(
        fresh=_fresh,
        show='{"precision": 0.6, "recall": float("nan"), "error": 0.2, "alarms": 3.0}, '
        '{"precision": 0.5, "recall": 0.4, "cards": 0.3}, {"error": 0.2, "alarms": 2.0}',
        same=_same_names,
    ),
    solution=_SOLUTION,
    why="A gate asks what has *passed* and stops the rest. Every comparison with NaN is False, so "
    "`not figure >= bound` stops a NaN, and `figure < bound` would wave it through.",
    hints=(
        "Go through the bounds, not through the figures: then a figure that is missing is seen.",
        "`figures.get(name, float('nan'))` gives NaN where there is no such figure.",
        "Ask whether it passed and turn that round: `not figure >= bound`.",
    ),
    also=(
        "def failed(figures, at_least, at_most):\n"
        "    passed = {n for n, b in at_least.items() if n in figures and figures[n] >= b}\n"
        "    passed |= {n for n, b in at_most.items() if n in figures and figures[n] <= b}\n"
        "    return [name for name in [*at_least, *at_most] if name not in passed]",
        "def failed(figures, at_least, at_most):\n"
        "    names = []\n"
        "    for name in [*at_least, *at_most]:\n"
        "        if name not in figures or math.isnan(figures[name]):\n"
        "            names.append(name)\n"
        "        elif name in at_least and figures[name] < at_least[name]:\n"
        "            names.append(name)\n"
        "        elif name in at_most and figures[name] > at_most[name]:\n"
        "            names.append(name)\n"
        "    return names",
    ),
    mistakes=(
        Mistake(
            "NaN slips through",
            _form(
                "if name not in figures or figures[name] < bound:",
                "if name not in figures or figures[name] > bound:",
            ),
            "A NaN slips through: `figure < bound` is False for NaN, so nothing seems to have "
            "failed. Ask what passed and turn it round: `not figure >= bound`.",
        ),
        Mistake(
            "what is missing slips through",
            _form(
                "if name in figures and not figures[name] >= bound:",
                "if name in figures and not figures[name] <= bound:",
            ),
            "A figure that was never measured is let through. Who wants to pass has to show a "
            "figure: what is missing has failed.",
        ),
        Mistake(
            "stumbles over what is missing",
            _form("if figures[name] < bound:", "if figures[name] > bound:"),
            "A figure that was never measured raises a KeyError, and the gate falls over where it "
            "should say what is missing. Use `figures.get(...)`, and see what NaN does.",
        ),
        Mistake(
            "both slip through",
            _form(
                "if name in figures and figures[name] < bound:",
                "if name in figures and figures[name] > bound:",
            ),
            "Two things slip through: a NaN, for which every comparison is False, and a figure "
            "that is not there at all. Both have failed.",
        ),
        Mistake(
            "the bound itself fails",
            _form(_LOW.replace(">=", ">"), _HIGH.replace("<=", "<")),
            "A figure that equals its bound has passed: at least means `>=`, at most means `<=`.",
        ),
        Mistake(
            "at_most is forgotten",
            _form(_LOW, "if False:"),
            "The bounds in `at_most` are not looked at: an error of any size would pass.",
        ),
        Mistake(
            "both are lower bounds",
            _form(_LOW, _HIGH.replace("<=", ">=")),
            "`at_most` is an upper bound: its figures pass where they are at most the bound, `<=`.",
        ),
        Mistake(
            "yes or no",
            _SOLUTION.replace("return names", "return bool(names)"),
            "This says whether something failed. Whoever is stopped wants to know by what: give "
            "the names.",
        ),
        Mistake(
            "the first one alone",
            _SOLUTION.replace("return names", "return names[:1]"),
            "Only the first failure is told. Give all of them, or people mend one and come back "
            "for the next.",
        ),
    ),
)
