"""A world replayed, and how good the model is while its labels are on their way."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from helpers.monitoring.late_labels import (
    arrived,
    chargeback_delays,
    expected_recall,
    precision_recall,
    recall_known,
    still_to_come,
)
from helpers.monitoring.replay import replay
from helpers.monitoring.signals import chargeback_rate, greatest_psi
from helpers.payments import World, features

DAY = pd.Timedelta(days=1)
BANK = {"late_labels": True, "chargeback_days": 10, "dispute_days": 20}


@pytest.fixture(scope="module")
def world():
    return World.small(0.02, days=60, seed=4, investigated_a_day=4, **BANK)


@pytest.fixture(scope="module")
def model(world):
    payments = world.transactions()
    X = features(payments, world.labels())
    past = slice(0, 8_000)
    trees = HistGradientBoostingClassifier(max_iter=20, random_state=0)
    return trees.fit(X[past], payments["is_fraud"][past])


@pytest.fixture(scope="module")
def quiet():
    """A hundred quiet weeks after the first twelve."""
    return replay(World.small(0.1, seed=1, days=784, investigated_a_day=10, **BANK))


def test_a_replay_is_what_a_play_day_by_day_comes_to(world, model):
    lived = replay(world, model, live_from=20).payments
    play, scores = world.play(), []
    for day in play:
        seen = features(play.payments(), play.labels())
        today = seen.iloc[len(seen) - len(day.payments) :]
        scores.append(model.predict_proba(today)[:, 1].round(9))
        day.decide("approve", scores[-1] if day.number >= 20 else None)
    assert np.concatenate(scores).tolist() == lived["score"].tolist()
    known = play.labels().set_index("transaction_id")["known_at"]
    ours = lived.set_index("transaction_id")["known_at"]
    assert len(known) > 1_000 and (ours.loc[known.index] == known).all()


def test_nothing_before_a_moment_moves_when_what_comes_after_does(world, model):
    payments = world.transactions()
    day = (payments["time"] - pd.Timestamp(world.start)) // DAY
    other = payments.copy()
    other.loc[day >= 40, "amount"] *= 7
    other.loc[day >= 40, "is_fraud"] ^= True
    before, after = (replay(world, model, 20, rows).days(0, 40) for rows in (payments, other))
    pd.testing.assert_frame_equal(before.X, after.X)
    assert before.payments["score"].tolist() == after.payments["score"].tolist()
    assert before.payments["reviewed"].tolist() == after.payments["reviewed"].tolist()


def test_as_many_are_reviewed_each_day_as_there_are_people_for(world, model):
    lived = replay(world, model, live_from=20).payments
    assert (lived.groupby("day")["reviewed"].sum() == 4).all()
    late = lived[lived["day"] >= 20]
    least = late[late["reviewed"]].groupby("day")["score"].min()
    most = late[~late["reviewed"]].groupby("day")["score"].max()
    assert (least >= most).all()


def test_a_replay_refuses_what_it_cannot_play(world):
    with pytest.raises(ValueError, match="late_labels=True"):
        replay(World.small(0.02, days=5))
    with pytest.raises(ValueError, match="clock goes backwards"):
        replay(world, transactions=world.transactions().iloc[::-1])


@pytest.mark.parametrize("age", [0, 7, 14])
def test_the_interval_keeps_its_promise_over_a_hundred_quiet_weeks(quiet, age):
    inside, estimates, truths, so_far = 0, [], [], []
    for first in range(84, 784 - 7 - age, 7):
        week, start = quiet.days(first, first + 7).payments, pd.Timestamp("2018-04-01")
        at = start + (first + 7 + age) * DAY
        delays = chargeback_delays(quiet.days(0, first).payments, at, 20)
        said = recall_known(week, at, delays)
        truths.append(precision_recall(week["is_fraud"], week["reviewed"])[1])
        inside += said.low <= truths[-1] <= said.high
        estimates.append(said.estimate)
        so_far.append(said.so_far)
    assert 0.83 <= inside / len(truths) <= 0.97
    assert np.mean(estimates) == pytest.approx(np.mean(truths), abs=0.03)
    assert np.mean(so_far) > np.mean(truths) + 0.01


def test_how_many_are_to_come_where_the_answer_is_known():
    rng = np.random.default_rng(3)
    total = rng.integers(0, 80, 20_000)
    came = rng.binomial(total, 0.4)
    seen = came == 12
    low, middle, high = still_to_come(12, 0.4)
    missing = total[seen] - 12
    assert middle == pytest.approx(missing.mean(), abs=0.7)
    assert np.mean((missing >= low) & (missing <= high)) == pytest.approx(0.91, abs=0.04)
    assert still_to_come(12, 1.0) == (0, 0, 0)


@pytest.mark.parametrize("share", [0, -0.1, 1.2, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="share is above 0"):
        still_to_come(5, share)


def test_delays_of_young_payments_are_left_out(quiet):
    at = pd.Timestamp("2018-12-01")
    old = chargeback_delays(quiet.payments, at, 20)
    assert np.median(old) == pytest.approx(10, abs=0.7) and old.max() == 20
    assert arrived(old, [0, 20]).tolist() == [0, 1]
    with pytest.raises(ValueError, match="no chargeback"):
        chargeback_delays(quiet.payments, "2018-04-05", 20)


def test_recall_that_cannot_be_known_says_so(quiet):
    week, delays = quiet.days(100, 107).payments, np.array([5.0, 10.0])
    end = week["time"].iloc[-1]
    with pytest.raises(ValueError, match="no payments in this window"):
        recall_known(week.iloc[:0], end, delays)
    with pytest.raises(ValueError, match="have not happened yet"):
        recall_known(week, end - DAY, delays)
    with pytest.raises(ValueError, match="clock goes backwards"):
        recall_known(week.iloc[::-1], end, delays)
    none = recall_known(week[~week["is_fraud"]], end, delays)
    assert np.isnan([none.so_far, none.low, none.estimate, none.high]).all()
    fresh = recall_known(week[week["reviewed"]].tail(20), end + DAY, np.array([300.0]))
    assert (fresh.low, fresh.high) == (0, 1) and np.isnan(fresh.estimate)


def test_expected_recall_is_the_truth_where_probabilities_are_honest():
    rng = np.random.default_rng(8)
    probability = rng.beta(0.2, 4, 200_000)
    fraud = rng.random(200_000) < probability
    reviewed = probability > 0.3
    assert expected_recall(probability, reviewed) == pytest.approx(
        precision_recall(pd.Series(fraud), pd.Series(reviewed))[1], abs=0.01
    )


@pytest.mark.parametrize(
    ("probability", "words"),
    [([0.2, float("nan")], "missing"), ([0.2, 1.4], "outside"), ([0.0, 0.0], "no fraud")],
)
def test_expected_recall_refuses_what_is_no_probability(probability, words):
    with pytest.raises(ValueError, match=words):
        expected_recall(probability, [True, False])


def test_chargebacks_are_counted_on_the_day_on_which_they_come(quiet):
    rate = chargeback_rate(quiet.payments, 784)
    start, seen = pd.Timestamp("2018-04-01"), quiet.payments
    came = seen["known_at"].between(start + 194 * DAY, start + 201 * DAY, inclusive="left")
    count = (came & seen["is_fraud"] & ~seen["reviewed"]).sum()
    assert rate[200] == pytest.approx(1e4 * count / len(quiet.days(194, 201).payments), rel=1e-9)
    assert rate[:6].isna().all()


def test_drift_of_quiet_days_is_small(quiet):
    drift = greatest_psi(quiet.X, quiet.payments["day"], 784, first=70)
    assert drift[:6].isna().all() and drift[84:].max() < 0.1
