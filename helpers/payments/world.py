"""The world that makes payments: customers, terminals, days, and fraud among them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from .costs import Costs
from .fraud import add_fraud
from .labels import labels_frame, when_known
from .play import Play
from .spending import Payments, genuine

COUNTS = ("customers", "terminals", "seed", "investigated_a_day")
MAX_DAYS = 20_000  # seconds since the start are kept in 32 bits


@dataclass(frozen=True)
class World:
    """Card payments with fraud, the same for the same seed on every machine.

    With its defaults it behaves as the simulator of Le Borgne, Siblini, Lebichot and Bontempi,
    "Reproducible Machine Learning for Credit Card Fraud Detection - Practical Handbook", 2022:
    about 1.75 million payments, 0.8 % of them fraud. Everything from `late_labels` on goes past
    that source and is off by default. A switch leaves the draws of all other parts as they are.

    Raises ValueError, naming the field, for a value that makes no world.
    """

    customers: int = 5_000
    """How many hold a card from the first day on; 0 gives a world without payments."""
    terminals: int = 10_000
    """How many tills take the card."""
    days: int = 183
    """Length in days, at least 1."""
    radius: float = 5
    """How far a customer goes to pay; the world is a square with sides of 100."""
    seed: int = 0
    """Same seed, same world."""
    start: str = field(default="2018-04-01", kw_only=True)
    """First day, as year-month-day."""
    compromised_terminals_a_day: float = field(default=2, kw_only=True)
    """Scenario 2: terminals newly compromised a day. 0.4 is two in five days; make it smaller
    with `terminals`, or a small world drowns in fraud."""
    leaked_cards_a_day: float = field(default=3, kw_only=True)
    """Scenario 3: cards newly leaked a day; make it smaller with `customers`."""
    label_delay: float = field(default=7, kw_only=True)
    """Days from a payment to its label, as long as `late_labels` is off."""
    late_labels: bool = field(default=False, kw_only=True)
    """Switch: labels come as they do in a bank. The day's `investigated_a_day` most suspicious
    payments are looked into and known at the midnight that follows. Any other fraud comes by
    chargeback, a genuine payment counts as genuine when `dispute_days` are over."""
    investigated_a_day: int = field(default=100, kw_only=True)
    """Payments a day that are looked into; used with `late_labels`."""
    chargeback_days: float = field(default=21, kw_only=True)
    """Median days from a fraud to its chargeback, which is lognormal with a sigma of 0.6 and at
    most `dispute_days`; used with `late_labels`."""
    dispute_days: float = field(default=60, kw_only=True)
    """Days in which a customer can dispute a payment; used with `late_labels`."""
    weekly_season: float = field(default=0.0, kw_only=True)
    """Switch, a share: 0.3 takes 15 % off Monday to Wednesday, adds 15 % on Friday and 30 % on
    Saturday; the week's total stays. From 0 to 1."""
    yearly_season: float = field(default=0.0, kw_only=True)
    """Switch, a share: 0.2 adds 20 % in the middle of December and takes 20 % off in the middle of
    June. From 0 to 1."""
    growth: float = field(default=0.0, kw_only=True)
    """Switch, a share a year: 0.5 means half as many payments again a day after 365 days."""
    inflation: float = field(default=0.0, kw_only=True)
    """Switch, a share a year by which amounts rise: covariate shift. The fraud rules stay: above
    220 is fraud, whatever the year, so more payments come to lie there, but what a payment of a
    given amount is does not change. The amounts of scenario 3 rise with their customer's."""
    new_customers_a_day: float = field(default=0.0, kw_only=True)
    """Switch: customers who join each day, with smaller payments (mean 5 to 50) and more of them
    (2 to 6 a day): covariate shift. Their cards leak at the rate of everybody's."""
    new_fraud_day: int | None = field(default=None, kw_only=True)
    """Switch, a day number from 0: concept change. From that day on come bursts of 8 to 15 small
    payments (1 to 10) from one card within an hour of the night, at terminals anywhere: what
    looked harmless before is now fraud (scenario 4)."""
    bursts_a_day: float = field(default=3, kw_only=True)
    """Cards a day that are used so, from `new_fraud_day` on."""
    fraud_reacts: bool = field(default=False, kw_only=True)
    """Switch, seen only in `play()`: once a fraud with a stolen card is declined, the card is
    blocked and its thief gives up: the frauds with this card in the next 14 days never happen, so
    that nobody learns what they would have been."""

    def __post_init__(self):
        for name in COUNTS:
            _require_whole(name, getattr(self, name), 0)
        _require_whole("days", self.days, 1, MAX_DAYS)
        if self.new_fraud_day is not None:
            _require_whole("new_fraud_day", self.new_fraud_day, 0)
        for entry in fields(self):
            if entry.type == "float":
                _require_number(entry.name, getattr(self, entry.name))
            if entry.type == "bool" and not isinstance(getattr(self, entry.name), bool):
                raise ValueError(f"{entry.name} must be True or False")
        for name in ("weekly_season", "yearly_season"):
            if getattr(self, name) > 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {getattr(self, name)!r}")
        _ = self.first_day

    @classmethod
    def small(cls, share: float = 0.1, **fields) -> World:
        """A world with a share of the default's customers and terminals, and the rest in scale.

        A customer reaches as many terminals as in the default world, and as large a share of the
        payments is fraud. Any field can be given: `World.small(0.1, days=60, seed=1)`.

        Raises ValueError for a share that is not above 0, or a wrong field.
        """
        _require_number("share", share)
        if share == 0:
            raise ValueError("share must be above 0")
        scaled = {
            "customers": round(cls.customers * share),
            "terminals": round(cls.terminals * share),
            "radius": cls.radius / share**0.5,
            "compromised_terminals_a_day": cls.compromised_terminals_a_day * share,
            "leaked_cards_a_day": cls.leaked_cards_a_day * share,
            "bursts_a_day": cls.bursts_a_day * share,
        }
        return cls(**(scaled | fields))

    @property
    def first_day(self) -> np.datetime64:
        """The first day, as datetime64[D]."""
        try:
            return np.datetime64(pd.Timestamp(self.start).tz_localize(None), "D")
        except (ValueError, TypeError) as error:
            raise ValueError(f"start must be a date as 2018-04-01, not {self.start!r}") from error

    def transactions(self) -> pd.DataFrame:
        """Every payment in order of time, as if all were approved.

        Columns: transaction_id (int32, the row number), time (datetime64[us], no time zone),
        customer_id and terminal_id (int32), amount (money, two decimals), is_fraud (bool) and
        scenario (int8; 0 is genuine, see the module `fraud`).
        """
        payments = self._payments()
        since = self.first_day.astype("datetime64[s]")
        return pd.DataFrame(
            {
                "transaction_id": np.arange(len(payments), dtype=np.int32),
                "time": (since + payments.second).astype("datetime64[us]"),
                "customer_id": payments.customer,
                "terminal_id": payments.terminal,
                "amount": payments.amount,
                "is_fraud": payments.scenario > 0,
                "scenario": payments.scenario,
            },
            copy=False,
        )

    def labels(self, at=None, scores=None) -> pd.DataFrame:
        """Labels known by the moment `at` (all when None), in the order in which they came.

        Columns: transaction_id, known_at (datetime64[us]), is_fraud. With `late_labels` the most
        suspicious payments of a day are those with the highest `scores`, one number for each row
        of `transactions()`; by default their amount.

        Raises ValueError for scores of another length, or for a moment with a time zone.
        """
        truth = self.transactions()
        known_at = when_known(self, truth, scores)
        return labels_frame(truth, np.arange(len(truth)), known_at, at)

    def play(self, costs: Costs | None = None) -> Play:
        """The world day by day, for decisions: `for day in world.play():`, see `Play`."""
        return Play(self, costs or Costs())

    def _payments(self) -> Payments:
        return add_fraud(self, genuine(self).in_time_order())


def _require_whole(name: str, value, low: int, high: int | None = None) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):
        limits = f"of {low} or more" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be a whole number {limits}, not {value!r}")


def _require_number(name: str, value) -> None:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0:
        raise ValueError(f"{name} must be a number of 0 or more, not {value!r}")
