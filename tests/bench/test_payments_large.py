"""What features of more payments than fit into memory cost: `make bench SIZE=10`, or 100.

SIZE is how many towns of 1.78 million payments there are, 1 by default; 100 make 178 million. The
disk that it takes is said before anything is written, and where there is not so much the benchmark
fails at once. TMPDIR names another disk. Everything is deleted at the end.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from helpers.payments import World, features

SIZE = int(os.environ.get("SIZE", 1))
SIZE = SIZE if SIZE <= 1_000 else 1  # a SIZE of the recommender's benchmarks
TOWN = 1_800_000  # payments
DISK_A_ROW = 100  # bytes at the peak, as measured: payments, parts and features together
MOST_MEMORY = 1_500_000_000
MEASURE = """
import json, sys, time
from helpers.payments.large import large_features
from helpers.payments.scaled import peak_memory
begun, began = time.process_time(), time.perf_counter()
made = large_features(*sys.argv[1:4])
print(json.dumps({"files": len(made),
                  "cpu_seconds": time.process_time() - begun,
                  "seconds": time.perf_counter() - began,
                  "peak": peak_memory()}))
"""


def write_towns(folder: Path, count: int) -> int:
    """Towns whose customers, terminals and payments have numbers of their own; gives the rows."""
    rows = 0
    for number in range(count):
        town = World(seed=number).transactions().drop(columns="scenario")
        town["transaction_id"] = town["transaction_id"].astype("int64") + rows
        town["customer_id"] += 5_000 * number
        town["terminal_id"] += 10_000 * number
        path = folder / f"town-{number:03}.parquet"
        town.to_parquet(path, index=False, row_group_size=1_000_000)
        rows += len(town)
    return rows


def measured(folder: Path, count: int) -> dict:
    """Rows, seconds, and peaks of memory and disk of the features of so many towns."""
    source, target, work = (folder / name for name in ("source", "target", "work"))
    source.mkdir()
    rows = write_towns(source, count)
    command = [sys.executable, "-c", MEASURE, str(source), str(target), str(work)]
    with DiskWatch(folder) as disk:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"rows": rows, **json.loads(done.stdout), "disk": disk.peak}


class DiskWatch:
    """The most bytes that the files of a folder hold, looked at each second."""

    def __init__(self, folder: Path):
        self.folder, self.peak, self._ended = folder, 0, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _look(self):
        while True:
            found = subprocess.run(["du", "-sk", self.folder], capture_output=True, text=True)
            self.peak = max(self.peak, int(found.stdout.split()[0]) * 1024)
            if self._ended.wait(1):
                return


def is_right(folder: Path, number: int) -> bool:
    """Whether the features of one town are those that it has alone in memory, to the last bit."""
    town = pd.read_parquet(folder / "source" / f"town-{number:03}.parquet")
    ids = town["transaction_id"]
    within = [("transaction_id", ">=", ids.iloc[0]), ("transaction_id", "<=", ids.iloc[-1])]
    files = sorted((folder / "target").glob("*.parquet"))
    made = pd.concat([pq.read_table(file, filters=within).to_pandas() for file in files])
    made = made.sort_values("transaction_id", ignore_index=True)
    return made.drop(columns="transaction_id").equals(features(town)) and made[
        "transaction_id"
    ].equals(ids)


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="two-loops-large-") as name:
        yield Path(name)


def test_features_beyond_memory(benchmark, folder, capsys):
    """Under 1.5 GB however many rows, in time that grows with the rows and no faster."""
    needed, free = SIZE * TOWN * DISK_A_ROW, shutil.disk_usage(folder).free
    with capsys.disabled():
        print(f"\n{SIZE} towns: up to {needed / 1e9:.1f} GB in {folder}; free: {free / 1e9:.0f} GB")
    assert free > 1.1 * needed, "not enough disk: a smaller SIZE, or another TMPDIR"
    (folder / "one").mkdir()
    one = measured(folder / "one", 1)
    shutil.rmtree(folder / "one")
    many = benchmark.pedantic(measured, args=(folder, SIZE), rounds=1)
    a_row = [run["cpu_seconds"] / run["rows"] * 1e6 for run in (one, many)]
    many |= {"microseconds_a_row": a_row[1], "of_one_town": a_row[0]}
    benchmark.extra_info.update(many)
    with capsys.disabled():
        print(json.dumps(many))
    assert many["peak"] < MOST_MEMORY
    assert many["disk"] < needed
    assert a_row[1] < 1.5 * a_row[0], "the cost of a row grows with the rows"
    assert is_right(folder, int(np.random.default_rng(SIZE).integers(SIZE)))
