"""Exercise 27.1: what a training may know about its payments on a given morning."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_HEAD = """\
def training_set(payments, labels, today, window, gap):
    today = pd.Timestamp(today)
    end = today - pd.Timedelta(days=gap)
    start = end - pd.Timedelta(days=window)
    rows = payments[(payments["time"] >= start) & (payments["time"] < end)]
    known = labels[labels["known_at"] <= today]
    frauds = known.loc[known["is_fraud"], "transaction_id"]
"""


def _form(last_step: str) -> str:
    return f"{_HEAD}    {last_step}\n    return rows, is_fraud"


def _payments(rng: np.random.Generator, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    first = pd.Timestamp("2019-01-01")
    time = first + pd.to_timedelta(np.sort(rng.integers(0, 60 * 24 * 60, count)), unit="min")
    payments = pd.DataFrame({"transaction_id": 100 + np.arange(count), "time": time})
    is_fraud = rng.random(count) < 0.3
    delay = np.where(is_fraud, rng.integers(1, 40, count), rng.integers(5, 60, count))
    labels = pd.DataFrame(
        {
            "transaction_id": payments["transaction_id"],
            "known_at": payments["time"] + pd.to_timedelta(delay, unit="D"),
            "is_fraud": is_fraud,
        }
    )
    order = labels["known_at"].argsort(kind="stable")
    return payments, labels.iloc[order].reset_index(drop=True)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for window, gap in ((20, 0), (30, 14)):
        payments, labels = _payments(rng, 300)
        yield Case((payments, labels, "2019-02-20", window, gap), f"a window of {window} days")


_SHOW = """pd.DataFrame({
    "transaction_id": [1, 2, 3, 4],
    "time": pd.to_datetime(["2019-03-01", "2019-03-02", "2019-03-03", "2019-03-04"]),
}), pd.DataFrame({
    "transaction_id": [2, 1, 3, 4],
    "known_at": pd.to_datetime(["2019-03-05", "2019-03-06", "2019-03-20", "2019-04-20"]),
    "is_fraud": [False, True, True, False],
}), "2019-03-08", 10, 2"""

TRAINING_SET = Exercise(
    id="27.1",
    title="What today's training may know",
    task="Write the last step of `training_set`: for each of `rows`, True where it is known today "
    "as fraud, else False.",
    answer="training_set",
    given="import pandas as pd",
    trial=Calls(fresh=_fresh, show=_SHOW),
    solution=_form('is_fraud = rows["transaction_id"].isin(frauds)'),
    why="A payment of which nothing is known yet counts as genuine, for nearly all of them are. "
    "That is wrong for a few recent frauds; the gap keeps about half of those out.",
    hints=(
        "`frauds` holds the ids of the payments that are known today as fraud.",
        "Ask each row whether its id is among them.",
        '`rows["transaction_id"].isin(...)` gives True or False for each row.',
    ),
    also=(
        _form(
            'is_fraud = rows["transaction_id"].map(known.set_index("transaction_id")["is_fraud"])'
            ".eq(True)"
        ),
        _form("is_fraud = pd.Series([one in set(frauds) for one in rows['transaction_id']])"),
    ),
    mistakes=(
        Mistake(
            "labels from the future",
            _form('is_fraud = rows["transaction_id"].isin(labels.loc[labels["is_fraud"], '
                  '"transaction_id"])'),
            "This uses every label, also those that come after today. The training would know what "
            "nobody knows: use the labels in `known`.",
        ),
        Mistake(
            "every known payment is fraud",
            _form('is_fraud = rows["transaction_id"].isin(known["transaction_id"])'),
            "This asks whether a label is known, and not what it says. A genuine payment gets a "
            "label too: ask for the ids in `frauds`.",
        ),
        Mistake(
            "gaps where nothing is known",
            _form(
                'is_fraud = rows["transaction_id"].map('
                'known.set_index("transaction_id")["is_fraud"])'
            ),
            "Where no label is known yet, this has a gap (NaN) and a model cannot be trained on "
            "it. A payment of which nothing bad is known counts as genuine: False.",
        ),
        Mistake(
            "the other way round",
            _form('is_fraud = ~rows["transaction_id"].isin(frauds)'),
            "This is True for all that are not known as fraud. Leave out the `~`.",
        ),
    ),
)  # fmt: skip
