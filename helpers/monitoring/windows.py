"""What is compared with what: a reference window and a current one, and when that makes no sense.

The reference is a time in which all went well and which the model has not learned from. It stays
where it is: a reference that slides along with the present never sees a slow change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api import types


def require_comparable(reference: pd.DataFrame, current: pd.DataFrame) -> None:
    """Raise a ValueError, naming window and column, where two windows cannot be compared.

    Both need rows, the same columns with numbers of the same kind, no missing value, and each
    column of the reference at least two different values.
    """
    for name, window in (("reference", reference), ("current", current)):
        if window.empty:
            raise ValueError(f"the {name} window is empty: no payments came, or none were read")
    _require_same_columns(reference, current)
    for column in reference:
        _require_numbers(reference[column], current[column], column)


def require_in_order(times: pd.Series) -> None:
    """Raise a ValueError that names the first moment that lies before the one above it."""
    back = np.flatnonzero(np.diff(times.to_numpy()) < np.timedelta64(0, "us"))
    if len(back):
        row = int(back[0]) + 1
        before, after = times.iloc[row - 1], times.iloc[row]
        raise ValueError(f"the clock goes backwards in row {row}: {after} comes after {before}")


def require_both_classes(is_fraud: pd.Series) -> None:
    """Raise a ValueError where there is no fraud, or nothing but fraud, among the labels."""
    frauds, count = int(is_fraud.sum()), len(is_fraud)
    if frauds in (0, count):
        kind = "fraud" if frauds else "genuine"
        raise ValueError(f"all {count} labels are {kind}: recall and precision need both classes")


def _require_same_columns(reference: pd.DataFrame, current: pd.DataFrame) -> None:
    lost = [name for name in reference if name not in current]
    new = [name for name in current if name not in reference]
    if lost or new:
        said = [f"lost {', '.join(lost)}"] * bool(lost) + [f"gained {', '.join(new)}"] * bool(new)
        raise ValueError(f"the schema has changed: the current window has {' and '.join(said)}")


def _require_numbers(reference: pd.Series, current: pd.Series, name: str) -> None:
    for where, column in (("reference", reference), ("current", current)):
        if not types.is_numeric_dtype(column):
            raise ValueError(
                f"column {name!r} of the {where} window holds {column.dtype}, no numbers"
            )
        gaps = int(column.isna().sum())
        if gaps:
            raise ValueError(
                f"column {name!r} of the {where} window has {gaps} missing values (NaN)"
            )
    if reference.nunique() == 1:
        raise ValueError(
            f"column {name!r} is constant in the reference ({reference.iloc[0]}): there is no "
            "distribution to compare with; leave it out, or find out why it stands still"
        )
