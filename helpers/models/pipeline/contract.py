"""What a delivery of payments and labels has to keep, before anything is built on it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.payments.frames import (
    LABEL_COLUMNS,
    TRANSACTION_COLUMNS,
    require_labels,
    require_transactions,
)

MOST = 3_000.0  # money: the card's limit


class BrokenContract(ValueError):
    """A delivery that is not as agreed; the message names every breach that was found."""


def require_contract(payments: pd.DataFrame, labels: pd.DataFrame) -> None:
    """Raise BrokenContract unless columns, types, values and days are as agreed.

    payments: transaction_id, time, customer_id, terminal_id, amount, nothing missing, an amount of
    0 to 3,000, and at least one payment on each day. labels: transaction_id, known_at, is_fraud, of
    payments that are there, after the payment, and of both kinds.
    """
    found = list(_shape(payments, labels)) or list(_content(payments, labels))
    if found:
        raise BrokenContract("; ".join(found))


def _shape(payments: pd.DataFrame, labels: pd.DataFrame) -> Iterator[str]:
    """What makes all further questions meaningless: columns, types, gaps, repeats."""
    agreed = {"payments": TRANSACTION_COLUMNS, "labels": (*LABEL_COLUMNS, "is_fraud")}
    for name, frame in (("payments", payments), ("labels", labels)):
        strange = [column for column in frame if column not in agreed[name]]
        if strange:
            yield f"{name}: column {strange[0]!r} was not agreed on"
    if "is_fraud" not in labels:
        yield "labels has no column 'is_fraud'"
    checks = ((lambda: require_transactions(payments, False)), (lambda: require_labels(labels)))
    for check in checks:
        try:
            check()
        except ValueError as error:
            yield str(error)


def _content(payments: pd.DataFrame, labels: pd.DataFrame) -> Iterator[str]:
    if payments.empty:
        yield "payments: the delivery holds no payment"
        return
    day = payments["time"].dt.normalize()
    empty = pd.date_range(day.min(), day.max()).difference(day.unique())
    if len(empty):
        yield f"payments: {empty[0]:%Y-%m-%d} is empty ({len(empty)} empty days in all)"
    outside = ~payments["amount"].between(0, MOST)
    if outside.any():
        worst = payments.loc[outside, "amount"].iloc[0]
        count = outside.sum()
        yield f"payments: {count} amounts are not from 0 to {MOST:,.0f}, such as {worst:,.2f}"
    yield from _of_labels(payments, labels)


def _of_labels(payments: pd.DataFrame, labels: pd.DataFrame) -> Iterator[str]:
    is_fraud = labels["is_fraud"].astype(bool)
    if labels.empty or is_fraud.all() or not is_fraud.any():
        yield f"labels: {is_fraud.sum()} of {len(labels)} say fraud; a model needs both kinds"
    made = labels["transaction_id"].map(payments.set_index("transaction_id")["time"])
    if made.isna().any():
        yield f"labels: {made.isna().sum()} are of payments that were not delivered"
    early = labels["known_at"] < made
    if early.any():
        yield f"labels: {early.sum()} were known before their payment was made"
