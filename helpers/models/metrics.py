"""How good a fraud model's scores are: as a ranking of payments, and of the day's cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def evaluate(payments: pd.DataFrame, scores: ArrayLike, k: int = 100) -> dict[str, float]:
    """ROC AUC, average precision and card precision of `scores`, each from 0 to 1.

    payments: time, customer_id, is_fraud; scores: one for each row, higher is more suspicious.
    The keys are roc_auc, average_precision and card_precision_<k>.

    Raises ValueError where the numbers of rows differ, a score is missing, or the payments are all
    of one class: then there is nothing to tell apart.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    scores, is_fraud = aligned(payments, scores), payments["is_fraud"].to_numpy(dtype=bool)
    if is_fraud.all() or not is_fraud.any():
        raise ValueError(f"{is_fraud.sum()} of {len(is_fraud)} payments are fraud; both are needed")
    return {
        "roc_auc": float(roc_auc_score(is_fraud, scores)),
        "average_precision": float(average_precision_score(is_fraud, scores)),
        f"card_precision_{k}": card_precision(payments, scores, k),
    }


def card_precision(payments: pd.DataFrame, scores: ArrayLike, k: int = 100) -> float:
    """Share of compromised cards among the `k` most suspicious cards of a day, mean over days.

    A card's score is that of its most suspicious payment of the day; it is compromised where one
    of its payments of the day is fraud. A compromised card that was among the `k` is found, and is
    left out on later days. Of equal scores the smaller customer_id comes first. Raises ValueError
    as `evaluate` does, and for k below 1.

    Source: Le Borgne, Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card
    Fraud Detection - Practical Handbook", 2022, precision top-k metrics.
    """
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k!r}")
    found: set = set()
    shares = []
    for _, cards in _cards_by_day(payments, aligned(payments, scores)):
        cards = cards[~cards.index.isin(found)]
        top = cards.sort_values("score", ascending=False, kind="stable").head(k)
        caught = top.index[top["is_fraud"]]
        found |= set(caught)
        shares.append(len(caught) / k)
    return float(np.mean(shares))


def _cards_by_day(payments: pd.DataFrame, scores: np.ndarray):
    """For each day a frame of its cards, sorted by customer_id: score and is_fraud."""
    scored = pd.DataFrame(
        {
            "day": payments["time"].dt.normalize().to_numpy(),
            "customer_id": payments["customer_id"].to_numpy(),
            "score": scores,
            "is_fraud": payments["is_fraud"].to_numpy(dtype=bool),
        }
    )
    cards = scored.groupby(["day", "customer_id"]).max()
    for day, of_day in cards.groupby(level="day"):
        yield day, of_day.droplevel("day")


def aligned(payments: pd.DataFrame, scores: ArrayLike) -> np.ndarray:
    """Scores as numbers, one for each payment; ValueError where that is not what they are."""
    scores = np.asarray(scores, dtype=float)
    if scores.shape != (len(payments),):
        raise ValueError(
            f"scores have shape {scores.shape} for {len(payments)} payments; one number for each "
            "is wanted, such as model.predict_proba(X)[:, 1]"
        )
    if len(scores) == 0:
        raise ValueError("there are no payments to evaluate")
    if np.isnan(scores).any():
        raise ValueError(f"{np.isnan(scores).sum()} scores are missing (NaN)")
    return scores
