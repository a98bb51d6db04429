"""What lesson 41 teaches holds: its query and functions agree with helpers, at other sizes too."""

import ast

import duckdb
import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.notebooks import named
from helpers.payments import World, features
from helpers.payments.large import deal, gather


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["41"])[0], as_version=4)


@pytest.fixture(scope="module")
def payments():
    made = World.small(0.02, days=70).transactions()
    made["time"] = made["time"].dt.floor("1h")  # so that there are payments in the same instant
    return made


def cell(lesson, start):
    return next(c.source for c in lesson.cells if c.source.startswith(start))


def query(lesson, name, source):
    """The query that a cell of the lesson calls `name`, on another folder."""
    names = {"source": source}
    exec(cell(lesson, "money = ").split("\n")[0], names)
    tree = ast.parse(cell(lesson, "exact = " if name == "exact" else "money = "))
    wanted = next(n for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == name)
    exec(compile(ast.Module([wanted], []), "<query>", "exec"), names)
    return duckdb.sql(names[name]).df().sort_values("transaction_id", ignore_index=True)


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def test_the_query_of_the_lesson_is_right_where_the_simple_one_is_not(lesson, payments, tmp_path):
    payments.to_parquet(tmp_path / "p.parquet", index=False)
    right = features(payments)
    simple, exact = (query(lesson, name, tmp_path) for name in ("simple", "exact"))
    assert (simple["customer_count_7d"] != right["customer_count_7d"]).sum() > 50
    np.testing.assert_array_equal(exact["customer_count_7d"], right["customer_count_7d"])
    mean = exact["money"] / (exact["customer_count_7d"] * 10_000)
    np.testing.assert_array_equal(mean, right["customer_mean_7d"])


def test_the_deal_of_the_exercise_is_the_one_of_the_helpers(payments, tmp_path):
    theirs = solution("41.2")(payments, "terminal_id", 5)
    path = deal(payments, "terminal_id", 5, tmp_path / "dealt.arrow")
    for part, frame in enumerate(theirs):
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), gather([path], part))


def test_blocks_with_a_margin_of_37_days_give_the_features_of_the_whole(payments):
    till = payments.assign(terminal_id=0)
    right, in_blocks = features(till), solution("41.4")
    assert in_blocks(features, till, 20, 37).equals(right)
    assert not in_blocks(features, till, 20, 30).equals(right)


def test_an_order_whose_loop_would_never_end_is_told_without_running_it():
    result = exercises.grade("41.3", "E C G H A F D B", seed=7)
    assert result.state == "not yet" and "never ends" in result.message


def test_a_scheduler_whose_address_is_given_is_used(lesson, monkeypatch):
    from dask.distributed import Client, LocalCluster

    names = {"Client": Client, "LocalCluster": None}
    exec("import os\n" + cell(lesson, "def connected():"), names)
    with LocalCluster(
        n_workers=1, processes=False, protocol="tcp://", host="127.0.0.1", dashboard_address=None
    ) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        with names["connected"]() as client:
            assert client.scheduler.address == cluster.scheduler_address
            assert client.submit(sum, [1, 2]).result() == 3


def test_the_opening_is_the_record_of_the_benchmark(lesson):
    from helpers.workspace import dataset

    recorded = pd.read_csv(dataset("features_at_scale.csv"))
    per_row = recorded["cpu_seconds"] / recorded["rows"]
    assert (recorded["peak_bytes"] < 1.5e9).all() and recorded["rows"].is_monotonic_increasing
    assert per_row.max() < 1.5 * per_row.min(), "cost in proportion to rows"
