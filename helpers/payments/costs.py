"""What a decision about a payment costs Corner, which bears the fraud on its own card."""

import math
from dataclasses import dataclass, fields

import numpy as np

DECISIONS = ("approve", "decline", "review")


@dataclass(frozen=True)
class Costs:
    """Prices in the money of `amount`; the defaults are round numbers to think with.

    An approved fraud loses its amount times `fraud_loss` plus `chargeback_fee`. A declined genuine
    payment costs `wrong_decline`: the margin, and a customer who may not come back. A review costs
    `review`, the minutes of the person who looks; it always finds the truth. All else is free.

    Raises ValueError for a price that is negative or not a finite number.
    """

    fraud_loss: float = 1.0  # share of the amount
    chargeback_fee: float = 15.0  # money a missed fraud
    wrong_decline: float = 10.0  # money a genuine payment declined
    review: float = 3.0  # money a review

    def __post_init__(self):
        for field in fields(self):
            price = getattr(self, field.name)
            if not isinstance(price, (int, float)) or not math.isfinite(price) or price < 0:
                raise ValueError(f"{field.name} must be a number of 0 or more, not {price!r}")

    def of(self, decisions, amount, is_fraud) -> np.ndarray:
        """Cost of each payment, in money; the three arrays (any sequences) have one length.

        `decisions` holds "approve", "decline" or "review". Raises ValueError for any other word.
        """
        decisions, amount = as_decisions(decisions), np.asarray(amount, dtype=float)
        is_fraud = np.asarray(is_fraud, dtype=bool)
        missed = (decisions == "approve") & is_fraud
        wrong = (decisions == "decline") & ~is_fraud
        cost = np.where(missed, amount * self.fraud_loss + self.chargeback_fee, 0.0)
        return cost + wrong * self.wrong_decline + (decisions == "review") * self.review


def as_decisions(decisions) -> np.ndarray:
    """Decisions as an array of words; ValueError that names the first that is none of ours."""
    words = np.asarray(decisions).astype(str)
    wrong = np.flatnonzero(~np.isin(words, DECISIONS))
    if len(wrong):
        first, known = int(wrong[0]), ", ".join(DECISIONS)
        raise ValueError(f"decision {first} is {str(words[first])!r}; expected one of {known}")
    return words
