"""Exercise 31.2: EASE, as lines to be put in order."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.compare import difference
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for users, items, strength in ((40, 6, 5.0), (80, 12, 20.0)):
        X = (rng.random((users, items)) < 0.4).astype(float)
        yield Case((X, strength), f"{users} users and {items} items")


def _close(expected: Any, came: Any) -> str | None:
    came = np.round(came, 8) if isinstance(came, np.ndarray) else came
    return difference(np.round(expected, 8), came)


_LINES = (
    "B = P / -np.diag(P)",
    "together[np.diag_indices_from(together)] += strength",
    "return B",
    "P = np.linalg.inv(together)",
    "np.fill_diagonal(B, 0)",
    "together = X.T @ X",
)

EASE = Exercise(
    id="31.2",
    title="EASE in six lines",
    task="Put the lines of `ease(X, strength)` in order: the weights from items to items.",
    answer="lines",
    given="import numpy as np",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show="np.array([[1.0, 1, 0], [1, 1, 0], [0, 1, 1]]), 2.0",
        same=_close,
        prepare=in_order("def ease(X, strength):"),
    ),
    solution='lines = "F B D A E C"',
    why="Count who met what together, add the regularisation on the diagonal, invert, divide each "
    "column by its own diagonal, and let no item explain itself.",
    hints=(
        "Begin by counting how often two items were met together.",
        "The regularisation is added before anything is inverted.",
        "`B` comes from `P`, then its diagonal is set to 0, then it is given back.",
    ),
    also=('lines = ["F", "B", "D", "A", "E", "C"]', 'lines = "f, b, d, a, e, c"'),
    mistakes=(
        Mistake(
            "inverted before it is regularised",
            'lines = "F D B A E C"',
            "`together` is inverted before the regularisation is added, so the addition comes too "
            "late to change anything. Without it the inverse is wild, or does not exist.",
            lambda letters: letters.index("F") < letters.index("D") < letters.index("B"),
        ),
        Mistake(
            "used before it is counted",
            'lines = "B F D A E C"',
            "`together` has to be counted before anything is added to it.",
            before("B", "F"),
        ),
        Mistake(
            "inverted before it is counted",
            'lines = "D F B A E C"',
            "`together` has to be counted before it can be inverted.",
            before("D", "F"),
        ),
        Mistake(
            "weights before the inverse",
            'lines = "F B A D E C"',
            "`B` is made of `P`, so the inverse comes first.",
            before("A", "D"),
        ),
        Mistake(
            "diagonal before the weights",
            'lines = "F B D E A C"',
            "The diagonal of `B` is set to 0 before `B` is there.",
            before("E", "A"),
        ),
        Mistake(
            "given back too early",
            'lines = "F B D A C E"',
            "`B` is given back with ones on its diagonal (each -1): an item explains itself. Set "
            "the diagonal to 0 first.",
            before("C", "E"),
        ),
    ),
)
