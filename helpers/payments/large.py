"""The features of payments that do not fit into memory: dealt out by key, one part at a time.

A customer's windows need the customer's payments and no others, a terminal's the terminal's. So the
rows are dealt out by customer, each part gets its customer features and is dealt out again by
terminal, and each of those parts gets its terminal features. This is what Spark and Dask call a
shuffle. Each step reads files and puts one file in place at the end, so it may run in any process,
and again after a crash; no step holds more than one part.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .features import COLUMNS, calendar_columns, customer_columns, terminal_columns
from .windows import Clock

if TYPE_CHECKING:
    import pyarrow as pa

READ = ("transaction_id", "time", "customer_id", "terminal_id", "amount", "is_fraud")
ROWS_A_PART = 1_000_000
Piece = tuple[str, int]  # a Parquet file and one of its row groups
Run = Callable[..., Iterable]


def pieces(source: str | Path) -> list[Piece]:
    """The row groups of all Parquet files under the folder `source`, in order of their names.

    Raises FileNotFoundError where there is no Parquet file.
    """
    import pyarrow.parquet as pq

    files = sorted(Path(source).glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"{source} holds no Parquet file")
    return [(str(f), n) for f in files for n in range(pq.ParquetFile(f).num_row_groups)]


def parts_for(source: str | Path) -> int:
    """How many parts make them about a million payments each."""
    import pyarrow.parquet as pq

    rows = sum(pq.ParquetFile(f).metadata.num_rows for f in Path(source).glob("*.parquet"))
    return max(1, -(-rows // ROWS_A_PART))


def large_features(
    source: str | Path,
    target: str | Path,
    work: str | Path,
    parts: int | None = None,
    run: Run = map,
) -> list[Path]:
    """The 15 features of `features`, to the last bit, of payments on disk; gives the files.

    source: a folder of Parquet files with transaction_id, time, customer_id, terminal_id (whole
    numbers), amount and is_fraud, in row groups that fit into memory. target: the folder for
    features-0000.parquet and so on: transaction_id and the features, in no order of rows. work: a
    folder for what lies between; it is emptied as the work goes on. parts: how many parts a shuffle
    has (`parts_for` by default). run: calls a function for each of some lists of arguments, as
    `map` does, here or on a cluster, and gives the results when all are there.

    Each label is known 7 days after its payment. A step that is run twice gives the same file.
    """
    source, target, work = Path(source), Path(target), Path(work)
    parts = parts or parts_for(source)
    first, second = work / "by_customer", work / "by_terminal"
    for folder in (first, second, target):
        folder.mkdir(parents=True, exist_ok=True)
    taken = pieces(source)
    dealt = list(run(deal_piece, taken, *_same(taken, first, parts)))
    numbers = range(parts)
    dealt = list(run(customer_part, numbers, *_same(numbers, dealt, second, parts)))
    shutil.rmtree(first)
    made = list(run(terminal_part, numbers, *_same(numbers, dealt, target)))
    shutil.rmtree(second)
    return made


def _same(items: Sequence, *values) -> list[list]:
    return [[value] * len(items) for value in values]


def deal_piece(piece: Piece, folder: Path, parts: int) -> Path:
    """Deal one row group out by customer, into one file with a batch for each part."""
    import pyarrow.parquet as pq

    path, number = piece
    table = pq.ParquetFile(path).read_row_group(number, columns=list(READ))
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    return deal(frame, "customer_id", parts, folder / f"{Path(path).stem}-{number}.arrow")


def customer_part(part: int, dealt: Sequence[Path], folder: Path, parts: int) -> Path:
    """Add the customer features to one part of the customers, and deal it out by terminal."""
    frame = gather(dealt, part)
    clock = Clock(frame["time"].to_numpy(), frame["transaction_id"].to_numpy())
    columns = customer_columns(frame["customer_id"], frame["amount"].to_numpy(), clock)
    frame = pd.concat([frame.drop(columns="customer_id"), pd.DataFrame(columns)], axis=1)
    return deal(frame, "terminal_id", parts, folder / f"part-{part:04}.arrow")


def terminal_part(part: int, dealt: Sequence[Path], target: Path) -> Path:
    """Add what is left to one part of the terminals, and write its features."""
    frame = gather(dealt, part)
    time = frame["time"].to_numpy()
    clock = Clock(time, frame["transaction_id"].to_numpy())
    columns = calendar_columns(time) | terminal_columns(frame, None, clock)
    frame = pd.concat([frame, pd.DataFrame(columns)], axis=1)[["transaction_id", *COLUMNS]]
    path = target / f"features-{part:04}.parquet"
    put_in_place(path, lambda beside: frame.to_parquet(beside, index=False))
    return path


def deal(frame: pd.DataFrame, key: str, parts: int, path: Path) -> Path:
    """Write a frame as one Arrow file with a batch for each part: the rows whose key, a whole
    number, leaves that remainder when divided by `parts`.
    """
    import pyarrow as pa

    part = frame[key].to_numpy() % parts
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=parts))
    table = pa.Table.from_pandas(frame.iloc[order], preserve_index=False).combine_chunks()
    put_in_place(path, lambda beside: _write(beside, table, ends))
    return path


def _write(path: Path, table: pa.Table, ends: np.ndarray) -> None:
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    batches = table.to_batches()
    whole = batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)
    with pa.ipc.new_file(str(path), table.schema, options=options) as file:
        for start, end in zip([0, *ends[:-1]], ends, strict=True):
            file.write_batch(whole.slice(start, end - start))


def gather(dealt: Sequence[Path], part: int) -> pd.DataFrame:
    """One part's rows out of all files that were dealt."""
    import pyarrow as pa

    table = pa.Table.from_batches(_batches(dealt, part))
    return table.to_pandas(split_blocks=True, self_destruct=True)


def _batches(dealt: Sequence[Path], part: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for path in dealt:
        with pa.OSFile(str(path)) as file:
            yield pa.ipc.open_file(file).get_batch(part)


def put_in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and rename it, so that nobody ever sees half of it."""
    beside = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
