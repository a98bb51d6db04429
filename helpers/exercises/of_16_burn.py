"""Exercise 16.2: the rule of two windows as lines to be put in order."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order

LINES = (
    "short = sum(bad[-5:]) / sum(total[-5:])",
    "return min(long, short) > 14.4 * budget",
    "budget = 1 - target",
    "total = total[-60:]",
    "long = sum(bad) / sum(total)",
    "bad = bad[-60:]",
)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for about, share in (
        ("quiet hours, then five bad minutes", [0] * 115 + [0.1] * 5),
        ("an hour of trouble", [0] * 60 + [0.02] * 60),
        ("trouble that has just ended", [0] * 60 + [0.1] * 50 + [0] * 10),
        ("trouble two hours ago", [0.3] * 55 + [0] * 60 + [0] * 5),
        ("old trouble, and a little now", [0.3] * 60 + [0] * 55 + [0.05] * 5),
    ):
        total = rng.integers(900, 1100, 120)
        bad = np.round(np.array(share) * total)
        yield Case((bad.tolist(), total.tolist(), 0.999), about)


BURNING = Exercise(
    id="16.2",
    title="Two windows",
    task="Put the lines in order: whether somebody is to be woken now, by the last hour and by the "
    "last five minutes of it.",
    answer="lines",
    lines=LINES,
    trial=Calls(
        fresh=_fresh,
        show="[50] * 60 + [0] * 55 + [20] * 5, [1000] * 120, 0.999",
        prepare=in_order("def wake_somebody(bad, total, target):"),
    ),
    solution='lines = "C F D E A B"',
    why="The hour says that it matters, the five minutes say that it still goes on. Both have to "
    "be above 14.4 times what the objective allows.",
    hints=(
        "The last hour is cut out before anything is divided, from both lists.",
        "`return` needs `long`, `short` and `budget`, so it comes last.",
        "`budget`, then the two cuts, then `long`, then `short`.",
    ),
    also=('lines = "F D E A C B"', 'lines = ["d", "f", "a", "e", "c", "b"]'),
    mistakes=(
        Mistake(
            "divided before the cut",
            'lines = "C E F D A B"',
            "You divide before the last hour has been cut out of both lists, so `long` is not "
            "about the last hour, and old trouble counts on.",
            lambda letters: before("E", "F")(letters) and before("E", "D")(letters),
        ),
        Mistake(
            "one list cut",
            'lines = "C F E D A B"',
            "Between the two cuts one list covers an hour and the other all the time. A share of "
            "the two means nothing; cut both first.",
            lambda letters: before("E", "F")(letters) != before("E", "D")(letters),
        ),
        Mistake(
            "returned too soon",
            'lines = "F D E A B C"',
            "`return` ends the function, and the line after it is never reached. It uses `long`, "
            "`short` and `budget`, so all three come before.",
            lambda letters: letters[-1] != "B",
        ),
    ),
)
