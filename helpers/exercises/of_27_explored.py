"""Exercise 27.4: count what a challenger would catch, by the labels that there are."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for share in (0.1, 0.25):
        count = 400
        suspicious = rng.random(count) < 0.3
        explored = suspicious & (rng.random(count) < share)
        log = pd.DataFrame(
            {
                "declined": suspicious & ~explored,
                "explored": explored,
                "alarm": rng.random(count) < np.where(suspicious, 0.8, 0.2),
                "is_fraud": rng.random(count) < np.where(suspicious, 0.7, 0.1),
            }
        )
        # Nobody knows a declined payment's label.
        log["is_fraud"] = log["is_fraud"].astype(object).mask(log["declined"], None)
        yield Case((log, share), f"{share:.0%} explored")


def _caught(weight: str, rows: str = "log[log['alarm'] & (log['is_fraud'] == True)]") -> str:
    return f"def caught(log, share):\n    found = {rows}\n    return ({weight}).sum()"


CAUGHT = Exercise(
    id="27.4",
    title="Counted for all they stand for",
    task="Write `caught(log, share)`: how many frauds the challenger would catch among all "
    "payments, by the labels that there are.",
    answer="caught",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show="pd.DataFrame({'declined': [True, False, False, False, False], "
        "'explored': [False, True, True, False, False], "
        "'alarm': [True, True, False, True, True], "
        "'is_fraud': [None, True, True, True, False]}), 0.1",
    ),
    solution=_caught("np.where(found['explored'], 1 / share, 1)"),
    why="Of the payments to be declined, a lottery had one in ten looked into. Each of those "
    "stands for ten. The others stand for themselves. This is inverse probability weighting.",
    hints=(
        "Which rows count? Those with an alarm of which it is known that they are fraud.",
        "An explored row was drawn with probability `share`, so it stands for `1 / share` rows.",
        "`np.where(found['explored'], 1 / share, 1).sum()`.",
    ),
    also=(
        "def caught(log, share):\n"
        "    found = log[log['alarm'] & log['is_fraud'].eq(True)]\n"
        "    explored = found['explored'].sum()\n"
        "    return explored / share + len(found) - explored",
        "def caught(log, share):\n"
        "    total = 0\n"
        "    for row in log.itertuples():\n"
        "        if row.alarm and row.is_fraud:\n"
        "            total += 1 / share if row.explored else 1\n"
        "    return total",
    ),
    mistakes=(
        Mistake(
            "each row counts once",
            _caught("found['is_fraud'] == True"),
            "Each explored payment stands for all those that were declined in its place: with a "
            "share of 0.1 it counts ten times.",
        ),
        Mistake(
            "every row counts many times",
            _caught("np.full(len(found), 1 / share)"),
            "This blows up the approved payments too. They were not drawn by a lottery; each "
            "stands for itself.",
        ),
        Mistake(
            "the explored alone",
            _caught("np.where(found['explored'], 1 / share, 0)"),
            "Only the explored payments are counted. Frauds that were approved anyway, and that "
            "the challenger raises an alarm for, count as well: once each.",
        ),
        Mistake(
            "multiplied for divided",
            _caught("np.where(found['explored'], share, 1)"),
            "The rarer the draw, the more each one stands for: weigh by `1 / share`, not by "
            "`share`.",
        ),
        Mistake(
            "alarms for frauds",
            _caught("np.where(found['explored'], 1 / share, 1)",
                    "log[log['alarm'] & ~log['declined']]"),
            "This counts every alarm whose label is known, the false ones too. Count those that "
            "are fraud.",
        ),
    ),
)  # fmt: skip
