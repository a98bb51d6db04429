"""The past of a service that did not run then: a ledger and labels, as if it had."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd

from helpers.models.page import give_back_memory
from helpers.serving.fraud.app import FILE
from helpers.serving.fraud.memory import LABELS
from helpers.serving.fraud.till import seconds
from helpers.serving.ledger import COLUMNS, PLACES, TABLES


def write_history(folder: Path, payments: pd.DataFrame, labels: pd.DataFrame) -> None:
    """Write a ledger (ledger.sqlite) and the labels that are known into a folder.

    payments: transaction_id, time, customer_id, terminal_id, amount. labels: transaction_id,
    known_at, is_fraud. A service that starts on this folder counts them as its own.
    """
    payments = payments.sort_values(["time", "transaction_id"])
    ids = {int(id): f"{int(id):032x}" for id in payments["transaction_id"]}
    rows = zip(
        ids.values(),
        (f"payment-{id:010}" for id in ids),
        ["history"] * len(payments),
        map(int, payments["customer_id"]),
        map(int, payments["terminal_id"]),
        map(int, (payments["amount"] * 100).round()),
        map(int, seconds(payments["time"])),
        [None] * len(payments),
        ["approved"] * len(payments),
        ["before there was a model"] * len(payments),
        [None] * len(payments),
        ["no check"] * len(payments),
        strict=True,
    )
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as book, book:
        book.executescript(TABLES)
        book.executemany(f"INSERT INTO payments ({COLUMNS}) VALUES ({PLACES})", rows)
    known = labels[labels["transaction_id"].isin(payments["transaction_id"])]
    terminal = payments.set_index("transaction_id")["terminal_id"]
    told = zip(
        (ids[int(id)] for id in known["transaction_id"]),
        map(int, terminal.loc[known["transaction_id"]]),
        map(int, seconds(known["known_at"])),
        map(int, known["is_fraud"]),
        strict=True,
    )
    with closing(sqlite3.connect(folder / FILE)) as book, book:
        book.execute(LABELS)
        book.executemany("INSERT INTO labels VALUES (?, ?, ?, ?)", told)
    give_back_memory()  # a kernel that does this is about to start a service beside it
