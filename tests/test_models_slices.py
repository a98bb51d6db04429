"""Shares by slice: right figures, and intervals that are as wide as they should be."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from helpers.models.slices import by_slice, share_of, surely_apart, usual_slices, wilson


@pytest.mark.parametrize(("hits", "rows"), [(0, 7), (3, 10), (55, 100), (20, 20)])
def test_wilsons_interval_is_scipys(hits, rows):
    wanted = binomtest(hits, rows).proportion_ci(0.95, "wilson")
    assert wilson(hits / rows, rows) == pytest.approx((wanted.low, wanted.high), abs=1e-6)


def test_the_shares_by_hand():
    hit = np.array([True, False, True, True, False])
    among = np.array([True, True, True, False, True])
    table = by_slice(hit, {"till": list("aabba")}, among, block=range(5))
    assert list(table.index) == [("till", "a"), ("till", "b")]
    assert table["rows"].tolist() == [3, 1]
    np.testing.assert_allclose(table["share"], [1 / 3, 1])
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()


def test_labels_keep_the_order_of_their_categories_and_any_index_will_do():
    bands = pd.cut(pd.Series([5.0, 300.0, 50.0], index=[7, 8, 9]), [0, 10, 220, 999])
    table = by_slice([1, 1, 0], {"amount": bands}, [True] * 3, [1, 2, 3])
    assert [str(label) for _, label in table.index] == ["(0, 10]", "(10, 220]", "(220, 999]"]
    assert table["share"].tolist() == [1, 0, 1]


def test_rows_of_one_block_tell_less_than_independent_ones():
    rng = np.random.default_rng(0)
    by_block = rng.random(50) < 0.4
    hit, block = np.repeat(by_block, 20).astype(float), np.repeat(np.arange(50), 20)
    rows, share, low, high = share_of(hit, block)
    assert rows == 1000 and share == by_block.mean()
    wanted = wilson(share, 49)  # fifty blocks, each of them one witness
    assert (low, high) == pytest.approx(wanted, abs=1e-9)
    alone = share_of(hit, np.arange(1000))
    assert alone[3] - alone[2] < (high - low) / 3


def test_where_all_are_alike_the_blocks_are_counted():
    hit, block = np.ones(100), np.repeat(np.arange(10), 10)
    assert share_of(hit, block)[2:] == wilson(1.0, 10)


def test_95_of_100_intervals_hold_the_share():
    rng, held = np.random.default_rng(0), 0
    for _ in range(400):
        of_block = rng.beta(1, 4, 80)  # some cards raise many alarms, others few: 0.2 on average
        block = rng.integers(0, 80, 900)
        _, _, low, high = share_of((rng.random(900) < of_block[block]).astype(float), block)
        held += low <= 0.2 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_groups_by_lot_are_apart_about_once_in_twenty():
    rng, apart = np.random.default_rng(0), 0
    for _ in range(400):
        block = rng.integers(0, 200, 1500)
        of_block, lot = rng.beta(1, 9, 200), rng.random(200) < 0.5
        hit = rng.random(1500) < of_block[block]
        table = by_slice(hit, {"lot": lot[block]}, np.ones(1500, dtype=bool), block)
        less, more = (table.iloc[i] for i in np.argsort(table["share"].to_numpy()))
        apart += surely_apart(more, less)
    assert 0.02 <= apart / 400 <= 0.09


def test_the_usual_slices_cover_each_payment_once():
    payments = pd.DataFrame({"amount": [3.0, 10.0, 150.0, 220.0, 221.0]})
    X = pd.DataFrame(
        {"is_night": [0, 1, 0, 1, 0], "is_weekend": [1, 0, 0, 1, 1]}, dtype="int8"
    ).assign(customer_count_30d=[1, 5, 6, 61, 20])
    slices = usual_slices(payments, X)
    words = ["up to 10", "up to 10", "100 to 220", "100 to 220", "above 220"]
    assert slices["amount"].tolist() == words
    assert slices["payments in 30 days"].tolist() == [
        *("up to 5", "up to 5", "5 to 20", "above 60", "5 to 20")
    ]
    assert slices["hours"].tolist() == ["day", "night", "day", "night", "day"]
    assert slices["days"].tolist() == ["weekend", *["working day"] * 2, *["weekend"] * 2]
