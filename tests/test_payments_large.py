"""Features beyond memory are those of memory, to the last bit, however they were made."""

import os
import signal

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from helpers.payments import World, features
from helpers.payments.large import (
    customer_part,
    deal_piece,
    gather,
    large_features,
    parts_for,
    pieces,
    put_in_place,
)
from helpers.payments.large_sql import feature_sql
from tests.test_payments_features import frames

WORLD = World.small(0.02, days=60, leaked_cards_a_day=0.6, seed=4)


@pytest.fixture(scope="module")
def payments():
    """Payments of which some are made by one card in the same second."""
    made = WORLD.transactions().drop(columns="scenario")
    made["time"] = made["time"].dt.floor("2h")
    assert made.duplicated(["customer_id", "time"]).sum() > 50
    return made


@pytest.fixture
def source(payments, tmp_path):
    """The same in two files and several row groups, in no order of rows."""
    folder = tmp_path / "source"
    folder.mkdir()
    mixed = payments.sample(frac=1, random_state=0)
    half = len(mixed) // 2
    mixed.iloc[:half].to_parquet(folder / "a.parquet", index=False, row_group_size=1_000)
    mixed.iloc[half:].to_parquet(folder / "b.parquet", index=False, row_group_size=3_000)
    return folder


def collected(files):
    made = pd.concat([pd.read_parquet(file) for file in files])
    return made.sort_values("transaction_id", ignore_index=True).drop(columns="transaction_id")


def assert_same_bits(made, transactions):
    """The same columns and values, and floats with the very same bits."""
    right = features(transactions)
    assert list(made.columns) == list(right.columns)
    for name in right:
        np.testing.assert_array_equal(made[name].to_numpy(), right[name].to_numpy(), name)


@pytest.mark.parametrize("parts", [1, 3, 50])
def test_in_parts_they_are_the_same(payments, source, tmp_path, parts):
    files = large_features(source, tmp_path / "made", tmp_path / "work", parts)
    assert len(files) == parts
    pd.testing.assert_frame_equal(collected(files), features(payments), check_exact=True)
    assert list((tmp_path / "work").iterdir()) == []
    assert sorted((tmp_path / "made").iterdir()) == files


def test_a_task_may_run_in_any_order_and_more_than_once(payments, source, tmp_path):
    def twice_and_backwards(function, *lists):
        calls = list(zip(*lists, strict=True))
        for arguments in reversed(calls):
            function(*arguments)
        return [function(*arguments) for arguments in calls]

    files = large_features(source, tmp_path / "made", tmp_path / "work", 4, twice_and_backwards)
    assert collected(files).equals(features(payments))


def test_a_part_holds_all_rows_of_its_keys_and_no_others(payments, source, tmp_path):
    dealt = [deal_piece(piece, tmp_path, 7) for piece in pieces(source)]
    for part in range(7):
        ids = gather(dealt, part)["transaction_id"]
        wanted = payments.loc[payments["customer_id"] % 7 == part, "transaction_id"]
        assert sorted(ids) == sorted(wanted)


def test_a_step_leaves_no_half_file_behind(tmp_path):
    def stops_in_the_middle(path):
        path.write_text("half")
        raise OSError("no space left on device")

    (tmp_path / "a").write_text("whole")
    with pytest.raises(OSError, match="no space"):
        put_in_place(tmp_path / "a", stops_in_the_middle)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["whole"]


def test_without_files_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no Parquet file"):
        large_features(tmp_path, tmp_path / "made", tmp_path / "work")


def test_parts_have_about_a_million_rows(source, monkeypatch, payments):
    assert parts_for(source) == 1
    monkeypatch.setattr("helpers.payments.large.ROWS_A_PART", 1_000)
    assert parts_for(source) == -(-len(payments) // 1_000)


def test_in_sql_they_are_the_same(payments, source):
    made = duckdb.sql(feature_sql(source / "*.parquet")).df()
    made = made.sort_values("transaction_id", ignore_index=True)
    assert_same_bits(made.drop(columns="transaction_id"), payments)


@settings(max_examples=15)
@given(frames())
def test_on_any_frame_both_are_the_same(tmp_path_factory, tx):
    folder = tmp_path_factory.mktemp("any")
    (folder / "source").mkdir()
    tx = tx.assign(time=tx["time"].astype("datetime64[us]"))
    tx = tx.sort_values("transaction_id", ignore_index=True)
    tx.to_parquet(folder / "source" / "one.parquet", index=False)
    assert_same_bits(
        collected(large_features(folder / "source", folder / "made", folder / "work", 2)), tx
    )
    made = duckdb.sql(feature_sql(folder / "source" / "*.parquet")).df()
    made = made.sort_values("transaction_id", ignore_index=True)
    assert_same_bits(made.drop(columns="transaction_id"), tx)


def _dies_once(part, dealt, folder, parts):
    """A customer part whose worker is killed by the first that takes part 3."""
    witness = folder.parent / "died"
    if part == 3 and not witness.exists():
        witness.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return customer_part(part, dealt, folder, parts)


@pytest.mark.slow
def test_on_a_cluster_with_a_killed_worker_they_are_the_same(payments, source, tmp_path):
    from dask.distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster) as client,
    ):

        def run(function, *lists):
            function = _dies_once if function is customer_part else function
            return client.gather(client.map(function, *lists, pure=False))

        before = set(client.run(os.getpid).values())
        files = large_features(source, tmp_path / "made", tmp_path / "work", 8, run)
        client.wait_for_workers(2, timeout=60)
        assert len(before - set(client.run(os.getpid).values())) == 1
    assert collected(files).equals(features(payments))
