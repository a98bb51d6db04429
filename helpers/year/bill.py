"""What a day cost, in money, by its parts; and two counts beside it."""

from __future__ import annotations

import numpy as np

from .settings import COSTS, FAILED, TWICE
from .store import Seen
from .world import Batch

PARTS = ("missed fraud", "failed payments", "paid twice", "reviews", "work")


def bill(
    batch: Batch, seen: Seen, looked: np.ndarray, verdict: np.ndarray, again: int
) -> dict[str, float]:
    """The parts of a day's bill but for the work, and how many frauds there were and were caught.

    looked: places of the payments that were reviewed, verdict: whether they were called fraud;
    again: how many of them were reviewed twice. A fraud is missed where the payment was made and
    nobody who looked into it called it fraud.
    """
    made, stopped = np.ones(len(batch), bool), np.zeros(len(batch), bool)
    made[seen.row[seen.failed]] = False
    stopped[seen.row[looked][verdict]] = True
    missed = batch.fraud & made & ~stopped
    loss = batch.amount[missed] * COSTS.fraud_loss + COSTS.chargeback_fee
    return {
        "missed fraud": float(loss.sum()),
        "failed payments": FAILED * int((~made & ~batch.fraud).sum()),
        "paid twice": TWICE * int(len(seen) - len(np.unique(seen.row))),
        "reviews": COSTS.review * (len(looked) + again),
        "frauds": int(batch.fraud.sum()),
        "caught": int((batch.fraud & stopped).sum()),
    }
