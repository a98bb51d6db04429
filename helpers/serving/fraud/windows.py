"""The 15 features of `helpers.payments.features`, kept up to date as payments and labels come in.

Offline they are worked out for a whole table, here for one payment in some ten microseconds,
however many customers there are. Both give the same numbers; the tests hold them together.

Event time rules, not the moment of arrival. An event up to an hour older than the newest payment
is taken in its place; an older one is refused, since what lies so far back may be cleared away.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from helpers.payments.features import PER_UNIT, WINDOWS
from helpers.serving.fraud.timeline import Timeline

SECOND = 1_000_000  # microseconds, the unit of all moments here
DAY = 86_400 * SECOND
LATE = 3_600 * SECOND
LENGTHS = tuple(days * DAY for days in WINDOWS)
KEPT = max(LENGTHS) + LATE
NIGHT = 7 * 3_600 * SECOND
THURSDAY = 3  # 1970-01-01, where Monday is 0

Taken = Literal["taken", "repeated", "late"]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the windows see it.

    id: a whole number that orders payments of the same moment. time: microseconds since 1970, UTC.
    amount: in ten-thousandths of money, so that sums are exact.

    Raises ValueError for one of these that is no whole number, or an amount below 0.
    """

    id: int
    time: int
    customer: Hashable
    terminal: Hashable
    amount: int

    def __post_init__(self) -> None:
        for name in ("id", "time", "amount"):
            _require_whole(name, getattr(self, name))
        if self.amount < 0:
            raise ValueError(f"amount must be 0 or more, not {self.amount}")


@dataclass(frozen=True, slots=True)
class Label:
    """What became known about a payment: its id, its terminal, when, and whether it was fraud.

    known_at: microseconds since 1970, UTC; the label counts from this moment on and not before.

    Raises ValueError for an id or a known_at that is no whole number.
    """

    id: int
    terminal: Hashable
    known_at: int
    is_fraud: bool

    def __post_init__(self) -> None:
        for name in ("id", "known_at"):
            _require_whole(name, getattr(self, name))


class Windows:
    """What is known of every customer and terminal.

    newest: the time of the newest payment, None before the first. counts: how many payments and
    labels were taken, repeated and late. Not safe for two threads at once.
    """

    def __init__(self) -> None:
        self.customers: dict[Hashable, Timeline] = {}
        self.terminals: dict[Hashable, Timeline] = {}
        self.newest: int | None = None
        self.counts: Counter[tuple[str, Taken]] = Counter()

    def is_late(self, time: int) -> bool:
        """Whether an event of this moment comes too late to be taken."""
        return self.newest is not None and time < self.newest - LATE

    def features(self, payment: Payment) -> list[float]:
        """The features of a payment, in the order of helpers.payments.features.COLUMNS.

        Nothing is changed, and it makes no difference whether the payment was taken before.
        """
        time = payment.time
        row = [
            payment.amount / PER_UNIT,
            float((time // DAY + THURSDAY) % 7 >= 5),
            float(time % DAY < NIGHT),
        ]
        self._of_customer(payment, row)
        self._of_terminal(payment.terminal, time, row)
        return row

    def take(self, payment: Payment) -> Taken:
        """Count a payment from now on: "taken", or "repeated" or "late" and nothing changes."""
        return self._noted("payment", self._take(payment))

    def learn(self, label: Label) -> Taken:
        """Count a label from its known_at on: "taken", or "repeated" or "late"."""
        return self._noted("label", self._learn(label))

    def remember(self, label: Label) -> None:
        """Count a label that was taken before a restart, however old it is by now."""
        self.terminals.setdefault(label.terminal, Timeline()).add(
            label.known_at, label.id, int(label.is_fraud)
        )

    def _of_customer(self, payment: Payment, row: list[float]) -> None:
        past = self.customers.get(payment.customer)
        if past is None:
            for _ in LENGTHS:
                row += (1.0, payment.amount / PER_UNIT)
            return
        times, totals, time = past.times, past.totals, payment.time
        last = past.place(time, payment.id)
        if past.has(last, time, payment.id):
            last -= 1
        until = totals[last] + payment.amount
        for length in LENGTHS:
            first = bisect_right(times, time - length, 0, last)
            count = last - first + 1
            row += (float(count), (until - totals[first]) / (count * PER_UNIT))

    def _of_terminal(self, terminal: Hashable, time: int, row: list[float]) -> None:
        known = self.terminals.get(terminal)
        if known is None:
            row += (0.0,) * (2 * len(LENGTHS))
            return
        times, frauds = known.times, known.totals
        last = bisect_right(times, time)
        for length in LENGTHS:
            first = bisect_right(times, time - length, 0, last)
            count = last - first
            row += (float(count), (frauds[last] - frauds[first]) / max(count, 1))

    def _take(self, payment: Payment) -> Taken:
        past = self.customers.get(payment.customer)
        if self.is_late(payment.time):
            return "repeated" if _has(past, payment.time, payment.id) else "late"
        if past is None:
            past = self.customers[payment.customer] = Timeline()
        if not past.add(payment.time, payment.id, payment.amount):
            return "repeated"
        if self.newest is None or payment.time > self.newest:
            self.newest = payment.time
        past.forget(self.newest - KEPT)
        return "taken"

    def _learn(self, label: Label) -> Taken:
        known = self.terminals.get(label.terminal)
        if self.is_late(label.known_at):
            return "repeated" if _has(known, label.known_at, label.id) else "late"
        if known is None:
            known = self.terminals[label.terminal] = Timeline()
        if not known.add(label.known_at, label.id, int(label.is_fraud)):
            return "repeated"
        if self.newest is not None:
            known.forget(self.newest - KEPT)
        return "taken"

    def _noted(self, what: str, how: Taken) -> Taken:
        self.counts[what, how] += 1
        return how


def _has(timeline: Timeline | None, time: int, id: int) -> bool:
    return timeline is not None and timeline.has(timeline.place(time, id), time, id)


def _require_whole(name: str, value: object) -> None:
    # A NaN or a half would leave a timeline with times and without their amounts.
    if type(value) is not int:
        raise ValueError(f"{name} must be a whole number (int), not {value!r}")
