"""A payments world laid out once, day by day, so that many years can be played on it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from helpers.payments import World
from helpers.payments.labels import unaided

SHARE = 0.1  # of the course's world: 500 customers, about 960 payments and 8 frauds a day
START = 120  # days before the year begins: labels gather, limits are learned from quiet days
DAYS = 365
DISPUTE = 30  # days after which a payment that nobody disputes counts as genuine


@dataclass
class Batch:
    """The payments of one day in order of time; each field is an array with one value a payment.

    second: since midnight. fraud: the truth. known: the day at whose midnight the label comes by
    itself, when nobody looks into the payment.
    """

    second: np.ndarray
    customer: np.ndarray
    terminal: np.ndarray
    amount: np.ndarray
    fraud: np.ndarray
    known: np.ndarray

    def __len__(self) -> int:
        return len(self.amount)

    def joined(self, other: Batch) -> Batch:
        """Both together, in order of time."""
        both = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        order = np.argsort(np.concatenate(both["second"]), kind="stable")
        return Batch(**{name: np.concatenate(parts)[order] for name, parts in both.items()})


class Field:
    """All batches of a world, START days before the year and DAYS of it."""

    def __init__(self, seed: int, share: float = SHARE):
        late = {"late_labels": True, "investigated_a_day": 0, "chargeback_days": 10}
        self.world = World.small(
            share, days=START + DAYS, seed=seed, dispute_days=DISPUTE, weekly_season=0.2, **late
        )
        truth = self.world.transactions()
        first = self.world.first_day.astype("datetime64[us]")
        since = (truth["time"].to_numpy() - first) / np.timedelta64(1, "s")
        known = (unaided(self.world, truth) - first) / np.timedelta64(1, "D")
        day = (since // 86_400).astype(int)
        self._edges = np.searchsorted(day, np.arange(self.world.days + 1))
        self._all = Batch(
            second=since % 86_400,
            customer=truth["customer_id"].to_numpy(),
            terminal=truth["terminal_id"].to_numpy(),
            amount=truth["amount"].to_numpy(),
            fraud=truth["is_fraud"].to_numpy(),
            known=np.ceil(known).astype(int),
        )

    def batch(self, day: int) -> Batch:
        """The payments of a day, counted from the first day of the world."""
        rows = slice(*self._edges[day : day + 2])
        return Batch(**{f.name: getattr(self._all, f.name)[rows] for f in fields(Batch)})

    def weekend(self, day: int) -> bool:
        """Whether a day is a Saturday or a Sunday."""
        return (self.world.first_day.astype("datetime64[D]").astype(int) + day) % 7 in (2, 3)
