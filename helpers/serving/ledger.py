"""Payments that were taken and vouchers that were used, in one SQLite file.

Two rules of the database, not of our code, stand against a double charge: an idempotency key
is unique, and so is a voucher for each customer. Each payment is one transaction: either both
are written, payment and voucher, or neither.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from operator import attrgetter

TABLES = """
CREATE TABLE IF NOT EXISTS payments (
    payment_id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    terminal_id INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    taken_at INTEGER NOT NULL,
    voucher TEXT,
    status TEXT NOT NULL CHECK (status IN ('approved', 'declined', 'review')),
    reason TEXT NOT NULL,
    score REAL,
    decided_by TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS redemptions (
    voucher TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payments,
    PRIMARY KEY (voucher, customer_id)
);
"""


class LedgerUnavailable(Exception):
    """The file cannot be read or written now: locked for too long, or the disk is full."""


class KeyReused(Exception):
    """The idempotency key already belongs to a payment with another content."""


class VoucherUsed(Exception):
    """The customer has already used this voucher."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it is kept; the fields are the table's columns.

    fingerprint: a digest of what the till sent, so that the same key with another content is
    noticed. taken_at: Unix seconds, UTC. status: "approved", "declined" or "review".
    """

    payment_id: str
    idempotency_key: str
    fingerprint: str
    customer_id: int
    terminal_id: int
    amount_cents: int
    taken_at: int
    voucher: str | None
    status: str
    reason: str
    score: float | None
    decided_by: str


NAMES = [field.name for field in fields(Payment)]
COLUMNS, PLACES = ", ".join(NAMES), ", ".join("?" * len(NAMES))
ROW = attrgetter(*NAMES)


class Ledger:
    """The book of payments at `path`; ":memory:" keeps it only as long as the process lives.

    Safe to use from several threads, and the file from several processes. Reading never waits
    for the disk to have written, so it is quick; `take` waits. Every method raises
    LedgerUnavailable where the file does not serve; what was asked is then not done.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._path = path
        self.waits = path != ":memory:"  # whether `take` waits for a disk
        with self._serving():
            self._writing = _Connection(path)
            # WAL lets others read during a write; FULL survives a power cut, not only a crash.
            self._writing.sqlite.execute("PRAGMA journal_mode = WAL")
            self._writing.sqlite.execute("PRAGMA synchronous = FULL")
            self._writing.sqlite.executescript(TABLES)
            # Each connection to ":memory:" would be a book of its own.
            self._reading = _Connection(path) if self.waits else self._writing

    def find(self, payment_id: str) -> Payment | None:
        """The payment with this id, or None."""
        return self._payment("payment_id = ?", payment_id)

    def repeated(self, key: str, fingerprint: str) -> Payment | None:
        """The payment taken before under this idempotency key, or None.

        Raises KeyReused where its content was another.
        """
        payment = self._payment("idempotency_key = ?", key)
        if payment and payment.fingerprint != fingerprint:
            raise KeyReused("This Idempotency-Key belongs to a payment with another content.")
        return payment

    def is_used(self, voucher: str, customer_id: int) -> bool:
        """Whether the customer has paid with this voucher before."""
        query = "SELECT 1 FROM redemptions WHERE voucher = ? AND customer_id = ?"
        return self._row(query, voucher, customer_id) is not None

    def take(self, payment: Payment) -> Payment:
        """Keep a new payment and give it back, or the one that was quicker under the same key.

        A declined payment does not use the voucher up. Raises KeyReused or VoucherUsed, and then
        nothing is kept.
        """
        try:
            self._write(payment)
        except sqlite3.IntegrityError as error:
            if before := self.repeated(payment.idempotency_key, payment.fingerprint):
                return before
            if "redemptions" not in str(error):
                raise
            raise VoucherUsed(f"Voucher {payment.voucher} is used up for this customer.") from None
        return payment

    def close(self) -> None:
        """Close the file. What was taken stays in it."""
        for connection in (self._reading, self._writing):
            with connection.lock:
                connection.sqlite.close()

    def _write(self, payment: Payment) -> None:
        writing = self._writing
        with writing.lock, self._serving(), _transaction(writing.sqlite) as connection:
            connection.execute(f"INSERT INTO payments ({COLUMNS}) VALUES ({PLACES})", ROW(payment))
            if payment.voucher and payment.status != "declined":
                connection.execute(
                    "INSERT INTO redemptions VALUES (?, ?, ?)",
                    (payment.voucher, payment.customer_id, payment.payment_id),
                )

    def _payment(self, condition: str, value: str) -> Payment | None:
        row = self._row(f"SELECT {COLUMNS} FROM payments WHERE {condition}", value)
        return Payment(*row) if row else None

    def _row(self, query: str, *values: str | int) -> tuple | None:
        with self._reading.lock, self._serving():
            return self._reading.sqlite.execute(query, values).fetchone()

    @contextmanager
    def _serving(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"The ledger {self._path} cannot be used: {error}.") from error


class _Connection:
    """A connection to SQLite, and the lock that lets one thread at a time use it."""

    def __init__(self, path: str) -> None:
        self.lock = threading.Lock()
        self.sqlite = sqlite3.connect(
            path, timeout=5, isolation_level=None, check_same_thread=False
        )


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All that is done inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
