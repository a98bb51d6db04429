"""The investigators' desk: which payments people look into, and what they say of them."""

from __future__ import annotations

import numpy as np

from .settings import COSTS
from .store import Seen
from .world import Batch

TWO_LOOK = 4  # reviews a day that a second pair of eyes repeats
UNSEEN = 0.02  # the score of each payment before there is a model
NEVER = -1e9  # money: what the review of a payment without a score is expected to save


def hold(shop, seen: Seen, scores: np.ndarray, reviews: int) -> np.ndarray:
    """Places of the payments where a review saves most, and with its label more than it costs."""
    if shop.model is None:
        scores = np.where(seen.failed, np.nan, UNSEEN)
    lost = np.nan_to_num(seen.amount) * COSTS.fraud_loss + COSTS.chargeback_fee
    worth = scores * lost + shop.settings.label_worth - COSTS.review
    worth = shop.through("worth", np.where(np.isnan(worth), NEVER, worth))
    best = np.argsort(-worth, kind="stable")[:reviews]
    return best[worth[best] > 0]


def look(
    shop, batch: Batch, seen: Seen, held: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which of them are looked into, what people say, and what a second pair of eyes says of some.

    rng draws those that two look at; -1 where only one does.
    """
    looked = shop.through("desk", held)
    truth = batch.fraud[seen.row[looked]]
    verdict = shop.through("verdict", truth)
    twice = np.zeros(len(looked), bool)
    twice[rng.permutation(len(looked))[:TWO_LOOK]] = True
    return looked, verdict, np.where(twice, truth, -1).astype(int)
