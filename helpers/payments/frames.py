"""What a frame of payments or of labels must look like, and how to say that it does not."""

import pandas as pd
from pandas.api import types

TRANSACTION_COLUMNS = ("transaction_id", "time", "customer_id", "terminal_id", "amount")
LABEL_COLUMNS = ("transaction_id", "known_at")
MOST_MONEY = 1e10  # beyond it the exact sums of a window could leave 64 bits


def require_transactions(frame: pd.DataFrame, is_fraud: bool = True) -> None:
    """Raise a ValueError that names the first column of a payments frame that will not do."""
    _require(frame, "transactions", (*TRANSACTION_COLUMNS, *(("is_fraud",) if is_fraud else ())))
    _require_unique(frame, "transactions")


def require_labels(labels: pd.DataFrame) -> None:
    """Raise a ValueError that names the first column of a labels frame that will not do."""
    optional = tuple(name for name in ("is_fraud",) if name in labels)
    _require(labels, "labels", (*LABEL_COLUMNS, *optional))
    _require_unique(labels, "labels")


def _require(frame: pd.DataFrame, what: str, columns: tuple[str, ...]) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{what} must be a pandas DataFrame, not {type(frame).__name__}")
    for name in columns:
        if name not in frame:
            raise ValueError(f"{what} has no column {name!r}; it needs {', '.join(columns)}")
        _require_no_gap(frame[name], f"{what}: column {name!r}")
        _require_type(frame[name], f"{what}: column {name!r}", name)


def _require_no_gap(column: pd.Series, where: str) -> None:
    gaps = column.isna().to_numpy()
    if gaps.any():
        raise ValueError(f"{where} has {gaps.sum()} missing values, first in row {gaps.argmax()}")


def _require_type(column: pd.Series, where: str, name: str) -> None:
    wanted, fits = EXPECTED[name]
    if not fits(column):
        raise ValueError(f"{where} has type {column.dtype}; expected {wanted}")


def _require_unique(frame: pd.DataFrame, what: str) -> None:
    ids = frame["transaction_id"]
    if ids.is_monotonic_increasing and ids.is_unique:
        return
    again = ids.duplicated().to_numpy()
    if again.any():
        raise ValueError(
            f"{what}: column 'transaction_id' has {again.sum()} repeated values, "
            f"first {ids.iloc[again.argmax()]} in row {again.argmax()}"
        )


def _is_moment(column: pd.Series) -> bool:
    return types.is_datetime64_dtype(column.dtype)


def _is_id(column: pd.Series) -> bool:
    return types.is_integer_dtype(column.dtype) or types.is_string_dtype(column)


def _is_money(column: pd.Series) -> bool:
    if not types.is_numeric_dtype(column.dtype) or types.is_bool_dtype(column.dtype):
        return False
    return bool((column.abs() <= MOST_MONEY).all())


def _is_label(column: pd.Series) -> bool:
    if types.is_bool_dtype(column.dtype):
        return True
    return types.is_numeric_dtype(column.dtype) and bool(column.isin((0, 1)).all())


EXPECTED = {
    "transaction_id": ("whole numbers or strings", _is_id),
    "time": ("datetime64 without a time zone", _is_moment),
    "known_at": ("datetime64 without a time zone", _is_moment),
    "customer_id": ("whole numbers or strings", _is_id),
    "terminal_id": ("whole numbers or strings", _is_id),
    "amount": (f"numbers between -{MOST_MONEY:.0e} and {MOST_MONEY:.0e}", _is_money),
    "is_fraud": ("True and False, or 1 and 0", _is_label),
}
