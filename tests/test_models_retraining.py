"""A year under a rule for retraining: the same money as the world's own play, and no look ahead."""

import copy

import numpy as np
import pandas as pd
import pytest

from helpers.models.retraining import (
    START,
    Desk,
    Field,
    Rules,
    Year,
    every,
    never,
    on_drift,
    on_performance,
    stability,
    worlds,
)
from helpers.models.retraining.choices import (
    GAPS,
    JUDGED_NAME,
    WINDOW_NAME,
    WINDOWS,
    judged,
    windows,
)
from helpers.models.retraining.record import NAME, REVIEW, compared
from helpers.payments import Costs, World
from helpers.workspace import dataset

LATE = {"late_labels": True, "investigated_a_day": 0}
DAYS = 45


def small(**more):
    return World.small(0.03, **({"days": START + DAYS, "seed": 4} | LATE | more))


@pytest.fixture(scope="module")
def field():
    return Field(small())


@pytest.fixture(scope="module")
def year(field):
    return Year(field).until_start()


@pytest.mark.parametrize("declines", [False, True])
def test_it_costs_what_the_same_decisions_cost_in_the_worlds_own_play(field, declines):
    rules = Rules(declines=declines, reviews_a_day=3 if declines else 15)
    played = Year(field, rules).until_start().fork(every(30), DAYS)
    play = small().play(Costs(review=REVIEW))
    for day in play:
        day.decide(played.decisions[field.rows(day.number, day.number + 1)])
        if day.number in (200, START, START + 40):
            came = play.labels()
            came = came[came["known_at"] <= day.date]
            known = np.flatnonzero(played.known <= day.number)
            assert sorted(came["transaction_id"]) == known.tolist()
    ledger = play.ledger.iloc[START:].reset_index(drop=True)
    ours = played.played().days
    for ledgers, column in (
        ("missed_fraud_cost", "missed_cost"),
        ("wrong_decline_cost", "decline_cost"),
        ("reviewed", "reviews"),
    ):
        np.testing.assert_allclose(ledger[ledgers], ours[column], rtol=1e-12)
    assert (played.decisions == "decline").any() == declines
    assert played.played().bill(training=0) == pytest.approx(ledger["cost"].sum(), rel=1e-12)


@pytest.mark.parametrize("policy", [every(10), on_drift(0.02), on_performance(0.1)])
def test_nothing_before_a_moment_moves_when_everything_after_it_changes(field, policy):
    moment = START + 20
    rules = Rules(declines=True, explore=0.1)
    other = copy.copy(field)
    later = field.day >= moment
    other.is_fraud = field.is_fraud ^ later
    other.amount = field.amount * np.where(later, 3, 1)
    other.still = field.still * np.where(later, 3, 1).astype(np.float32)[:, None]
    other.known = np.where(field.known > moment, field.known + 7, field.known)
    one = Year(field, rules).until_start().fork(policy, DAYS)
    # What nobody knew at the moment may turn out otherwise, too; a review knows before `field`.
    other.is_fraud = np.where(~later & (one.known > moment), ~field.is_fraud, other.is_fraud)
    two = Year(other, rules).until_start().fork(policy, DAYS)
    before = field.rows(0, moment)
    seen = field.known[before] <= moment
    assert one.trained[:3] == two.trained[:3]
    assert [d for d in one.trained if d < moment] == [d for d in two.trained if d < moment]
    np.testing.assert_array_equal(one.X[before], two.X[before])
    np.testing.assert_array_equal(one.decisions[before], two.decisions[before])
    assert seen.any() and not np.array_equal(one.X, two.X)


def test_the_other_policies_play_the_same_year(year):
    first = year.play(never, DAYS)
    year.play(every(10), DAYS)
    again = year.play(never, DAYS)
    pd.testing.assert_frame_equal(first.days, again.days)
    assert year.day == START and first.trained == ()


def test_a_schedule_trains_on_its_days(year):
    assert year.play(every(14), DAYS).trained == (START + 14, START + 28, START + 42)
    with pytest.raises(ValueError, match="1 or more"):
        every(0)


