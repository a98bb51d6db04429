"""The world played: what a learner sees, what decisions cost, and what they hide."""

import numpy as np
import pandas as pd
import pytest

from helpers.payments import Costs, World

DAY = pd.Timedelta(days=1)
SEEN = ["transaction_id", "time", "customer_id", "terminal_id", "amount"]
WORLDS = [
    {},
    {"label_delay": 0.3},
    {"late_labels": True, "investigated_a_day": 5},
    {"fraud_reacts": True, "new_fraud_day": 20, "weekly_season": 0.3, "new_customers_a_day": 0.5},
]


def small(**fields):
    return World.small(0.05, **({"days": 75} | fields))


@pytest.fixture(scope="module")
def world():
    return small()


@pytest.mark.parametrize("fields", WORLDS)
@pytest.mark.parametrize("answer", [False, True])
def test_the_static_frame_is_the_play_in_which_all_is_approved(fields, answer):
    world = small(**fields)
    days = []
    for day in world.play():
        days.append(day)
        if answer:
            day.decide(["approve"] * len(day.payments))
    truth = world.transactions()
    payments = pd.concat([day.payments for day in days], ignore_index=True)
    pd.testing.assert_frame_equal(payments, truth[SEEN])
    labels = pd.concat([day.labels for day in days], ignore_index=True)
    before_last = world.labels(days[-1].date + DAY - pd.Timedelta(microseconds=1))
    same_day = before_last["known_at"].dt.normalize() == days[-1].date
    if world.label_delay < 1:  # what the last day itself brought to light comes after it
        time = truth["time"].iloc[before_last["transaction_id"]].to_numpy()
        same_day &= time >= days[-1].date.to_datetime64()
        before_last = before_last[~same_day]
    expected = before_last.sort_values(["known_at", "transaction_id"], ignore_index=True)
    got = labels.sort_values(["known_at", "transaction_id"], ignore_index=True)
    pd.testing.assert_frame_equal(got, expected)
    assert len(got) > 1_000


def test_a_day_shows_its_payments_its_date_and_no_truth(world):
    for number, day in enumerate(world.play()):
        assert day.number == number
        assert day.date == pd.Timestamp("2018-04-01") + number * DAY
        assert list(day.payments) == SEEN
        assert isinstance(day.payments.index, pd.RangeIndex)
        assert (day.payments["time"].dt.normalize() == day.date).all()
        assert list(day.labels) == ["transaction_id", "known_at", "is_fraud"]
        assert (day.labels["known_at"].dt.normalize() == day.date).all()
    assert number == 74


def test_a_declined_payment_never_gets_a_label(world):
    declined, labelled = [], []
    for day in world.play():
        words = np.where(day.payments["amount"] > 100, "decline", "approve")
        outcome = day.decide(words)
        declined += day.payments["transaction_id"][words == "decline"].tolist()
        labelled += day.labels["transaction_id"].tolist()
        assert outcome.hidden == (words == "decline").sum()
    assert len(declined) > 100
    assert not set(declined) & set(labelled)
    soon = world.transactions().query("time < '2018-06-07'")["transaction_id"]
    assert set(soon) - set(declined) == set(labelled) & set(soon)


@pytest.mark.parametrize("late_labels", [False, True])
def test_a_review_gives_the_label_at_the_next_midnight(late_labels):
    world = small(late_labels=late_labels, investigated_a_day=0)
    play = world.play()
    first = next(play)
    words = ["review" if i % 7 == 0 else "approve" for i in range(len(first.payments))]
    first.decide(words)
    second = next(play)
    assert (
        second.labels["transaction_id"].tolist() == first.payments["transaction_id"][::7].tolist()
    )
    assert (second.labels["known_at"] == second.date).all()
    truth = world.transactions()["is_fraud"][second.labels["transaction_id"]]
    assert second.labels["is_fraud"].tolist() == truth.tolist()


def test_the_most_suspicious_are_investigated_by_the_scores_one_gives():
    play = small(late_labels=True, investigated_a_day=5).play()
    day = next(play)
    scores = pd.Series(range(len(day.payments)), dtype=float)
    day.decide("approve", scores=scores)
    assert next(play).labels["transaction_id"].tolist() == list(day.payments["transaction_id"][-5:])


def test_what_is_declined_is_not_investigated():
    play = small(late_labels=True, investigated_a_day=5).play()
    day = next(play)
    top = day.payments["amount"].rank(ascending=False, method="first")
    day.decide(np.where(top <= 5, "decline", "approve"))
    assert set(next(play).labels["transaction_id"]) == set(
        day.payments["transaction_id"][top.between(6, 10)]
    )


