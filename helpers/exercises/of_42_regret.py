"""Exercise 42.2: regret, with its last step missing."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for _ in range(3):
        oracle, more = rng.uniform(1e5, 2e5), rng.uniform(1e5, 5e5)
        cost = oracle + rng.uniform(-0.1, 1.2) * more
        yield Case((cost, oracle, oracle + more), "another year")


def _form(last: str) -> str:
    return f"def regret(cost, oracle, nothing):\n    worst = nothing - oracle\n    return {last}\n"


REGRET = Exercise(
    id="42.2",
    title="Regret",
    task="Finish `regret(cost, oracle, nothing)`: 0 for the oracle, 1 for doing nothing.",
    answer="regret",
    trial=Calls(fresh=_fresh, show="160.0, 100.0, 400.0"),
    solution=_form("(cost - oracle) / worst"),
    why="Money alone says as much about the year as about you. Regret says which part of what "
    "could be saved you let go, so that two years can be compared.",
    hints=(
        "What did the year cost more than the oracle's? That is what could have been saved.",
        "Divide it by `worst`, which is all that could have been saved.",
    ),
    also=(
        "def regret(cost, oracle, nothing):\n    return 1 - (nothing - cost) / (nothing - oracle)",
    ),
    mistakes=(
        Mistake(
            "a share of the worst bill",
            _form("(cost - oracle) / nothing"),
            "This divides by the whole bill of doing nothing, and so doing nothing gets less than "
            "1. Divide by what could be saved: `worst`.",
        ),
        Mistake(
            "what was saved",
            _form("(nothing - cost) / worst"),
            "This is the share that was saved: 1 for the oracle and 0 for doing nothing. Regret "
            "is the share that was let go.",
        ),
        Mistake(
            "money",
            _form("cost - oracle"),
            "This is money. It grows with the size of the shop; divide it by `worst` to get a "
            "share.",
        ),
    ),
)
