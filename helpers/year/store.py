"""The feature store: what is known of each customer and terminal, brought up to date each night."""

from __future__ import annotations

import numpy as np

WINDOWS = (1, 7, 30)  # days
NAMES = (
    "amount",
    "is_weekend",
    "is_night",
    *(f"customer_{what}_{days}d" for days in WINDOWS for what in ("count", "mean")),
    *(f"terminal_{what}_{days}d" for days in WINDOWS for what in ("count", "risk")),
)


class Store:
    """Running sums for each midnight. The features are those of lesson 22, by whole days.

    A customer's window is today so far and the days before it; a terminal's holds the labels that
    the last midnights brought. `fresh` is the midnight up to which the service sees the store: a
    nightly job sets it to today. `Store.features` may be asked for another one.
    """

    def __init__(self, days: int, customers: int, terminals: int):
        self._count, self._sum = (np.zeros((days + 1, customers)) for _ in range(2))
        self._labels, self._frauds = (np.zeros((days + 1, terminals)) for _ in range(2))
        self.fresh = 0

    def learn(self, day: int, terminal: np.ndarray, fraud: np.ndarray) -> None:
        """Take in the labels that the midnight of `day` brought."""
        for sums, weights in ((self._labels, None), (self._frauds, fraud.astype(float))):
            new = np.bincount(terminal, weights, minlength=sums.shape[1])
            sums[day] = new + (sums[day - 1] if day else 0)

    def unlearn(self, day: int, today: int, terminal: np.ndarray, fraud: np.ndarray) -> None:
        """Take out again what a day's file had brought, which was wrong."""
        for sums, weights in ((self._labels, None), (self._frauds, fraud.astype(float))):
            sums[day:today] -= np.bincount(terminal, weights, minlength=sums.shape[1])

    def close(self, day: int, customer: np.ndarray, amount: np.ndarray) -> None:
        """Add a day's payments, as they were received, when the day is over."""
        kept = np.isfinite(amount)
        customers = self._count.shape[1]
        for sums, weights in ((self._count, None), (self._sum, amount[kept])):
            new = np.bincount(customer[kept], weights, minlength=customers)
            sums[day + 1] = sums[day] + new

    def resend(self, day: int, today: int, was: tuple, now: tuple) -> None:
        """Put a day right: `was`, the customers and amounts received, becomes `now`."""
        for sums, number in ((self._count, None), (self._sum, 1)):
            old, new = (
                np.bincount(part[0], None if number is None else np.nan_to_num(part[1]), self.size)
                for part in (was, now)
            )
            sums[day + 1 : today + 1] += new - old

    @property
    def size(self) -> int:
        """How many customers there are."""
        return self._count.shape[1]

    def features(self, seen: Seen, day: int, weekend: bool, at: int | None = None) -> np.ndarray:
        """The features of received payments, float32, one column for each of NAMES."""
        at = self.fresh if at is None else at
        columns = [seen.amount, np.full(len(seen.amount), float(weekend)), seen.second < 7 * 3600]
        today, total = _so_far(seen.customer, np.nan_to_num(seen.amount))
        for days in WINDOWS:
            since = max(at - days + 1, 0)
            count = today + (self._count[at] - self._count[since])[seen.customer]
            money = total + (self._sum[at] - self._sum[since])[seen.customer]
            columns += [count, money / count]
        for days in WINDOWS:
            since = max(at - days, 0)
            count = (self._labels[at] - self._labels[since])[seen.terminal]
            frauds = (self._frauds[at] - self._frauds[since])[seen.terminal]
            columns += [count, frauds / np.maximum(count, 1)]
        return np.column_stack(columns).astype(np.float32)


class Seen:
    """Payments as the service receives them.

    row: their place in the day's batch (twice, where one was delivered twice). second: the stamp
    that the till put on; arrival: when it came, in seconds since midnight. scored: False where
    nobody asked the model. failed: True where the service gave an error. ms: time to answer.
    """

    def __init__(self, batch) -> None:
        self.row = np.arange(len(batch))
        self.second, self.arrival = batch.second.copy(), batch.second.copy()
        self.customer, self.terminal = batch.customer.copy(), batch.terminal.copy()
        self.amount = batch.amount.copy()
        self.scored = np.ones(len(batch), bool)
        self.failed = np.zeros(len(batch), bool)
        self.ms = np.zeros(len(batch))

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: np.ndarray) -> Seen:
        """Some of them, by place or by mask; a place given twice comes twice."""
        new = object.__new__(Seen)
        for name, values in vars(self).items():
            setattr(new, name, values[rows])
        return new


def _so_far(customer: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each payment its customer's number and sum of payments today, itself included."""
    order = np.argsort(customer, kind="stable")
    same = customer[order]
    first = np.searchsorted(same, same)
    total = np.concatenate([[0.0], np.cumsum(amount[order])])
    count, money = np.empty(len(order)), np.empty(len(order))
    count[order] = np.arange(len(order)) - first + 1
    money[order] = total[1:] - total[first]
    return count, money
