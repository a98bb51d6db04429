"""What a year came to: a row a day, the days of training, and the bill at any prices."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .worlds import START, TRAINING

COLUMNS = (
    "day",
    "payments",
    "frauds",
    "caught",
    "missed_cost",
    "wrong_declines",
    "decline_cost",
    "reviews",
    "chargebacks",
)


@dataclass(frozen=True)
class Played:
    """A year under one policy.

    days: for each day its number, counts of payments, frauds, caught frauds, wrong declines,
    reviews and chargebacks, and in money missed_cost and decline_cost. trained: days on which a
    model was trained, the first day of the year not among them. review: money a review.
    """

    days: pd.DataFrame
    trained: tuple[int, ...]
    review: float

    def bill(self, training: float = TRAINING) -> float:
        """All that the year cost, in money, where one training costs `training`."""
        losses = self.days["missed_cost"].sum() + self.days["decline_cost"].sum()
        return float(losses + self.review * self.days["reviews"].sum() + training * self.trainings)

    @property
    def trainings(self) -> int:
        """How often a model was trained in the year."""
        return len(self.trained)

    @property
    def recall(self) -> float:
        """Share of the year's frauds that were caught."""
        return float(self.days["caught"].sum() / self.days["frauds"].sum())

    def by_day(self, training: float = TRAINING) -> pd.Series:
        """The bill of each day of the year, by its date's place: 0 is the first day."""
        days = self.days
        cost = days["missed_cost"] + days["decline_cost"] + self.review * days["reviews"]
        cost += training * days["day"].isin(self.trained)
        return cost.set_axis(days["day"] - START)
