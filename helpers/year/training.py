"""Training and the gate: a candidate learns from what is known today, and is judged beside the
champion on payments that the candidate has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.models.retraining.year import classifier

WINDOW = 90  # days learned from
APART = 14  # days of which the gate keeps every third customer's payments
WORSE = 0.1  # by so much may a candidate's average precision lie below the champion's


@dataclass(frozen=True)
class Verdict:
    """What the gate found: average precision of both on the days kept apart, by known labels."""

    candidate: float
    champion: float

    @property
    def passed(self) -> bool:
        """Whether the candidate may go live."""
        return self.candidate >= self.champion - WORSE


def training_set(shop, first: int, end: int, third: bool | None = None):
    """Features as logged and labels as known today, of the days from `first` up to `end`.

    third: every third customer alone (True), or all but those (False).
    """
    days = shop.kept[max(first, 0) : end]
    rows = [kept.seen if third is None else _share(kept, third) for kept in days]
    X = np.concatenate([kept.X[row] for kept, row in zip(days, rows, strict=True)])
    return X, np.concatenate([kept.fraud[row] for kept, row in zip(days, rows, strict=True)])


def _share(kept, third: bool) -> np.ndarray:
    return kept.seen & ((kept.customer % 3 == 0) == third)


def fit(X: np.ndarray, y: np.ndarray) -> Any:
    """The model of lesson 27. Raises ValueError where there is but one kind of payment."""
    if y.all() or not y.any():
        raise ValueError(f"{y.sum()} of {len(y)} payments are known as fraud; both kinds needed")
    return classifier().fit(X, y)


def candidate(shop, fault=None) -> Any:
    """A model trained this morning; a fault may spoil its training set.

    A payment whose fraud is not known yet counts as genuine. The newest days are learned from all
    the same: a new kind of fraud would be seen a fortnight later without them.
    """
    today, apart = shop.day, shop.day - APART
    parts = training_set(shop, today - WINDOW, apart), training_set(shop, apart, today, third=False)
    X, y = (np.concatenate(both) for both in zip(*parts, strict=True))
    if fault is not None:
        X, y = fault.does(shop, X, y)
    return fit(X, y)


def judge(shop, model: Any) -> Verdict:
    """The gate: both models on what was kept apart, by the labels that are known today."""
    from sklearn.metrics import average_precision_score

    X, y = training_set(shop, shop.day - APART, shop.day, third=True)
    if not y.any():
        return Verdict(float("nan"), float("nan"))
    scores = [one.predict_proba(X)[:, 1] for one in (model, shop.model)]
    return Verdict(*[float(average_precision_score(y, score)) for score in scores])
