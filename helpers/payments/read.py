"""Read a learner's own payments from a CSV or Parquet file, or say what is wrong with it."""

import gzip
import io
import warnings
import zlib
from os import PathLike
from pathlib import Path

import pandas as pd

from .columns import BadTransactions, Cells, to_amount, to_id, to_label, to_scenario, to_time

HANDBOOK = {
    "transaction_id": "TRANSACTION_ID",
    "time": "TX_DATETIME",
    "customer_id": "CUSTOMER_ID",
    "terminal_id": "TERMINAL_ID",
    "amount": "TX_AMOUNT",
    "is_fraud": "TX_FRAUD",
    "scenario": "TX_FRAUD_SCENARIO",
}
CONVERT = {
    "transaction_id": to_id,
    "time": to_time,
    "customer_id": to_id,
    "terminal_id": to_id,
    "amount": to_amount,
    "is_fraud": to_label,
    "scenario": to_scenario,
}


def read_transactions(path: str | PathLike, labelled: bool = True) -> pd.DataFrame:
    """Payments from a CSV (also compressed with gzip) or Parquet file, in the form of a World's.

    The columns have our names (transaction_id, time, customer_id, terminal_id, amount, is_fraud,
    and scenario if it is there) or the Fraud Detection Handbook's (TRANSACTION_ID, TX_DATETIME,
    CUSTOMER_ID, TERMINAL_ID, TX_AMOUNT, TX_FRAUD, TX_FRAUD_SCENARIO); others are left out. Times
    are local, as 2018-04-01 13:45:00, without a time zone; amounts are 0 or more; ids are whole
    numbers or text. With `labelled=False` the file may lack is_fraud. Rows keep their order.

    Raises BadTransactions (a ValueError), which names file, column and line, and what was expected.
    """
    path = Path(path)
    raw, first_line = _open(path)
    present = {name: _column(raw, name) for name in HANDBOOK}
    for name, found in present.items():
        if found is None and name != "scenario" and (labelled or name != "is_fraud"):
            raise BadTransactions(path, _missing(name, raw), column=name)
    if raw.empty:
        raise BadTransactions(path, "has column names but no payments below them")
    cells = {
        name: Cells(path, column, raw[column], first_line)
        for name, column in present.items()
        if column is not None
    }
    frame = pd.DataFrame({name: CONVERT[name](cells[name]) for name in cells})
    again = frame["transaction_id"].duplicated().to_numpy()
    cells["transaction_id"].require(~again, "each transaction once, this id came before")
    return frame


def _column(raw: pd.DataFrame, name: str) -> str | None:
    return next((column for column in (name, HANDBOOK[name]) if column in raw), None)


def _missing(name: str, raw: pd.DataFrame) -> str:
    found = ", ".join(map(str, raw.columns[:12])) or "none"
    text = f"has no column {name!r} (in the Handbook's names {HANDBOOK[name]!r}); found: {found}"
    if len(raw.columns) == 1 and (";" in found or "\t" in found):
        text += ". Its columns seem to be separated by another sign; expected commas"
    return text


def _open(path: Path) -> tuple[pd.DataFrame, int | None]:
    """The file as it is, and the line of its first payment (None where there are no lines)."""
    if path.is_dir():
        raise BadTransactions(path, "is a folder, not a file")
    if not path.exists():
        raise BadTransactions(path, "does not exist")
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise BadTransactions(path, f"cannot be opened: {error.strerror}") from error
    if not start:
        raise BadTransactions(path, "is empty; expected a line of column names and then payments")
    if start == b"PAR1" or path.suffix in (".parquet", ".pq"):
        return _parquet(path), None
    return _csv(path, compressed=start[:2] == b"\x1f\x8b"), 2


def _parquet(path: Path) -> pd.DataFrame:
    import pyarrow

    try:
        return pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise BadTransactions(path, "is not a Parquet file, or is damaged") from error


def _csv(path: Path, compressed: bool) -> pd.DataFrame:
    try:
        data = gzip.decompress(path.read_bytes()) if compressed else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise BadTransactions(path, "is damaged: its gzip compression cannot be undone") from error
    if not data.strip():
        raise BadTransactions(path, "is empty; expected a line of column names and then payments")
    if b"\0" in data[:10_000]:
        raise BadTransactions(path, "is not a CSV file: it holds binary data, expected text")
    try:
        return _table(data.rstrip())
    except UnicodeDecodeError as error:
        raise BadTransactions(path, "is not a CSV file in UTF-8: some bytes are no text") from error
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise BadTransactions(path, f"is not a CSV file as expected: {reason}") from error


def _table(data: bytes) -> pd.DataFrame:
    wanted = {*HANDBOOK, *HANDBOOK.values()}
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)
        raw = pd.read_csv(
            io.BytesIO(data), skip_blank_lines=False, index_col=False, encoding="utf-8-sig"
        )
    kept = [column for column in raw if column in wanted]
    return raw[kept] if kept else raw
