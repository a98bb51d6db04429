"""Columns of a file made into columns of payments; the first cell that will not do is named."""

from dataclasses import dataclass
from os import PathLike
from typing import NoReturn

import numpy as np
import pandas as pd
from pandas.api import types

HAS_ZONE = r":\d\d.*?\s?(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$"
WITHOUT_ZONE = (
    "a local time without a time zone; convert it first: "
    'pd.to_datetime(frame["time"], utc=True).dt.tz_convert("Europe/Brussels").dt.tz_localize(None)'
)


class BadTransactions(ValueError):
    """A file of payments that cannot be used; says which file, column and line, and why.

    `path`, `column` and `row` (a line of a CSV counted from 1, or a row of a Parquet file counted
    from 0) are None where they do not apply.
    """

    def __init__(self, path: str | PathLike, problem: str, column=None, row=None):
        super().__init__(f"{path} {problem}")
        self.path, self.column, self.row = path, column, row


@dataclass(frozen=True)
class Cells:
    """One column of a file, and where it stood: `first_line` is None for Parquet."""

    path: PathLike
    name: str
    values: pd.Series
    first_line: int | None

    def fail(self, bad: np.ndarray, expected: str) -> NoReturn:
        """Raise BadTransactions for the first cell where the mask `bad` is true."""
        place = int(np.argmax(bad))
        row = place + (self.first_line or 0)
        where = f"row {row} (counted from 0)" if self.first_line is None else f"line {row}"
        value = self.values.iloc[place]
        found = "nothing" if pd.isna(value) else repr(str(value))
        problem = f"has a bad cell in column {self.name!r}, {where}: found {found}, "
        raise BadTransactions(self.path, f"{problem}expected {expected}", self.name, row)

    def require(self, good, expected: str) -> None:
        """Raise BadTransactions for the first cell where the mask `good` is false."""
        bad = ~np.asarray(good, dtype=bool)
        if bad.any():
            self.fail(bad, expected)

    def numbers(self, expected: str) -> np.ndarray:
        """The column as finite numbers."""
        self.require(self.values.notna(), expected)
        numbers = pd.to_numeric(self.values, errors="coerce").to_numpy()
        self.require(np.isfinite(numbers.astype(float)), expected)
        return numbers


def to_id(cells: Cells) -> pd.Series | np.ndarray:
    """Whole numbers (int32 if they fit), or text if none of the ids is a number."""
    expected = "a whole number (or text in every row)"
    cells.require(cells.values.notna(), expected)
    numeric = pd.to_numeric(cells.values, errors="coerce")
    if types.is_bool_dtype(cells.values.dtype) or numeric.isna().all():
        return cells.values.astype("str")
    numbers = cells.numbers(expected)
    cells.require(numbers == np.rint(numbers), expected)
    numbers = numbers.astype(np.int64)
    small = np.abs(numbers).max() <= np.iinfo(np.int32).max
    return numbers.astype(np.int32) if small else numbers


def to_time(cells: Cells) -> pd.Series:
    """datetime64[us]; text must be ISO 8601 (year-month-day hour:minute:second)."""
    expected = "a date and time as 2018-04-01 13:45:00"
    values = cells.values
    cells.require(values.notna(), expected)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        cells.fail(np.ones(len(values), dtype=bool), WITHOUT_ZONE)
    if not types.is_datetime64_dtype(values.dtype):
        values = _parse(cells, expected)
    return values.astype("datetime64[us]")


def _parse(cells: Cells, expected: str) -> pd.Series:
    text = cells.values.astype("str")
    cells.require(np.full(len(text), not types.is_numeric_dtype(cells.values.dtype)), expected)
    try:
        times = pd.to_datetime(text, format="ISO8601", errors="coerce")
    except ValueError:  # some have a zone, some have not, or another
        times = None
    if times is None or times.dtype.kind != "M" or isinstance(times.dtype, pd.DatetimeTZDtype):
        cells.require(~text.str.contains(HAS_ZONE), WITHOUT_ZONE)
    cells.require(times.notna(), expected)
    return times


def to_amount(cells: Cells) -> np.ndarray:
    """Money, as float64: 0 or more."""
    expected = "an amount of 0 or more, with a point for decimals"
    numbers = cells.numbers(expected).astype(float)
    cells.require(numbers >= 0, expected)
    return numbers


def to_label(cells: Cells) -> np.ndarray:
    """Fraud or not, as bool: 1 and 0, or True and False."""
    expected = "1 for fraud and 0 for genuine (or True and False)"
    cells.require(cells.values.notna(), expected)
    words = cells.values.astype("str").str.lower().replace({"true": "1", "false": "0"})
    numbers = pd.to_numeric(words, errors="coerce")
    cells.require(numbers.isin((0, 1)), expected)
    return numbers.to_numpy() == 1


def to_scenario(cells: Cells) -> np.ndarray:
    """Number of the fraud scenario, as int8; 0 is genuine."""
    expected = "the number of a fraud scenario, 0 for genuine"
    numbers = cells.numbers(expected)
    cells.require((numbers == np.rint(numbers)) & (numbers >= 0) & (numbers < 100), expected)
    return numbers.astype(np.int8)
