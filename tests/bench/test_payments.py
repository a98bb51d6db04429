"""What the payments world costs: CPU seconds and peak memory of whole processes, and hot calls.

Each figure of a whole process is measured in one of its own, its imports included, and printed in
the benchmark's extra information.
"""

import json
import resource
import subprocess
import sys

import pytest

from helpers.payments import World, features

MEASURE = """
import json, resource, sys
before = resource.getrusage(resource.RUSAGE_SELF)
import pandas
from helpers.payments import World, features
ready = resource.getrusage(resource.RUSAGE_SELF)
transactions = World(customers=int(sys.argv[1])).transactions()
made = features(transactions)
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = lambda a, b: round(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime, 2)
print(json.dumps({"rows": len(made), "cpu_seconds": cpu(ready, after),
                  "cpu_seconds_of_imports": cpu(before, ready),
                  "peak_mb": round(after.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)),
                  "imports_mb": round(ready.ru_maxrss / 1024)}))
"""


def measure(customers: int) -> dict:
    """Rows, CPU seconds and peak megabytes of world and features in a process of their own."""
    command = [sys.executable, "-c", MEASURE, str(customers)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def import_seconds(module: str) -> float:
    """CPU seconds of importing a module in a fresh process that has pandas already."""
    clock = "time.process_time()"
    code = f"import pandas, time; t = {clock}; import {module}; print({clock} - t)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


@pytest.mark.parametrize("customers", [2_500, 5_000, 10_000])
def test_world_and_features_in_a_process(benchmark, customers):
    """At 5,000 customers: under 3 s of CPU and 600 MB; the others show the growth with rows."""
    figures = benchmark.pedantic(measure, args=(customers,), rounds=3)
    benchmark.extra_info.update(figures)
    benchmark.extra_info["microseconds_a_row"] = figures["cpu_seconds"] / figures["rows"] * 1e6
    print(figures)


def test_ten_times_the_customers_in_a_process(benchmark):
    """17.8 million payments in under 6 GB."""
    figures = benchmark.pedantic(measure, args=(50_000,), rounds=1)
    benchmark.extra_info.update(figures)
    print(figures)


def test_import_beyond_pandas(benchmark):
    """Under 0.3 s."""
    seconds = benchmark.pedantic(import_seconds, args=("helpers.payments",), rounds=3)
    benchmark.extra_info["cpu_seconds"] = seconds


@pytest.fixture(scope="module")
def transactions():
    return World().transactions()


def test_transactions(benchmark):
    benchmark.pedantic(World().transactions, rounds=3)


def test_features(benchmark, transactions):
    benchmark.pedantic(features, args=(transactions,), rounds=3)


def test_features_of_shuffled_rows(benchmark, transactions):
    shuffled = transactions.sample(frac=1, random_state=0)
    benchmark.pedantic(features, args=(shuffled,), rounds=1)


def test_features_with_late_labels(benchmark, transactions):
    labels = World(late_labels=True).labels()
    benchmark.pedantic(features, args=(transactions, labels), rounds=1)


@pytest.mark.parametrize("fields", [{}, {"late_labels": True, "fraud_reacts": True}])
def test_play_of_half_a_year(benchmark, fields):
    """183 days, each with a decision."""

    def play():
        for day in World(**fields).play():
            day.decide((day.payments["amount"] > 220).map({True: "decline", False: "approve"}))

    benchmark.pedantic(play, rounds=2)


def test_peak_memory_of_this_process(benchmark):
    """For the record: all benchmarks above in one process."""
    usage = benchmark.pedantic(resource.getrusage, args=(resource.RUSAGE_SELF,), rounds=1)
    benchmark.extra_info["peak_mb"] = round(usage.ru_maxrss / 1024)
