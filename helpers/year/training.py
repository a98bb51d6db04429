"""Training and the gate: a candidate learns from the labels that are known today, and is judged
beside the champion by the money that it would have saved on payments it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .record import Kept
from .settings import COSTS

WINDOW = 90  # days learned from
APART = 14  # days of which the gate keeps every third customer's payments
THIRD = 3
WORSE = 0.1  # by so much may a candidate save less of the money at stake than the champion


@dataclass(frozen=True)
class Verdict:
    """What the gate found: the share of the money at stake that each model would have saved.

    At stake is what the known frauds of the days kept apart cost if nobody looks.
    """

    candidate: float
    champion: float

    @property
    def passed(self) -> bool:
        """Whether the candidate may go live."""
        return self.candidate >= self.champion - WORSE


def one_thread() -> Any:
    """A context in which models use one thread: models this small lose time with more."""
    import sklearn.ensemble  # noqa: F401  (only what is loaded can be limited)
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def logged(shop, first: int, end: int) -> np.ndarray:
    """Features as logged of all payments that the service met on the days first to end - 1."""
    return np.concatenate([kept.X[kept.seen] for kept in shop.kept[first:end]])


def training_set(
    shop, first: int, end: int, apart: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Features as logged and labels of the days first to end - 1, as far as they are known today.

    Left out are payments of which nobody has said anything yet: most are genuine, and those that
    are not would teach the model that fraud is genuine. From the day `apart` on, every third
    customer's payments are left to the gate.
    """
    X, y = [], []
    for day, kept in enumerate(shop.kept[max(first, 0) : end], max(first, 0)):
        rows = kept.seen & kept.known
        if apart is not None and day >= apart:
            rows &= ~_left_to_the_gate(kept)
        X.append(kept.X[rows])
        y.append(kept.fraud[rows])
    return np.concatenate(X), np.concatenate(y)


def _left_to_the_gate(kept: Kept) -> np.ndarray:
    return kept.customer % THIRD == 0


def fit(X: np.ndarray, y: np.ndarray) -> Any:
    """A gradient-boosted model of small trees, in small steps.

    With one fraud in a hundred payments a step of Newton's method overshoots: a leaf's gradient is
    large where its curvature is small. The penalty on a leaf's weight and a low learning rate hold
    it back. Raises ValueError where there is but one kind of payment.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    if y.all() or not y.any():
        raise ValueError(f"{y.sum()} of {len(y)} payments are known as fraud; both kinds needed")
    model = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=0.1,
        max_leaf_nodes=8,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(X, y)


def candidate(shop, fault=None) -> Any:
    """A model trained this morning; a fault may spoil its training set."""
    X, y = training_set(shop, shop.day - WINDOW, shop.day, apart=shop.day - APART)
    if fault is not None:
        X, y = fault.does(shop, X, y)
    return fit(X, y)


def judge(shop, model: Any) -> Verdict:
    """The gate: both models on what was kept apart, by the labels that are known today."""
    days = shop.kept[-APART:]
    places = max(shop.settings.reviews // THIRD, 1)
    return Verdict(_saved(model, days, places), _saved(shop.model, days, places))


def _saved(model: Any, days: list[Kept], places: int) -> float:
    """The share of the money at stake that reviews would have saved, had this model chosen them.

    NaN, which passes no gate, where no fraud is known among the days.
    """
    stake = saved = 0.0
    for kept in days:
        rows = kept.seen & _left_to_the_gate(kept)
        if not rows.any():  # a day on which each payment failed
            continue
        X, fraud = kept.X[rows], kept.fraud[rows]
        lost = np.nan_to_num(X[:, 0]) * COSTS.fraud_loss + COSTS.chargeback_fee
        worth = model.predict_proba(X)[:, 1] * lost - COSTS.review
        looked = np.argsort(-worth, kind="stable")[:places]
        looked = looked[worth[looked] > 0]
        saved += lost[looked][fraud[looked]].sum() - COSTS.review * len(looked)
        stake += lost[fraud].sum()
    return float(saved / stake) if stake else float("nan")