def test_the_bill_is_losses_reviews_and_trainings(year):
    played = year.play(every(14), DAYS)
    days = played.days
    assert played.bill(0) == pytest.approx(days["missed_cost"].sum() + 3 * days["reviews"].sum())
    assert played.bill(700) - played.bill(0) == pytest.approx(3 * 700)
    assert played.by_day(700).sum() == pytest.approx(played.bill(700))
    assert days["reviews"].max() <= 15


def test_the_oracle_knows_each_label_at_the_next_midnight(field):
    oracle = Year(field, Rules(all_known=True)).until_start()
    done = field.rows(0, START)
    np.testing.assert_array_equal(oracle.known[done], field.day[done] + 1)
    rows, is_fraud = oracle.training_set(START)
    np.testing.assert_array_equal(is_fraud, field.is_fraud[rows])


def test_a_training_knows_no_fraud_whose_label_has_not_come(year, field):
    rows, is_fraud = year.training_set(START)
    late = field.is_fraud[rows] & (year.known[rows] > START)
    assert late.any() and not is_fraud[late].any()
    assert field.day[rows].min() == START - 14 - 120 and field.day[rows].max() == START - 15


def test_a_declined_payment_is_in_no_training_and_an_explored_one_counts_for_ten(field):
    rules = Rules(reviews_a_day=0, declines=True, explore=0.1)
    played = Year(field, rules).until_start().fork(never, DAYS)
    rows, _ = played.training_set(START + DAYS)
    assert (played.decisions[rows] != "decline").all()
    explored = np.flatnonzero(played.chance == 0.1)
    declined = (played.decisions == "decline").sum()
    assert 0.03 < len(explored) / (len(explored) + declined) < 0.25
    inside = explored[field.day[explored] < START + DAYS - 14]
    assert {int((rows == row).sum()) for row in inside} == {10}


def test_an_empty_day_passes_and_the_world_goes_on():
    class Closed(World):
        def transactions(self):
            rows = super().transactions()
            fifth = pd.Timestamp(self.first_day) + pd.Timedelta(days=START + 5)
            closed = rows["time"].dt.normalize() == fifth
            return rows[~closed].reset_index(drop=True)

    world = Closed(**{name: getattr(small(), name) for name in small().__dataclass_fields__})
    played = Year(Field(world)).until_start().play(every(10), 20)
    assert played.days["payments"].tolist()[5] == 0 and len(played.days) == 20
    assert played.days["reviews"].tolist()[5] == 0


def test_a_training_of_one_class_says_so(field):
    harmless = copy.copy(field)
    harmless.is_fraud = np.zeros_like(field.is_fraud)
    with pytest.raises(ValueError, match=r"^0 of the \d+ payments .* a model needs both kinds"):
        Year(harmless).until_start()


def test_a_world_without_payments_says_so():
    with pytest.raises(ValueError, match="no payments"):
        Field(World(customers=0, days=10))


def desk(counts, before=None, now=None, trained=0):
    table = np.arange(200.0).reshape(-1, 1)
    before, now = (table if one is None else one for one in (before, now))
    return Desk(len(counts) - 1, trained, before, now, np.asarray(counts))


def test_the_alarm_on_performance_hears_a_jump_and_not_a_calm():
    calm = [1] * 85
    assert not on_performance()(desk(calm))
    assert on_performance()(desk([*calm[:57], *[3] * 28]))
    assert not on_performance()(desk([3] * 29 + [1] * 56))


def test_no_alarm_before_a_model_has_shown_what_it_can_do():
    assert not on_performance()(desk([0] * 28 + [50] * 22))
    assert not on_drift()(desk([0] * 22, now=np.full((50, 1), 1e6)))


def test_the_alarm_on_drift_hears_a_shift_and_not_a_calm():
    assert not on_drift()(desk([0] * 29))
    assert on_drift()(desk([0] * 29, now=np.arange(100.0, 300.0).reshape(-1, 1)))


