"""Splits in time: nothing of the test's future, and no label before its day, gets into training."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.models import time_split, weeks

START = pd.Timestamp("2018-07-02")


def payments(*rows):
    """Payments at noon: day of July, card, fraud."""
    days, cards, frauds = zip(*rows, strict=True)
    time = [pd.Timestamp(2018, 7, day, 12) for day in days]
    return pd.DataFrame({"time": time, "customer_id": cards, "is_fraud": frauds})


def days_of(frame):
    return frame["time"].dt.day.tolist()


def test_training_delay_and_test_take_the_days_that_are_asked_for():
    each_day = payments(*((day, 1, False) for day in range(1, 15)))
    train, test = time_split(each_day, START, train_days=3, delay_days=2, test_days=4)
    assert days_of(train) == [2, 3, 4]
    assert days_of(test) == [7, 8, 9, 10]


def test_a_card_misused_in_training_is_out_of_the_whole_test():
    rows = [(4, 1, True), *((day, card, False) for day in range(7, 11) for card in (1, 2))]
    _, test = time_split(payments(*rows), START, train_days=3, delay_days=2, test_days=4)
    assert test["customer_id"].tolist() == [2] * 4


def test_a_fraud_in_the_delay_is_known_only_when_the_delay_is_over():
    rows = [(2, 2, False)] + [(day, 1, day == 5) for day in range(5, 12)]
    _, test = time_split(payments(*rows), START, train_days=3, delay_days=3, test_days=4)
    assert days_of(test) == [8]  # the label of 5 July is there at the end of 8 July


def test_a_fraud_before_the_training_days_does_not_block_a_card():
    rows = [(1, 1, True), (2, 1, False), (7, 1, False)]
    _, test = time_split(payments(*rows), START, train_days=3, delay_days=2, test_days=4)
    assert days_of(test) == [7]


@given(
    seed=st.integers(0, 2**32 - 1),
    train=st.integers(1, 9),
    delay=st.integers(0, 9),
    test=st.integers(1, 9),
)
def test_what_comes_later_changes_nothing_before_it(seed, train, delay, test):
    """Labels that nobody knows on a test day have no say in who is tested on that day."""
    rng = np.random.default_rng(seed)
    rows = 400
    time = START + pd.to_timedelta(rng.integers(0, 28 * 1440, rows), unit="min")
    cards, fraud = rng.integers(0, 20, rows), rng.random(rows) < 0.1
    frame = pd.DataFrame({"time": time, "customer_id": cards, "is_fraud": fraud})
    known, tested = time_split(frame, START, train, delay, test)
    for day in tested["time"].dt.normalize().unique():
        hidden = frame["time"].dt.normalize() >= day - pd.Timedelta(days=delay)
        other = frame.assign(is_fraud=frame["is_fraud"] & ~hidden)
        again, tested_again = time_split(other, START, train, delay, test)
        assert again.index.equals(known.index)
        of_day, of_day_again = (
            t.index[t["time"].dt.normalize() == day] for t in (tested, tested_again)
        )
        assert of_day.equals(of_day_again)


def test_weeks_walk_on_by_seven_days():
    each_day = payments(*((day, day, False) for day in range(1, 31)))
    walked = list(weeks(each_day, START, 2, train_days=4, delay_days=2, test_days=3))
    assert [first.day for first, _, _ in walked] == [8, 15]
    assert [days_of(train) for _, train, _ in walked] == [[2, 3, 4, 5], [9, 10, 11, 12]]
    assert [days_of(test) for _, _, test in walked] == [[8, 9, 10], [15, 16, 17]]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"train_days": 0}, "train_days must be a whole number of 1 or more, not 0"),
        ({"delay_days": -1}, "delay_days must be a whole number of 0 or more, not -1"),
        ({"test_days": 1.5}, "test_days must be a whole number of 1 or more, not 1.5"),
        ({"delay_days": 90}, "no payment lies in the test days; they run from 2018-07-01"),
    ],
)
def test_days_that_make_no_split_are_told(days, words):
    each_day = payments(*((day, 1, False) for day in range(1, 30)))
    with pytest.raises(ValueError, match=words):
        time_split(each_day, START, **days)


def test_an_empty_frame_is_told():
    with pytest.raises(ValueError, match="there are no payments at all"):
        time_split(payments((1, 1, False))[:0], START)
