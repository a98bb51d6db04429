"""Training and the gate: a candidate learns from what is known today, and is judged beside the
champion on days that neither has seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.models.retraining.year import classifier

WINDOW, GAP = 90, 14  # days learned from; days kept apart, of whose labels few are there
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


def training_set(shop, first: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Features as logged and labels as known today, of the days from `first` up to `end`."""
    days = shop.kept[max(first, 0) : end]
    X = np.concatenate([kept.X[kept.seen] for kept in days])
    return X, np.concatenate([kept.fraud[kept.seen] for kept in days])


def fit(X: np.ndarray, y: np.ndarray) -> Any:
    """The model of lesson 27. Raises ValueError where there is but one kind of payment."""
    if y.all() or not y.any():
        raise ValueError(f"{y.sum()} of {len(y)} payments are known as fraud; both kinds needed")
    return classifier().fit(X, y)


def candidate(shop, fault=None) -> Any:
    """A model trained this morning; a fault may spoil its training set."""
    gap = 1 if shop.all_known else GAP
    X, y = training_set(shop, shop.day - gap - WINDOW, shop.day - gap)
    if fault is not None:
        X, y = fault.does(shop, X, y)
    return fit(X, y)


def judge(shop, model: Any) -> Verdict:
    """The gate: both models on the last fortnight, by the labels that are known today."""
    from sklearn.metrics import average_precision_score

    X, y = training_set(shop, shop.day - GAP, shop.day)
    if not y.any():
        return Verdict(float("nan"), float("nan"))
    scores = [one.predict_proba(X)[:, 1] for one in (model, shop.model)]
    return Verdict(*[float(average_precision_score(y, score)) for score in scores])
