"""One way to make features, in a process of its own: how many seconds and how much memory it took.

    python -m helpers.payments.scaled memory|duckdb|parts SOURCE WORK

prints rows, seconds and peak memory in bytes as JSON. SOURCE is a folder of Parquet files; the
features are left in WORK.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from .features import features
from .large import READ, large_features
from .large_sql import feature_sql


def in_memory(source: Path, work: Path) -> None:
    """All at once, with NumPy and pandas."""
    transactions = pd.read_parquet(source, columns=list(READ))
    features(transactions).to_parquet(work / "memory.parquet", index=False)


def in_duckdb(source: Path, work: Path, memory: str = "200MB") -> None:
    """In SQL, with a limit on memory and a folder to spill to."""
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"SET memory_limit = '{memory}'")
        con.execute(f"SET temp_directory = '{work / 'spill'}'")
        sql = feature_sql(source / "*.parquet")
        con.execute(f"COPY ({sql}) TO '{work / 'duckdb.parquet'}' (FORMAT parquet)")


def in_parts(source: Path, work: Path) -> None:
    """One part after the other, dealt out by customer and then by terminal."""
    large_features(source, work / "parts", work / "between", parts=8)


WAYS: dict[str, Callable[[Path, Path], None]] = {
    "memory": in_memory,
    "duckdb": in_duckdb,
    "parts": in_parts,
}


def peak_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: there getrusage may give the peak of the process that started us
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> int:
    """Make the features in one way and print what it took."""
    way, source, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    began = time.perf_counter()
    WAYS[way](source, work)
    seconds = time.perf_counter() - began
    print(json.dumps({"way": way, "seconds": seconds, "bytes": peak_memory()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
