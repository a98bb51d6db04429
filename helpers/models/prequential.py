"""Walk through time: at each step train on what is known by then, and be tested on what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.payments import features

from .asking import ask
from .metrics import evaluate
from .split import DAY, require_days

Fit = Callable[[pd.DataFrame, pd.Series], Any]


@dataclass(frozen=True)
class Block:
    """One step of the walk.

    at: the midnight on which the model is trained, and from which on it is tested. train and test:
    payments; X_train and X_test: their features; y_train: what was known of them at `at`. model:
    what `fit` gave; scores: its scores of the test payments; metrics: those of `evaluate`, by the
    truth, which at `at` nobody knew.
    """

    at: pd.Timestamp
    train: pd.DataFrame
    X_train: pd.DataFrame
    y_train: pd.Series
    test: pd.DataFrame
    X_test: pd.DataFrame
    model: Any
    scores: Any
    metrics: dict[str, float]


def prequential(
    transactions: pd.DataFrame,
    fit: Fit,
    first: str | pd.Timestamp,
    count: int,
    *,
    labels: pd.DataFrame | None = None,
    X: pd.DataFrame | None = None,
    train_days: int = 7,
    delay_days: int = 7,
    test_days: int = 7,
    k: int = 100,
) -> Iterator[Block]:
    """`count` steps of `test_days` each, the first model trained on the midnight of `first`.

    fit: makes a fitted model of features and labels. labels: transaction_id, known_at and is_fraud
    as World.labels gives them; by default each label is known `delay_days` after its payment. X:
    the features of all transactions, where they are at hand already. k: cards a day, for
    card_precision_k.

    Raises ValueError as `evaluate` and `training_set` do, and where a step has nothing to test on.

    Source: Gama, Sebastião, Rodrigues, "On evaluating stream learning algorithms", Machine
    Learning 90, 2013, https://doi.org/10.1007/s10994-012-5320-9; with the delay of Le Borgne,
    Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card Fraud Detection -
    Practical Handbook", 2022, prequential validation.
    """
    labels = _usual_labels(transactions, delay_days) if labels is None else labels
    X = features(transactions, labels) if X is None else X
    require_days(train_days=train_days, delay_days=delay_days, test_days=test_days)
    for step in range(count):
        at = pd.Timestamp(first).normalize() + step * test_days * DAY
        train, y = training_set(transactions, labels, at, train_days, delay_days)
        test = decisions(transactions, labels, at, test_days, (train_days + delay_days) * DAY)
        model = fit(X.loc[train.index], y)
        scores = ask(model, X.loc[test.index])
        found = evaluate(test, scores, k)
        yield Block(at, train, X.loc[train.index], y, test, X.loc[test.index], model, scores, found)


def training_set(
    transactions: pd.DataFrame,
    labels: pd.DataFrame,
    at: pd.Timestamp,
    train_days: int = 7,
    delay_days: int = 7,
) -> tuple[pd.DataFrame, pd.Series]:
    """Payments to train on at the moment `at`, and what is known of them by then.

    They are those of the `train_days` that ended `delay_days` before `at`. A payment is fraud
    where a label that was known by `at` says so; all others count as genuine, as they must in
    life: nobody has complained yet. The longer the delay, the fewer frauds hide among these.

    Raises ValueError where no payment lies in those days.
    """
    require_days(train_days=train_days, delay_days=delay_days)
    end = at - delay_days * DAY
    time = transactions["time"]
    train = transactions[(time >= end - train_days * DAY) & (time < end)]
    if train.empty:
        raise ValueError(f"no payment lies in the {train_days} days before {end:%Y-%m-%d}")
    known = labels.loc[labels["is_fraud"] & (labels["known_at"] <= at), "transaction_id"]
    return train, train["transaction_id"].isin(known).rename("is_fraud")


def decisions(
    transactions: pd.DataFrame,
    labels: pd.DataFrame,
    at: pd.Timestamp,
    days: int,
    memory: pd.Timedelta,
) -> pd.DataFrame:
    """Payments of the `days` from `at` on that a model has to decide about.

    A card is blocked from the midnight on after a fraud with it became known, if that fraud was
    made no earlier than `memory` before `at`; its payments are left out. Raises ValueError where
    nothing is left.
    """
    time = transactions["time"]
    test = transactions[(time >= at) & (time < at + days * DAY)]
    frauds = labels[labels["is_fraud"]].merge(
        transactions.loc[time >= at - memory, ["transaction_id", "customer_id"]]
    )
    blocked_from = frauds.groupby("customer_id")["known_at"].min().dt.normalize() + DAY
    blocked = blocked_from.reindex(test["customer_id"]).to_numpy() <= test["time"].to_numpy()
    if blocked.all():
        raise ValueError(f"there is no payment to decide about from {at:%Y-%m-%d} on")
    return test[~blocked]


def _usual_labels(transactions: pd.DataFrame, delay_days: int) -> pd.DataFrame:
    known_at = transactions["time"] + delay_days * DAY
    return transactions[["transaction_id", "is_fraud"]].assign(known_at=known_at)