def test_the_stability_index_is_the_sum_over_ten_bins():
    before, now = np.arange(100.0), np.arange(100.0) ** 2 / 100
    edges = [-np.inf, *np.quantile(before, np.arange(1, 10) / 10), np.inf]
    b, n = (np.histogram(v, edges)[0] / 100 + 1e-4 for v in (before, now))
    assert stability(before, now) == pytest.approx(((n - b) * np.log(n / b)).sum(), rel=1e-9)
    assert stability(before, before) == 0
    with pytest.raises(ValueError, match="one side has none"):
        stability(before, now[:0])


@pytest.fixture(scope="module")
def recorded():
    return pd.read_csv(dataset(NAME))


def test_twenty_seeds_of_each_policy_are_recorded(recorded):
    assert not recorded.isna().any().any()
    counts = recorded.groupby(["world", "decisions", "review", "policy"])["seed"].nunique()
    assert (counts == 20).all() and len(counts) == 4 * 5 + 2


def saved(recorded, world, policy, training=500):
    rows = recorded[(recorded["world"] == world) & (recorded["decisions"] == "review")]
    rows = rows[rows["review"] == REVIEW]
    bill = rows["missed_cost"] + rows["review"] * rows["reviews"] + training * rows["trainings"]
    bill = rows.assign(bill=bill).pivot(index="seed", columns="policy", values="bill")
    each = bill["never"] - bill[policy]
    return each.mean() - 1.96 * each.sem(), each.mean() + 1.96 * each.sem()


def test_training_on_drift_loses_money_in_the_busy_season(recorded):
    _, high = saved(recorded, "busy season", "on drift")
    assert high < 0


def test_training_pays_where_fraud_changes_and_the_oracle_is_ahead(recorded):
    for policy in ("every 30 days", "on performance"):
        assert saved(recorded, "new fraud", policy)[0] > 0
    for world in worlds():
        best = max(saved(recorded, world, name)[1] for name in ("every 30 days", "on performance"))
        assert saved(recorded, world, "oracle")[0] > best


def test_the_choices_of_training_are_recorded_whole():
    days, models = (pd.read_csv(dataset(name)) for name in (WINDOW_NAME, JUDGED_NAME))
    assert not days.isna().any().any() and not models.isna().any().any()
    counts = days.groupby(["world", "window", "gap"])["seed"].nunique()
    assert len(counts) == 2 * len(WINDOWS) * len(GAPS) and (counts == 20).all()
    assert (models.groupby("explored")["seed"].nunique() == 20).all()


def test_the_choices_are_made_as_the_helpers_make_them():
    """A day early in the year of a small town, so that it is cheap; the rows are those recorded."""
    small_field = Field(small(days=START + 40))
    found = list(windows(small_field, morning=START + 10, ahead=20))
    assert [(row["window"], row["gap"]) for row in found] == [(w, g) for g in GAPS for w in WINDOWS]
    assert all(0 < row["average_precision"] <= 1 for row in found)


def test_without_a_lottery_the_labels_name_the_worse_model_and_with_it_mostly_the_better():
    of = pd.read_csv(dataset(JUDGED_NAME))
    says = of["challenger_labelled"] > of["champion_labelled"]
    truly = of["challenger_true"] > of["champion_true"]
    right = (says == truly).groupby(of["explored"]).sum()
    assert right[0.0] == 0 and right[0.1] >= 15


@pytest.mark.slow
def test_the_choices_can_be_made_again():
    recorded = pd.read_csv(dataset(JUDGED_NAME)).query("seed == 0").drop(columns="seed")
    found = pd.DataFrame(judged(Field(worlds(0)["quiet"])))
    np.testing.assert_allclose(found, recorded[found.columns], atol=0.02)


@pytest.mark.slow
def test_the_record_can_be_played_again(recorded):
    for name, played in compared(Field(worlds(0)["quiet"])):
        rows = recorded[(recorded["world"] == "quiet") & (recorded["policy"] == name)]
        row = rows[(rows["seed"] == 0) & (rows["decisions"] == "review")].iloc[0]
        assert played.trainings == row["trainings"]
        assert played.days["missed_cost"].sum() == pytest.approx(row["missed_cost"], rel=0.02)
