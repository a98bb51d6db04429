"""Payments that were taken and vouchers that were used, in one SQLite file.

Two rules of the database, not of our code, stand against a double charge: an idempotency key
is unique, and so is a voucher for each customer. Each payment is one transaction: either both
are written, payment and voucher, or neither.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import astuple, dataclass, fields

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


COLUMNS = ", ".join(field.name for field in fields(Payment))
PLACES = ", ".join("?" for _ in fields(Payment))


class Ledger:
    """The book of payments at `path`; ":memory:" keeps it only as long as the process lives.

    Safe to use from several threads, and the file from several processes.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=5, isolation_level=None, check_same_thread=False
        )
        # WAL lets others read during a write; FULL survives a power cut, not only a crash.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(TABLES)

    def find(self, payment_id: str) -> Payment | None:
        """The payment with this id, or None."""
        return self._one("payment_id = ?", payment_id)

    def repeated(self, key: str, fingerprint: str) -> Payment | None:
        """The payment taken before under this idempotency key, or None.

        Raises KeyReused where its content was another.
        """
        payment = self._one("idempotency_key = ?", key)
        if payment and payment.fingerprint != fingerprint:
            raise KeyReused("This Idempotency-Key belongs to a payment with another content.")
        return payment

    def is_used(self, voucher: str, customer_id: int) -> bool:
        """Whether the customer has paid with this voucher before."""
        query = "SELECT 1 FROM redemptions WHERE voucher = ? AND customer_id = ?"
        with self._lock:
            return self._connection.execute(query, (voucher, customer_id)).fetchone() is not None

    def take(self, payment: Payment) -> Payment:
        """Keep a new payment and give it back, or the one that was quicker under the same key.

        A declined payment does not use the voucher up. Raises KeyReused or VoucherUsed, and then
        nothing is kept.
        """
        try:
            with self._lock, _transaction(self._connection) as connection:
                connection.execute(
                    f"INSERT INTO payments ({COLUMNS}) VALUES ({PLACES})", astuple(payment)
                )
                if payment.voucher and payment.status != "declined":
                    connection.execute(
                        "INSERT INTO redemptions VALUES (?, ?, ?)",
                        (payment.voucher, payment.customer_id, payment.payment_id),
                    )
        except sqlite3.IntegrityError as error:
            if before := self.repeated(payment.idempotency_key, payment.fingerprint):
                return before
            if "redemptions" not in str(error):
                raise
            raise VoucherUsed(f"Voucher {payment.voucher} is used up for this customer.") from None
        return payment

    def close(self) -> None:
        """Close the file. What was taken stays in it."""
        with self._lock:
            self._connection.close()

    def _one(self, condition: str, value: str) -> Payment | None:
        query = f"SELECT {COLUMNS} FROM payments WHERE {condition}"
        with self._lock:
            row = self._connection.execute(query, (value,)).fetchone()
        return Payment(*row) if row else None


class _transaction:
    """BEGIN IMMEDIATE, then COMMIT, or ROLLBACK where anything fails, the COMMIT too."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._connection.execute("ROLLBACK" if kind else "COMMIT")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if kind is None:
                raise