def test_costs_by_kind_and_the_ledger(world):
    prices = Costs(fraud_loss=1, chargeback_fee=20, wrong_decline=4, review=2.5)
    play = world.play(prices)
    truth = world.transactions()
    for day in play:
        words = np.array(["approve", "decline", "review"])[np.arange(len(day.payments)) % 3]
        outcome = day.decide(words)
        today = truth.loc[day.payments["transaction_id"]]
        missed = today[(words == "approve") & today["is_fraud"]]
        wrong = today[(words == "decline") & ~today["is_fraud"]]
        assert outcome.missed_frauds == len(missed)
        assert outcome.missed_fraud_cost == pytest.approx(missed["amount"].sum() + 20 * len(missed))
        assert outcome.wrong_declines == len(wrong)
        assert outcome.wrong_decline_cost == 4 * len(wrong)
        assert outcome.review_cost == 2.5 * (words == "review").sum()
        parts = outcome.missed_fraud_cost + outcome.wrong_decline_cost + outcome.review_cost
        assert outcome.cost == pytest.approx(parts)
        assert day.outcome is outcome
    ledger = play.ledger
    assert len(ledger) == 75
    assert ledger["payments"].sum() == len(truth)
    assert ledger["missed_frauds"].sum() > 5
    assert ledger["cost"].iloc[-1] == pytest.approx(outcome.cost)
    assert ledger["date"].iloc[0] == pd.Timestamp("2018-04-01")


def test_the_ledger_of_an_unplayed_world_has_its_columns(world):
    play = world.play()
    empty = play.ledger
    list(play)
    assert list(empty) == list(play.ledger)
    assert len(empty) == 0
    assert len(play.ledger) == len(play) == 75


def test_history_so_far(world):
    play = world.play()
    payments, labels = [], []
    for day in play:
        payments.append(day.payments)
        labels.append(day.labels)
        if day.number == 20:
            break
    pd.testing.assert_frame_equal(play.payments(), pd.concat(payments, ignore_index=True))
    got, expected = play.labels(), pd.concat(labels, ignore_index=True)
    pd.testing.assert_frame_equal(got, expected)
    assert play.labels()["known_at"].max() < day.date + DAY
    assert next(play).number == 21


def test_a_blocked_card_is_used_no_more():
    world = small(fraud_reacts=True, leaked_cards_a_day=0.5, new_fraud_day=30)
    truth = world.transactions()
    stolen = truth["scenario"].isin([3, 4])
    gone, blocked = [], {}
    seen = []
    for day in world.play():
        today = truth.loc[day.payments["transaction_id"]]
        seen += today.index.tolist()
        stop = today["scenario"].isin([3, 4]).to_numpy()
        day.decide(np.where(stop, "decline", "approve"))
        blocked |= dict.fromkeys(today["customer_id"][stop], day.number)
    gone = truth.drop(seen)
    assert len(gone) > 20
    assert stolen[gone.index].all()
    assert set(gone["customer_id"]) <= set(blocked)
    kept = truth.loc[seen]
    used = kept[kept["scenario"] == 3]
    days = used["time"].dt.normalize()
    assert days.groupby(used["customer_id"]).nunique().eq(1).mean() > 0.8


def test_without_the_switch_nothing_reacts():
    world = small(leaked_cards_a_day=0.5)
    count = 0
    for day in world.play():
        day.decide("decline")
        count += len(day.payments)
    assert count == len(world.transactions())


def test_an_approved_fraud_does_not_block_the_card():
    world = small(fraud_reacts=True, leaked_cards_a_day=0.5)
    assert sum(len(day.payments) for day in world.play()) == len(world.transactions())


@pytest.mark.parametrize(
    "kind", [list, np.array, pd.Series, lambda w: pd.Series(w, dtype="category")]
)
def test_decisions_of_any_kind(world, kind):
    day = next(world.play())
    outcome = day.decide(kind(["decline"] + ["approve"] * (len(day.payments) - 1)))
    assert (outcome.declined, outcome.approved) == (1, len(day.payments) - 1)


def test_a_series_is_aligned_by_its_index(world):
    play = world.play()
    day = next(play)
    words = pd.Series("approve", index=day.payments.index)
    words.iloc[0] = "review"
    day.decide(words.sort_index(ascending=False))
    assert next(play).labels["transaction_id"].tolist() == [day.payments["transaction_id"][0]]
    other = next(play)
    with pytest.raises(ValueError, match="index of decisions is not that of the day's payments"):
        other.decide(pd.Series("approve", index=other.payments["transaction_id"]))


def test_bad_decisions(world):
    play = world.play()
    day = next(play)
    with pytest.raises(ValueError, match=f"3 decisions for the {len(day.payments)} payments"):
        day.decide(["approve"] * 3)
    with pytest.raises(
        ValueError, match="decision 0 is 'accept'; expected one of approve, decline"
    ):
        day.decide("accept")
    with pytest.raises(ValueError, match="2 scores for the"):
        day.decide("approve", scores=[1, 2])
    assert day.outcome is None
    day.decide("approve")
    with pytest.raises(RuntimeError, match="2018-04-01 is already decided"):
        day.decide("approve")
    second = next(play)
    assert next(play).number == 2
    assert second.outcome.approved == len(second.payments)
    with pytest.raises(RuntimeError, match="2018-04-02 is over; an unanswered day is approved"):
        second.decide("decline")


def test_two_plays_do_not_touch_each_other(world):
    one, other = world.play(), world.play()
    next(one).decide("decline")
    list(one)
    list(other)
    assert other.ledger["declined"].sum() == 0
    assert other.ledger["payments"].sum() == len(world.transactions())
