"""A world as a model lives it: its scores choose who is looked into, and that becomes its features.

The most suspicious payments of a day are investigated, so their labels are known at midnight, so
the till's risk rises, so tomorrow's scores are others. `replay` finds scores, labels and features
that agree with each other on every day, without walking day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.payments import World, features
from helpers.payments.labels import most_suspicious, when_known

DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Replay:
    """What happened, and what was known when.

    payments: the transactions with their truth and, for each, day (whole number from 0), score
    (0 to 1), reviewed (bool: was it investigated) and known_at (the moment of its label).
    X: the 15 features that the model saw, same rows.
    """

    payments: pd.DataFrame
    X: pd.DataFrame

    def days(self, first: int, last: int) -> Replay:
        """The part from day `first` up to and without day `last`."""
        part = self.payments["day"].between(first, last - 1)
        return Replay(self.payments[part], self.X[part])


def replay(
    world: World, model: Any, live_from: int = 0, transactions: pd.DataFrame | None = None
) -> Replay:
    """Play a world with `late_labels` whose investigators follow a model's scores.

    model: has `predict_proba` and takes the 15 features. Until the day `live_from` the highest
    amounts are investigated, as before there was a model. transactions: the world's own, or a part
    of them. Every payment is approved; a score uses no label that came after its payment.

    Raises ValueError for a world without `late_labels`, or for transactions out of order of time.
    """
    if not world.late_labels:
        raise ValueError("the labels of this world come on a fixed day: use World(late_labels=True)")
    truth = world.transactions() if transactions is None else transactions.reset_index(drop=True)
    if not truth["time"].is_monotonic_increasing:
        place = int((truth["time"].diff() < pd.Timedelta(0)).idxmax())
        raise ValueError(f"the clock goes backwards at row {place} of transactions: sort by time")
    day = ((truth["time"] - pd.Timestamp(world.first_day)) // DAY).to_numpy()
    scores, known_at, X = _settle(world, model, truth, day < live_from)
    suspicion = np.where(day < live_from, truth["amount"], scores)
    seen = truth.assign(
        day=day,
        score=scores,
        reviewed=_reviewed(suspicion, day, world.investigated_a_day),
        known_at=known_at,
    )
    return Replay(seen, X)


def _settle(world: World, model: Any, truth: pd.DataFrame, before: np.ndarray):
    """Repeat until nothing changes; a day is settled once all days before it are."""
    amount = truth["amount"].to_numpy()
    X, scores = None, amount
    while True:
        known_at = when_known(world, truth, np.where(before, amount, scores))
        labels = pd.DataFrame({"transaction_id": truth["transaction_id"], "known_at": known_at})
        now = features(truth, labels)
        changed = np.ones(len(truth), bool) if X is None else _differs(X, now)
        if not changed.any():
            return scores, known_at, X
        scores = scores.astype(float, copy=True)
        scores[changed] = model.predict_proba(now[changed])[:, 1].round(9)
        X = now


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    differs = np.zeros(len(one), dtype=bool)
    for name in one:
        differs |= one[name].to_numpy() != other[name].to_numpy()
    return differs


def _reviewed(suspicion: np.ndarray, day: np.ndarray, count: int) -> np.ndarray:
    reviewed = np.zeros(len(day), dtype=bool)
    edges = np.flatnonzero(np.r_[True, np.diff(day) > 0, True]) if len(day) else [0]
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        reviewed[first + most_suspicious(suspicion[first:last], count)] = True
    return reviewed
