"""What a model does when its inputs are missing or shifted, as happens on an ordinary bad day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .asking import NoScores, ask

Change = Callable[[pd.DataFrame], pd.DataFrame]


def no_labels(X: pd.DataFrame) -> pd.DataFrame:
    """The feed of labels is down: nothing is known of any till."""
    return X.assign(**{name: 0 for name in X.columns if name.startswith("terminal_")})


def no_history(X: pd.DataFrame) -> pd.DataFrame:
    """The store of customers has lost its past: each payment looks like a first one."""
    counts = {name: 1 for name in X.columns if name.startswith("customer_count")}
    means = {name: X["amount"] for name in X.columns if name.startswith("customer_mean")}
    return X.assign(**counts, **means)


def dearer_by_a_tenth(X: pd.DataFrame) -> pd.DataFrame:
    """All amounts, and the customers' means with them, are 10 % higher."""
    money = [name for name in X.columns if name == "amount" or name.startswith("customer_mean")]
    return X.assign(**{name: X[name] * 1.1 for name in money})


def always_night(X: pd.DataFrame) -> pd.DataFrame:
    """The clock stands still in the night."""
    return X.assign(is_night=1)


DISTURBANCES: Mapping[str, Change] = {
    "no labels arrive": no_labels,
    "customers' history lost": no_history,
    "amounts 10 % higher": dearer_by_a_tenth,
    "clock stuck at night": always_night,
}


def under_disturbance(
    model: Any,
    payments: pd.DataFrame,
    X: pd.DataFrame,
    threshold: float,
    disturbances: Mapping[str, Change] = DISTURBANCES,
) -> pd.DataFrame:
    """How well a model ranks, and how often it raises an alarm, with each input disturbed.

    The first row is undisturbed. Columns: average_precision; alarms, the number of scores of at
    least `threshold`; times, that number by the undisturbed one; problem, in words, where the
    model gave no scores (then the figures are NaN).
    """
    every = {"as it is": lambda given: given, **disturbances}
    rows = {name: _one(model, payments, change(X), threshold) for name, change in every.items()}
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.insert(2, "times", table["alarms"] / max(table["alarms"].iloc[0], 1))
    return table


def _one(model: Any, payments: pd.DataFrame, X: pd.DataFrame, threshold: float) -> dict[str, Any]:
    from sklearn.metrics import average_precision_score

    try:
        scores = ask(model, X)
    except NoScores as error:
        return {"average_precision": np.nan, "alarms": np.nan, "problem": str(error)}
    found = float(average_precision_score(payments["is_fraud"], scores))
    return {"average_precision": found, "alarms": int((scores >= threshold).sum()), "problem": ""}
