"""The windows of a running service: safe for its threads, and there again after a restart.

What they are made of is on disk anyway: payments in the ledger, labels in a file of their own. So
a restart reads both and counts again, and there is no second truth that could differ.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from helpers.payments.features import PER_UNIT
from helpers.serving import ledger
from helpers.serving.decisions import Purchase
from helpers.serving.fraud.counters import Counters
from helpers.serving.fraud.following import Entry, Following
from helpers.serving.fraud.windows import KEPT, LATE, SECOND, Label, Payment, Taken, Windows

LAST = 2**62  # the id of a payment that is being decided: after all others of its moment
PER_CENT = PER_UNIT // 100
LABELS = """
CREATE TABLE IF NOT EXISTS labels (
    payment_id TEXT PRIMARY KEY,
    terminal_id INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    is_fraud INTEGER NOT NULL
)
"""
PAYMENTS = """
SELECT customer_id, terminal_id, amount_cents, taken_at FROM payments
WHERE taken_at BETWEEN ? AND ? ORDER BY rowid
"""


class Memory:
    """Windows that several threads may use, refilled from the ledger and the labels' file.

    ledger_path: the service's ledger. labels_path: SQLite, made if it is missing. ":memory:" is
    nothing to begin with and nothing to keep. clock: seconds since 1970; a payment that claims to
    be more than an hour ahead of it is not counted, or one wrong clock would make all others late.
    shared: whether others take payments into the ledger as well. All are then read from it before
    each decision, one's own too, so that every process counts them in one order.
    """

    def __init__(
        self,
        ledger_path: str,
        labels_path: str,
        counters: Counters,
        clock: Callable[[], float] = time.time,
        shared: bool = False,
    ) -> None:
        self.windows, self._clock, self._counters = Windows(), clock, counters
        self._lock, self._writing, self._arrived = threading.Lock(), threading.Lock(), 0
        self._newest_label = 0
        self._labels = sqlite3.connect(labels_path, check_same_thread=False, isolation_level=None)
        self._labels.execute("PRAGMA journal_mode = WAL")
        self._labels.execute(LABELS)
        last = self._refill(ledger_path)
        self._following = Following(ledger_path, last) if shared else None

    def features(self, purchase: Purchase) -> list[float] | Literal["late", "ahead"]:
        """The features of a payment that is to be decided, or why it cannot have any."""
        time = purchase.taken_at * SECOND
        with self._lock:
            if self._following:
                for kept in self._following.more():
                    self._count(kept)
            if self.windows.is_late(time):
                return "late"
            if self._is_ahead(time):
                return "ahead"
            return self.windows.features(
                Payment(
                    LAST,
                    time,
                    purchase.customer_id,
                    purchase.terminal_id,
                    purchase.amount_cents * PER_CENT,
                )
            )

    def take(self, payment: ledger.Payment) -> None:
        """Count a payment that the ledger has kept. Call it once for each."""
        if not self._following:
            with self._lock:
                self._count(payment)

    def learn(self, labels: Sequence[tuple[ledger.Payment, bool, int | None]]) -> Counter[Taken]:
        """Keep and count labels: the payment, whether it was fraud, and since when that is known.

        known_at: Unix seconds, or None for now. The first label of a payment stands: another one
        is "repeated". The answer counts what became of them.
        """
        now, counts = int(self._clock()), Counter[Taken]()
        try:
            with self._writing, self._kept():
                for payment, is_fraud, known_at in labels:
                    at = now if known_at is None else known_at
                    row = (payment.payment_id, payment.terminal_id, at, int(is_fraud))
                    how = self._learn(row)
                    counts[how] += 1
                    if how == "taken":
                        self._counters.learned(payment.status, bool(is_fraud))
                        self._show_newest(at)
        except sqlite3.Error as error:
            raise ledger.LedgerUnavailable(f"Labels cannot be kept: {error}.") from error
        for how, number in counts.items():
            self._counters.events.labels("label", how).inc(number)
        return counts

    def close(self) -> None:
        """Close what it reads."""
        with self._writing:
            self._labels.close()
        if self._following:
            self._following.close()

    def _show_newest(self, known_at: int) -> None:
        # A label from the future must not keep the alarm for late labels silent until then.
        self._newest_label = max(self._newest_label, min(known_at, int(self._clock())))
        self._counters.newest_label.set(self._newest_label)

    def _is_ahead(self, time: int) -> bool:
        return time > self._clock() * SECOND + LATE

    def _count(self, payment: ledger.Payment | Entry) -> None:
        time = payment.taken_at * SECOND
        how = "ahead" if self._is_ahead(time) else self._take(payment, time)
        self._counters.events.labels("payment", how).inc()

    def _take(self, payment: ledger.Payment | Entry, time: int) -> Taken:
        self._arrived += 1
        amount = payment.amount_cents * PER_CENT
        return self.windows.take(
            Payment(self._arrived, time, payment.customer_id, payment.terminal_id, amount)
        )

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """One transaction; what the windows have counted is kept whatever comes after it."""
        self._labels.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._labels.execute("COMMIT")

    def _learn(self, row: tuple[str, int, int, int]) -> Taken:
        known = self._labels.execute("SELECT 1 FROM labels WHERE payment_id = ?", row[:1])
        if known.fetchone():
            return "repeated"
        with self._lock:
            how = self.windows.learn(_label(*row))
        if how == "taken":
            self._labels.execute("INSERT INTO labels VALUES (?, ?, ?, ?)", row)
        return how

    def _refill(self, ledger_path: str) -> int:
        """Count what is on disk, and give the ledger's last row that was."""
        last = 0
        if ledger_path != ":memory:" and Path(ledger_path).exists():
            with closing(sqlite3.connect(ledger_path)) as book:
                book.execute("BEGIN")  # all that follows is of one moment
                last = book.execute("SELECT max(rowid) FROM payments").fetchone()[0] or 0
                newest = self._newest(book)
                since = newest - KEPT // SECOND
                for customer, terminal, cents, at in book.execute(PAYMENTS, (since, newest)):
                    self._arrived += 1
                    self.windows.take(
                        Payment(self._arrived, at * SECOND, customer, terminal, cents * PER_CENT)
                    )
        known = self._labels.execute("SELECT max(known_at) FROM labels").fetchone()[0]
        self._show_newest(known or 0)
        newest = self.windows.newest
        since = 0 if newest is None else (newest - KEPT) // SECOND
        for row in self._labels.execute("SELECT * FROM labels WHERE known_at > ?", (since,)):
            # They were in time when they came, whatever the newest payment is by now.
            self.windows.remember(_label(*row))
        return last

    def _newest(self, book: sqlite3.Connection) -> int:
        ahead = int(self._clock()) + LATE // SECOND
        query = "SELECT max(taken_at) FROM payments WHERE taken_at <= ?"
        return book.execute(query, (ahead,)).fetchone()[0] or 0


def _label(payment_id: str, terminal_id: int, known_at: int, is_fraud: int) -> Label:
    # Of labels of one moment any order will do, as long as no two have the same number.
    return Label(int(payment_id[-15:], 16), terminal_id, known_at * SECOND, bool(is_fraud))
