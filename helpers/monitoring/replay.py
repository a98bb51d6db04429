"""A world as a model lives it: its scores choose who is looked into, and that becomes its features.

The most suspicious payments of a day are investigated, so their labels are known at midnight, so
the till's risk rises, so tomorrow's scores are others. `replay` finds scores, labels and features
that agree with each other on every day, without walking day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from helpers.payments import World, features
from helpers.payments.labels import most_suspicious, when_known

from .windows import require_in_order

DAY = pd.Timedelta(days=1)
LOOKS_BACK = 31  # days: the longest window of the features, and the day itself


@dataclass(frozen=True)
class Replay:
    """What happened, and what was known when.

    payments: the transactions with their truth and, for each, day (whole number from 0), score
    (0 to 1; NaN without a model), reviewed (bool: was it investigated) and known_at (the moment of
    its label).
    X: the 15 features that the model saw, same rows.
    """

    payments: pd.DataFrame
    X: pd.DataFrame

    def days(self, first: int, last: int) -> Replay:
        """The part from day `first` up to and without day `last`, as a view."""
        part = slice(*np.searchsorted(self.payments["day"], (first, last)))
        return Replay(self.payments.iloc[part], self.X.iloc[part])


def replay(
    world: World,
    model: Any = None,
    live_from: int = 0,
    transactions: pd.DataFrame | None = None,
) -> Replay:
    """Play a world with `late_labels` whose investigators follow a model's scores.

    model: has `predict_proba` and takes the 15 features. Until the day `live_from`, or for good
    where there is no model, the highest amounts are investigated. transactions: the world's own, or
    a part of them. Every payment is approved; a score uses no label that came after its payment.

    Raises ValueError for a world without `late_labels`, or for transactions out of order of time.
    """
    if not world.late_labels:
        raise ValueError("this world's labels come on a fixed day: use World(late_labels=True)")
    truth = world.transactions() if transactions is None else transactions.reset_index(drop=True)
    require_in_order(truth["time"])
    day = ((truth["time"] - pd.Timestamp(world.first_day)) // DAY).to_numpy()
    live = day >= (world.days if model is None else live_from)
    known_at, X, scores = _settle(world, model, truth, day, live)
    suspicion = np.where(live, scores, truth["amount"])
    reviewed = _reviewed(suspicion, day, world.investigated_a_day)
    return Replay(
        truth.assign(day=day, score=scores, reviewed=reviewed, known_at=known_at),
        X,
    )


def _settle(world: World, model: Any, truth: pd.DataFrame, day: np.ndarray, live: np.ndarray):
    """Repeat until nothing changes: a day is settled once all days before it are."""
    amount = truth["amount"].to_numpy()
    known_at, X = _seen(world, truth, amount)
    scores = np.full(len(truth), np.nan)
    changed = np.arange(len(truth))
    while model is not None and len(changed):
        scores[changed] = model.predict_proba(X.iloc[changed])[:, 1].round(9)
        since = int(np.searchsorted(day, day[changed[0]]))
        known_at, part = _seen(world, truth, np.where(live, scores, amount), day, since)
        changed = since + np.flatnonzero(_differs(X.iloc[since:], part))
        X = pd.concat([X.iloc[:since], part])
    return known_at, X, scores


def _seen(world: World, truth: pd.DataFrame, suspicion: np.ndarray, day=None, since: int = 0):
    """When each label is known, and the features of the rows from `since` on.

    They need no older row than the oldest payment whose label comes within their longest window.
    """
    known_at = when_known(world, truth, suspicion)
    back = LOOKS_BACK + world.dispute_days
    first = int(np.searchsorted(day, day[since] - back)) if since else 0
    part = truth.iloc[first:]
    labels = pd.DataFrame({"transaction_id": part["transaction_id"], "known_at": known_at[first:]})
    return known_at, features(part, labels).iloc[since - first :]


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    differs = np.zeros(len(one), dtype=bool)
    for name in one:
        differs |= one[name].to_numpy() != other[name].to_numpy()
    return differs


def _reviewed(suspicion: np.ndarray, day: np.ndarray, count: int) -> np.ndarray:
    reviewed = np.zeros(len(day), dtype=bool)
    edges = np.flatnonzero(np.r_[True, np.diff(day) > 0, True]) if len(day) else [0]
    for first, last in pairwise(edges):
        reviewed[first + most_suspicious(suspicion[first:last], count)] = True
    return reviewed
