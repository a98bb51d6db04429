"""What has to be in order before a candidate can be judged at all: columns, values, days, answers.

These are the checks that a broken batch fails: nothing after them would mean anything.
"""

from __future__ import annotations

import pandas as pd

from .asking import NoScores, gap_in, other_columns
from .checks import Check
from .evidence import Evidence

DAY = pd.Timedelta(days=1)
NEEDED = ("time", "customer_id", "amount", "is_fraud")


def columns(e: Evidence) -> Check:
    """X has the columns that the candidate was trained on, in their order."""
    names = getattr(e.candidate, "feature_names_in_", None)
    if names is None:
        problem = "the model does not say which columns it was trained on; train it on a DataFrame"
    else:
        problem = other_columns(list(names), list(e.X.columns))
    return _verdict("same columns", problem, f"{len(e.X.columns)} columns, as in training")


def values(e: Evidence) -> Check:
    """Every feature is a finite number."""
    return _verdict("no gap in the inputs", gap_in(e.X), f"{len(e.X):,} rows without a gap")


def days(e: Evidence) -> Check:
    """Payments on each day of the test, of both kinds, in the rows of X."""
    payments = e.payments
    missing = [name for name in NEEDED if name not in payments]
    problem = None
    if missing:
        problem = f"the payments have no column {missing[0]!r}"
    elif payments.empty:
        problem = "there is no payment to test on"
    elif not payments.index.equals(e.X.index):
        problem = f"{len(payments)} payments and {len(e.X)} rows of features do not belong together"
    else:
        problem = _empty_day(payments["time"]) or _one_class(payments["is_fraud"])
    count = 0 if problem else payments["time"].dt.normalize().nunique()
    return _verdict("enough to judge by", problem, f"{count} days, each with payments")


def answers(e: Evidence) -> Check:
    """The candidate gives each payment one probability."""
    try:
        scores, problem = e.scores, None
    except NoScores as error:
        scores, problem = (), str(error)
    return _verdict("gives scores", problem, f"{len(scores):,} scores from 0 to 1")


SOUNDNESS = {
    "same columns": columns,
    "no gap in the inputs": values,
    "enough to judge by": days,
    "gives scores": answers,
}


def _verdict(name: str, problem: str | None, fine: str) -> Check:
    return Check(name, problem is None, None, "", problem or fine)


def _empty_day(time: pd.Series) -> str | None:
    day = time.dt.normalize()
    every = pd.date_range(day.min(), day.max())
    empty = every.difference(day.unique())
    if len(empty):
        return f"{empty[0]:%Y-%m-%d} holds no payment: {len(empty)} of {len(every)} days are empty"
    return None


def _one_class(is_fraud: pd.Series) -> str | None:
    frauds = int(is_fraud.sum())
    if frauds in (0, len(is_fraud)):
        which = "none" if frauds == 0 else "every one"
        return f"of {len(is_fraud)} payments {which} is fraud; a test needs both"
    return None
