"""What a decision about a payment costs Corner, which bears the fraud on its own card."""

import math
from dataclasses import dataclass, fields

import numpy as np

DECISIONS = ("approve", "decline", "review")


@dataclass(frozen=True)
class Outcome:
    """What a day's decisions came to. Costs are money, the rest are numbers of payments.

    The sums tell at once what in life shows only weeks later; they say how a day went, not which
    payment it was. `hidden` is how many labels nobody will ever see: those of declined payments.
    """

    approved: int
    declined: int
    reviewed: int
    hidden: int
    missed_frauds: int
    wrong_declines: int
    missed_fraud_cost: float
    wrong_decline_cost: float
    review_cost: float

    @property
    def cost(self) -> float:
        """All costs of the day, in money."""
        return self.missed_fraud_cost + self.wrong_decline_cost + self.review_cost


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

    def outcome(self, decisions, amount, is_fraud) -> Outcome:
        """Costs by kind and numbers of payments; arguments and errors are those of `of`."""
        decisions, is_fraud = as_decisions(decisions), np.asarray(is_fraud, dtype=bool)
        cost = self.of(decisions, amount, is_fraud)
        approve, decline, review = (decisions == word for word in DECISIONS)
        return Outcome(
            approved=int(approve.sum()),
            declined=int(decline.sum()),
            reviewed=int(review.sum()),
            hidden=int(decline.sum()),
            missed_frauds=int((approve & is_fraud).sum()),
            wrong_declines=int((decline & ~is_fraud).sum()),
            missed_fraud_cost=float(cost[approve].sum()),
            wrong_decline_cost=float(cost[decline].sum()),
            review_cost=float(cost[review].sum()),
        )


def as_decisions(decisions) -> np.ndarray:
    """Decisions as an array of words; ValueError that names the first that is none of ours."""
    words = np.asarray(decisions).astype(str)
    wrong = np.flatnonzero(~np.isin(words, DECISIONS))
    if len(wrong):
        first, known = int(wrong[0]), ", ".join(DECISIONS)
        raise ValueError(f"decision {first} is {str(words[first])!r}; expected one of {known}")
    return words
