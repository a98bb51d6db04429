"""The world played: day after day payments come, decisions are taken, labels trickle in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .costs import Costs, Outcome, as_decisions
from .fraud import CARD_DAYS
from .labels import DAY, as_scores, labels_frame, most_suspicious, unaided

if TYPE_CHECKING:
    from .world import World

TRUTH = ["is_fraud", "scenario"]
STOLEN_CARD = (3, 4)  # scenarios in which a thief holds the card


class Day:
    """One day of a play.

    `number` counts from 0, `date` is its midnight (Timestamp). `payments` has transaction_id,
    time, customer_id, terminal_id and amount, in order of time: no truth. `labels` has
    transaction_id, known_at and is_fraud: what becomes known from this midnight to the next, and
    what became known about yesterday's payments while yesterday was still running.
    """

    def __init__(self, play: Play, number: int, payments: pd.DataFrame, labels: pd.DataFrame):
        self._play = play
        self.number = number
        self.date = pd.Timestamp(play.world.first_day) + pd.Timedelta(days=number)
        self.payments = payments
        self.labels = labels
        self.outcome: Outcome | None = None

    def decide(self, decisions, scores=None) -> Outcome:
        """Approve, decline or review each payment of the day, once.

        `decisions` holds "approve", "decline" or "review" for each row of `payments`, or is one of
        these words for all. A declined payment never gets a label. A reviewed one gets it at the
        next midnight, and a fraud that a review finds is stopped. With the world's `late_labels`,
        the approved payments with the highest `scores` are investigated (by default, the highest
        amounts).

        Raises ValueError for an unknown word or another number of decisions, and RuntimeError
        for a day that is decided or over.
        """
        if self._play.today is not self:
            raise RuntimeError(f"{self.date:%Y-%m-%d} is over; an unanswered day is approved")
        if self.outcome is not None:
            raise RuntimeError(f"{self.date:%Y-%m-%d} is already decided")
        words = as_decisions(self._aligned(decisions, "decisions"))
        scores = as_scores(self._aligned(scores, "scores"), self.payments["amount"])
        self.outcome = self._play._settle(self, words, scores)
        return self.outcome

    def _aligned(self, values, what: str):
        count = len(self.payments)
        if values is None:
            return None
        if isinstance(values, str):
            return np.full(count, values)
        if len(values) != count:
            raise ValueError(f"{len(values)} {what} for the {count} payments of the day")
        if isinstance(values, pd.Series) and not values.index.equals(self.payments.index):
            if set(values.index) != set(self.payments.index):
                raise ValueError(f"the index of {what} is not that of the day's payments")
            values = values.loc[self.payments.index]
        return values


class Play:
    """An iterator over the days of a world; a day that is not answered is approved as a whole.

    A loop that was left can be taken up again: the next day comes. `world.play()` starts anew.
    `today` is the current day, None before the first and after the last.
    """

    def __init__(self, world: World, costs: Costs):
        self.world, self.costs = world, costs
        self.today: Day | None = None
        self._truth = world.transactions()
        day = self._truth["time"].to_numpy().astype("datetime64[D]")
        self._edges = np.searchsorted(day, world.first_day + np.arange(world.days + 1))
        self._known_at = unaided(world, self._truth)
        self._happens = np.ones(len(self._truth), dtype=bool)
        self._stolen = np.flatnonzero(self._truth["scenario"].isin(STOLEN_CARD))
        self._due: list[list[np.ndarray]] = [[] for _ in range(world.days)]
        self._came: list[np.ndarray] = []
        self._outcomes: list[tuple[pd.Timestamp, Outcome]] = []
        self._next = 0

    def __iter__(self) -> Play:
        return self

    def __len__(self) -> int:
        """How many days the whole play has."""
        return self.world.days

    def __next__(self) -> Day:
        if self.today is not None and self.today.outcome is None:
            self.today.decide("approve")
        if self._next == self.world.days:
            self.today = None
            raise StopIteration
        self.today = self._day(self._next)
        self._next += 1
        return self.today

    @property
    def ledger(self) -> pd.DataFrame:
        """The decided days: date, payments, and the fields and cost of each day's Outcome."""
        rows = [
            {"date": date, "payments": o.approved + o.declined + o.reviewed, **asdict(o)}
            | {"cost": o.cost}
            for date, o in self._outcomes
        ]
        names = ["date", "payments", *Outcome.__dataclass_fields__, "cost"]
        return pd.DataFrame(rows, columns=names)

    def payments(self) -> pd.DataFrame:
        """All payments that came so far, today's among them, as `Day.payments`."""
        return self._visible(np.flatnonzero(self._happens[: self._edges[self._next]]))

    def labels(self) -> pd.DataFrame:
        """All labels that became known so far, today's among them, as `Day.labels`."""
        rows = np.concatenate([np.empty(0, dtype=np.int64), *self._came])
        return self._labels(rows)

    def _day(self, number: int) -> Day:
        first, last = self._edges[number : number + 2]
        rows = first + np.flatnonzero(self._happens[first:last])
        known = np.concatenate([np.empty(0, dtype=np.int64), *self._due[number]])
        self._came.append(known)
        return Day(self, number, self._visible(rows), self._labels(known))

    def _visible(self, rows: np.ndarray) -> pd.DataFrame:
        return self._truth.drop(columns=TRUTH).iloc[rows].reset_index(drop=True)

    def _labels(self, rows: np.ndarray) -> pd.DataFrame:
        rows = np.sort(rows)
        return labels_frame(self._truth, rows, self._known_at[rows])

    def _settle(self, day: Day, words: np.ndarray, scores: np.ndarray) -> Outcome:
        rows = day.payments["transaction_id"].to_numpy()
        approved, reviewed = rows[words == "approve"], rows[words == "review"]
        early = reviewed
        if self.world.late_labels:
            chosen = most_suspicious(scores[words == "approve"], self.world.investigated_a_day)
            early = np.concatenate([reviewed, approved[chosen]])
        midnight = self.world.first_day + np.timedelta64(day.number + 1, "D")
        self._known_at[early] = np.minimum(self._known_at[early], midnight)
        self._announce(day.number, np.concatenate([approved, reviewed]))
        self._stop_thieves(day.number, rows[words != "approve"])
        amount = self._truth["amount"].to_numpy()[rows]
        is_fraud = self._truth["is_fraud"].to_numpy()[rows]
        outcome = self.costs.outcome(words, amount, is_fraud)
        self._outcomes.append((day.date, outcome))
        return outcome

    def _announce(self, number: int, rows: np.ndarray) -> None:
        """Put each label on the day on which it becomes known, at the earliest on the next."""
        due = ((self._known_at[rows] - self.world.first_day) // DAY).astype(int)
        due = np.maximum(due, number + 1)
        for day in np.unique(due[due < self.world.days]):
            self._due[day].append(rows[due == day])

    def _stop_thieves(self, number: int, stopped: np.ndarray) -> None:
        """What `fraud_reacts` says: from tomorrow on the blocked card's frauds do not happen."""
        if not self.world.fraud_reacts:
            return
        stolen = np.intersect1d(stopped, self._stolen)
        end = min(number + 1 + CARD_DAYS, self.world.days)
        first, last = np.searchsorted(self._stolen, self._edges[[number + 1, end]])
        later = self._stolen[first:last]
        card = self._truth["customer_id"].to_numpy()
        self._happens[later[np.isin(card[later], card[stolen])]] = False
