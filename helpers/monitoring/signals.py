"""Figures for each day that an alert can watch, each over the seven days that end with it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .many import psi_windows

WEEK = 7  # days
FORTNIGHT = 14


def chargeback_rate(payments: pd.DataFrame, days: int) -> pd.Series:
    """Chargebacks that came in the last seven days for 10,000 payments; index is the day.

    payments: time (in order), day, is_fraud, reviewed, known_at (NaT where no label comes), from
    the first day of the world on. The first six days are NaN.
    """
    came = payments[payments["is_fraud"] & ~payments["reviewed"] & payments["known_at"].notna()]
    start = payments["time"].iloc[0].normalize()
    arrived = (came["known_at"] - start).dt.days.value_counts().reindex(range(days)).fillna(0)
    made = pd.Series(np.bincount(payments["day"], minlength=days))
    return 1e4 * arrived.rolling(WEEK).sum() / made.rolling(WEEK).sum()


def greatest_psi(X: pd.DataFrame, day: pd.Series, days: int, first: int) -> pd.Series:
    """The greatest PSI of any feature, the last seven days against the fortnight from day `first`.

    X: features, one row for each of `day`. The first six days are NaN. Raises ValueError as
    `psi_windows`.
    """
    day = np.asarray(day)
    reference = X[(day >= first) & (day < first + FORTNIGHT)]
    return psi_windows(reference, X, day, days, length=WEEK).max(axis=1)
