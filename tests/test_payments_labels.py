"""When labels become known: a fixed delay, or investigation, chargeback and the dispute's end."""

import numpy as np
import pandas as pd
import pytest

from helpers.payments import World, features

DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def late():
    return World.small(0.1, late_labels=True, investigated_a_day=10)


def joined(world, **given):
    truth = world.transactions()
    labels = world.labels(**given).merge(truth, on="transaction_id", suffixes=("", "_true"))
    return labels.assign(waited=(labels["known_at"] - labels["time"]) / DAY)


@pytest.mark.parametrize("delay", [0, 0.5, 7])
def test_each_label_is_known_after_the_delay(delay):
    labels = joined(World.small(0.02, label_delay=delay))
    assert (labels["waited"] == delay).all()
    assert labels["is_fraud"].equals(labels["is_fraud_true"])
    assert len(labels) == len(World.small(0.02).transactions())


def test_columns_and_order(late):
    labels = late.labels()
    types = {"transaction_id": "int32", "known_at": "datetime64[us]", "is_fraud": "bool"}
    assert labels.dtypes.astype(str).to_dict() == types
    by_time = labels.sort_values(["known_at", "transaction_id"], ignore_index=True)
    pd.testing.assert_frame_equal(labels, by_time)
    assert labels["transaction_id"].is_unique


@pytest.mark.parametrize("at", ["2018-05-01", pd.Timestamp("2018-06-03 12:00"), "2018-04-01"])
def test_only_what_is_known_by_then(late, at):
    labels, known = late.labels(), late.labels(at)
    moment = pd.Timestamp(at)
    assert known["known_at"].le(moment).all()
    expected = labels[labels["known_at"] <= moment].reset_index(drop=True)
    pd.testing.assert_frame_equal(known, expected)


def test_a_label_counts_as_known_at_its_very_moment():
    world = World.small(0.02)
    first = world.labels().iloc[0]
    assert len(world.labels(first["known_at"])) == 1
    assert len(world.labels(first["known_at"] - pd.Timedelta(microseconds=1))) == 0


def test_the_highest_amounts_of_each_day_are_investigated(late):
    labels = joined(late)
    day = labels["time"].dt.normalize()
    next_midnight = labels["known_at"] == day + DAY
    assert (next_midnight.groupby(day).sum() >= 10).all()
    lowest_in = labels[next_midnight].groupby(day)["amount"].min()
    highest_out = labels[~next_midnight].groupby(day)["amount"].max()
    assert (lowest_in >= highest_out).all()


def test_the_caller_may_say_what_is_suspicious(late):
    truth = late.transactions()
    scores = truth["is_fraud"] * 1.0
    labels = joined(late, scores=scores)
    day = labels["time"].dt.normalize()
    frauds_a_day = labels["is_fraud"].groupby(day).transform("sum")
    found = labels["known_at"] == day + DAY
    assert found[labels["is_fraud"] & (frauds_a_day <= 10)].all()


def test_other_frauds_come_by_chargeback_and_the_genuine_when_the_dispute_period_is_over():
    labels = joined(World.small(0.3, late_labels=True, investigated_a_day=0))
    fraud, genuine = labels[labels["is_fraud"]]["waited"], labels[~labels["is_fraud"]]["waited"]
    assert (genuine == 60).all()
    assert fraud.max() <= 60
    assert fraud.median() == pytest.approx(21, rel=0.05)
    assert fraud.quantile(0.05) == pytest.approx(21 * np.exp(-1.645 * 0.6), rel=0.1)
    assert (fraud == 60).mean() == pytest.approx(0.04, abs=0.015)


def test_chargebacks_stay_as_they_are_when_more_is_investigated(late):
    none = joined(World.small(0.1, late_labels=True, investigated_a_day=0))
    some = joined(late)
    both = none.merge(some, on="transaction_id", suffixes=("_none", "_some"))
    earlier = both["known_at_some"] < both["known_at_none"]
    assert 0 < earlier.mean() < 0.03
    assert both.loc[~earlier, "known_at_some"].equals(both.loc[~earlier, "known_at_none"])


def test_late_labels_lower_what_features_know(late):
    truth = late.transactions()
    soon, slow = features(truth), features(truth, late.labels())
    assert slow["terminal_count_1d"].iloc[: len(truth) // 4].sum() < 0.1 * (
        soon["terminal_count_1d"].iloc[: len(truth) // 4].sum()
    )


def test_bad_arguments(late):
    with pytest.raises(ValueError, match=r"scores has shape \(3,\); expected one for each of"):
        late.labels(scores=[1, 2, 3])
    scores = np.zeros(len(late.transactions()))
    scores[5] = np.nan
    with pytest.raises(ValueError, match="missing value in row 5"):
        late.labels(scores=scores)
    with pytest.raises(ValueError, match="time zone UTC"):
        late.labels(pd.Timestamp("2018-05-01", tz="UTC"))
