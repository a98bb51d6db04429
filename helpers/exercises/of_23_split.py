"""Exercise 23.1: split payments in time, and leave out cards that are known to be compromised."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.compare import difference
from helpers.exercises.trials import Calls, Case

_HEAD = """\
def split(transactions, start, train_days, delay_days, test_days):
    day = transactions["time"].dt.normalize()
    begin = pd.Timestamp(start)
    train_end = begin + pd.Timedelta(days=train_days)
    test_begin = train_end + pd.Timedelta(days=delay_days)
    test_end = test_begin + pd.Timedelta(days=test_days)
    train = transactions[(day >= begin) & (day < train_end)]
    test = transactions[(day >= test_begin) & (day < test_end)]
    frauds = transactions[transactions["is_fraud"] & (day >= begin)]
    first_fraud = frauds.groupby("customer_id")["time"].min().dt.normalize()
    age = day[test.index] - test["customer_id"].map(first_fraud)
"""


def _form(last_step: str) -> str:
    return f"{_HEAD}    {last_step}\n    return train, test"


def _payments(rng: np.random.Generator, rows: int, cards: int) -> pd.DataFrame:
    minutes = np.sort(rng.integers(0, 40 * 24 * 60, rows))
    return pd.DataFrame(
        {
            "time": pd.Timestamp("2018-07-01") + pd.to_timedelta(minutes, unit="min"),
            "customer_id": rng.integers(0, cards, rows),
            "is_fraud": rng.random(rows) < 0.06,
        }
    )


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for days in ((7, 7, 7), (10, 3, 9), (5, 0, 12)):
        payments = _payments(rng, rows=900, cards=60)
        about = "{} days of training, {} of delay and {} of test".format(*days)
        yield Case((payments, "2018-07-05", *days), about)


def _same_parts(expected: Any, came: Any) -> str | None:
    if not isinstance(came, tuple | list) or len(came) != 2:
        return "expected two frames, `return train, test`, but got something else"
    for name, one, other in zip(("train", "test"), expected, came, strict=True):
        found = difference(one, other)
        if found is not None:
            return f"in `{name}`, {found}"
    return None


_SHOW = """pd.DataFrame({
    "time": pd.to_datetime(["2018-07-02", "2018-07-03", "2018-07-04", "2018-07-05",
                            "2018-07-05", "2018-07-05", "2018-07-06", "2018-07-06"]),
    "customer_id": [1, 3, 2, 1, 2, 4, 2, 3],
    "is_fraud": [True, False, True, False, False, True, False, False],
}), "2018-07-02", 2, 1, 2"""

SPLIT = Exercise(
    id="23.1",
    title="Leave out the cards that are known",
    task="Write the last step of `split`: keep a test payment unless its card's first fraud is "
    "known by its day.",
    answer="split",
    given="import pandas as pd",
    trial=Calls(fresh=_fresh, show=_SHOW, same=_same_parts),
    solution=_form("test = test[~(age > pd.Timedelta(days=delay_days))]"),
    why="A fraud on day d has its label at the end of day d + delay, so its card is blocked from "
    "the day after. A card without any fraud has no age (NaT), and every comparison with NaT is "
    "False, so it stays.",
    hints=(
        "`age` holds, for each test payment, the time since the first fraud of its card, or NaT.",
        "A card is blocked where its `age` is more than `delay_days` days.",
        'Keep the others: `test[~(age > ...)]`, with `pd.Timedelta(days=...)` for "so many days".',
    ),
    also=(
        _form("test = test[age.isna() | (age <= pd.Timedelta(days=delay_days))]"),
        _form("test = test.drop(test.index[age.dt.days > delay_days])"),
    ),
    mistakes=(
        Mistake(
            "nothing left out",
            _form("pass"),
            "Cards that are known to be compromised are still in the test. They are blocked by "
            "then, so finding them again earns nothing: leave their payments out.",
        ),
        Mistake(
            "forgets the delay",
            _form("test = test[~(age > pd.Timedelta(days=0))]"),
            "This blocks a card on the day after its fraud, as if the label came at once. Nobody "
            "knows it before `delay_days` have passed: compare `age` with the delay.",
        ),
        Mistake(
            "a day too early",
            _form("test = test[~(age >= pd.Timedelta(days=delay_days))]"),
            "Nearly: a label is known at the end of the day on which it is `delay_days` old, so "
            "the card is blocked from the next day on. Use `>` and not `>=`.",
        ),
        Mistake(
            "loses the cards without fraud",
            _form("test = test[age <= pd.Timedelta(days=delay_days)]"),
            "Cards that never had a fraud have vanished: their `age` is NaT, and a comparison "
            "with NaT is False. Turn it round: leave out what is known, with `~`.",
        ),
        Mistake(
            "keeps the known cards",
            _form("test = test[age > pd.Timedelta(days=delay_days)]"),
            "This keeps the blocked cards and drops all others. Put a `~` (not) before the "
            "condition.",
        ),
        Mistake(
            "drops frauds, not cards",
            _form('test = test[~test["is_fraud"]]'),
            "This takes the fraud itself out of the test, so there is nothing left to find. Leave "
            "out cards whose fraud is known from before, and keep the new frauds.",
        ),
        Mistake(
            "only cards from training",
            _form(
                'test = test[~test["customer_id"].isin(train["customer_id"][train["is_fraud"]])]'
            ),
            "This blocks the cards whose fraud lies in the training days. As the test goes on, "
            "more labels arrive: look at each payment's `age`, which grows day by day.",
        ),
    ),
)
