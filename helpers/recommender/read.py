"""Read a learner's own interactions, or MovieLens, or say what is wrong with the file."""

from __future__ import annotations

import io
import warnings
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

NAMES = {
    "user_id": ("user_id", "userId", "user"),
    "item_id": ("item_id", "movieId", "itemId", "item"),
    "value": ("value", "rating"),
    "time": ("time", "timestamp"),
    "clicked": ("clicked",),
}
RATINGS = ["user_id", "item_id", "rating", "timestamp"]  # MovieLens files without a header
KINDS = {".csv": ",", ".data": "\t", ".inter": "\t", ".tsv": "\t", ".dat": "::"}


class BadInteractions(ValueError):
    """A file of interactions that cannot be used; says which file, column and line, and why."""


def read_interactions(path: str | PathLike) -> pd.DataFrame:
    """Interactions from a file, as a recommender wants them: user_id, item_id, time, and value.

    The kind is told by the file's name:

    - .csv with a line of names: ours (user_id, item_id, time, perhaps value) or those of
      MovieLens' ratings.csv (userId, movieId, rating, timestamp);
    - .data, such as u.data of MovieLens 100k: tabs, no line of names;
    - .dat, such as ratings.dat of MovieLens 1M: two colons, no line of names;
    - .inter or .tsv: tabs and a line of names, which may carry types, as in user_id:token;
    - .parquet with our names.

    A rating becomes the value. Where there is a column clicked, only clicked rows are kept. Ids are
    whole numbers or text; a time is a date, or seconds since 1970. Other columns are left out, rows
    keep their order. MovieLens is to be had from https://grouplens.org/datasets/movielens/; its
    licence does not let a course hand it on.

    Raises BadInteractions (a ValueError), which names file, column and line.
    """
    path = Path(path)
    raw, first_line = _open(path)
    columns = {ours: _column(raw, names) for ours, names in NAMES.items()}
    for ours in ("user_id", "item_id", "time"):
        if columns[ours] is None:
            found = ", ".join(map(str, raw.columns[:12])) or "none"
            raise BadInteractions(f"{path} has no column {ours!r}; found: {found}")
    if raw.empty:
        raise BadInteractions(f"{path} has no interactions")
    convert = {"user_id": _to_id, "item_id": _to_id, "time": _to_time, "value": _to_value}
    where = (path, first_line)
    frame = pd.DataFrame(
        {
            ours: to(raw[columns[ours]], columns[ours], where)
            for ours, to in convert.items()
            if columns[ours] is not None
        }
    )
    if columns["clicked"] is None:
        return frame
    return frame[raw[columns["clicked"]].astype(bool).to_numpy()].reset_index(drop=True)


def _column(raw: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in raw.columns), None)


def _open(path: Path) -> tuple[pd.DataFrame, int | None]:
    """The file as it is, and the line of its first interaction (None where there are no lines)."""
    if path.is_dir():
        raise BadInteractions(f"{path} is a folder, not a file")
    if not path.exists():
        raise BadInteractions(f"{path} does not exist")
    if path.suffix == ".parquet":
        return _parquet(path), None
    if path.suffix not in KINDS:
        known = ", ".join([*KINDS, ".parquet"])
        raise BadInteractions(f"{path} is of a kind that is not known; known are {known}")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInteractions(f"{path} is not text in UTF-8") from error
    if not text.strip():
        raise BadInteractions(f"{path} is empty")
    return _text(path, text.rstrip())


def _parquet(path: Path) -> pd.DataFrame:
    import pyarrow

    try:
        return pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise BadInteractions(f"{path} is not a Parquet file, or is damaged") from error


def _text(path: Path, text: str) -> tuple[pd.DataFrame, int]:
    separator = KINDS[path.suffix]
    if separator == "::":
        # pandas reads a separator of two characters slowly; a tab occurs in no MovieLens file.
        text, separator = text.replace("::", "\t"), "\t"
    named = path.suffix not in (".data", ".dat")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            raw = pd.read_csv(
                io.StringIO(text),
                sep=separator,
                header=0 if named else None,
                names=None if named else RATINGS,
                index_col=False,
                skip_blank_lines=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise BadInteractions(f"{path} cannot be read as a table: {reason}") from error
    raw.columns = [str(name).split(":")[0] for name in raw.columns]
    return raw, 2 if named else 1


def _to_id(cells: pd.Series, name: str, where) -> pd.Series:
    _require(cells.notna(), cells, name, where, "an id")
    if pd.api.types.is_float_dtype(cells):
        _require(cells % 1 == 0, cells, name, where, "a whole number or a text")
        return cells.astype(np.int64)
    return cells


def _to_value(cells: pd.Series, name: str, where) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    _require(np.isfinite(numbers) & (numbers >= 0), cells, name, where, "a number of 0 or more")
    return numbers


def _to_time(cells: pd.Series, name: str, where) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells.astype("datetime64[us]")
    numbers = pd.to_numeric(cells, errors="coerce")
    if numbers.notna().all():
        return pd.to_datetime(numbers, unit="s").astype("datetime64[us]")
    times = pd.to_datetime(cells, errors="coerce", format="ISO8601")
    good = numbers.notna() if numbers.notna().any() else times.notna()
    _require(good, cells, name, where, "a date, or seconds since 1970, all of one kind")
    return times.astype("datetime64[us]")


def _require(good: pd.Series, cells: pd.Series, name: str, where, expected: str) -> None:
    """Raise BadInteractions for the first cell that is not good."""
    bad = ~np.asarray(good, dtype=bool)
    if not bad.any():
        return
    (path, first_line), place = where, int(np.argmax(bad))
    line = f"row {place} (counted from 0)" if first_line is None else f"line {place + first_line}"
    value = cells.iloc[place]
    found = "nothing" if pd.isna(value) else repr(str(value))
    raise BadInteractions(
        f"{path} has a bad cell in column {name!r}, {line}: found {found}, expected {expected}"
    )
