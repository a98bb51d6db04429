"""The world: its published statistics, its seed, its switches, and the values it refuses."""

import numpy as np
import pandas as pd
import pytest

from helpers.payments import World, features

COLUMNS = {
    "transaction_id": "int32",
    "time": "datetime64[us]",
    "customer_id": "int32",
    "terminal_id": "int32",
    "amount": "float64",
    "is_fraud": "bool",
    "scenario": "int8",
}
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def full():
    return World().transactions()


@pytest.fixture(scope="module")
def small():
    return World.small(0.1)


def day_of(tx):
    return (tx["time"] - pd.Timestamp("2018-04-01")) // DAY


def test_columns_types_and_order(full):
    assert full.dtypes.astype(str).to_dict() == COLUMNS
    assert full["time"].is_monotonic_increasing
    assert np.array_equal(full["transaction_id"], np.arange(len(full)))
    assert full["time"].iloc[0].normalize() == pd.Timestamp("2018-04-01")
    assert full["time"].iloc[-1].normalize() == pd.Timestamp("2018-09-30")
    assert full["amount"].min() >= 0
    assert np.array_equal(full["amount"].round(2), full["amount"])
    assert np.array_equal(full["is_fraud"], full["scenario"] > 0)


def test_size_and_fraud_are_those_published(full):
    """1,754,155 payments and 14,681 frauds: 978 + 9,099 + 4,604, in the order of the scenarios.

    Customers' payments a day, U(0, 4), make the size: a standard deviation of 0.8 % over seeds.
    The frauds of scenario 2 vary with the traffic of 364 terminals, those of 3 with 546 customers.
    """
    assert len(full) == pytest.approx(1_754_155, rel=0.03)
    assert full["is_fraud"].sum() == pytest.approx(14_681, rel=0.1)
    published = pd.Series({1: 978, 2: 9_099, 3: 4_604})
    found = full["scenario"].value_counts()
    assert found[1] == pytest.approx(published[1], rel=0.2)
    assert found[2] == pytest.approx(published[2], rel=0.1)
    assert found[3] == pytest.approx(published[3], rel=0.12)


def test_seeds_scatter_about_the_published_size():
    sizes = [len(World.small(0.2, seed=seed).transactions()) * 5 for seed in range(12)]
    standard_error = np.std(sizes, ddof=1) / np.sqrt(len(sizes))
    assert standard_error < 15_000
    assert abs(np.mean(sizes) - 1_754_155) < 3 * standard_error


def test_payments_follow_the_design(full):
    genuine = full[full["scenario"] == 0]
    second = (full["time"] - full["time"].dt.normalize()).dt.total_seconds()
    # N(43200, 20000) cut to one day has a standard deviation of 18,194 s.
    assert second.mean() == pytest.approx(43_200, abs=60)
    assert second.std() == pytest.approx(18_194, abs=60)
    customers = genuine.groupby("customer_id")["amount"].agg(["count", "mean", "std"])
    often = customers[customers["count"] > 200]
    # Drawing negative amounts (2.3 %) again from U(0, 2 mean) lifts the mean by 2.9 %.
    assert (often["mean"]).quantile([0.05, 0.95]).tolist() == pytest.approx([9.9, 98], rel=0.05)
    assert (often["std"] / often["mean"]).median() == pytest.approx(0.46, abs=0.02)
    a_day = full.groupby("customer_id").size() / 183 / 0.9692  # kept: 0 < time of day < 24 h
    assert a_day.mean() == pytest.approx(2, abs=0.06)
    assert a_day.max() == pytest.approx(4, abs=0.5)
    assert full.groupby("customer_id")["terminal_id"].nunique().max() > 80


def test_a_customer_stays_within_the_radius():
    world = World.small(0.05, radius=7)
    from helpers.payments.places import draw_customers, draw_terminals
    from helpers.payments.streams import stream

    who = draw_customers(stream(0, "customers"), world.customers)
    x, y = draw_terminals(stream(0, "terminals"), world.terminals)
    tx = world.transactions()
    gap_x = x[tx["terminal_id"]] - who.x[tx["customer_id"]]
    gap_y = y[tx["terminal_id"]] - who.y[tx["customer_id"]]
    distance = np.hypot(gap_x, gap_y)
    assert distance.max() < 7
    assert distance.max() > 6.8
    everybody = np.hypot(x[:, None] - who.x, y[:, None] - who.y) < 7
    seen = tx.groupby("customer_id")["terminal_id"].nunique()
    assert (seen <= everybody.sum(axis=0)[seen.index]).all()
    often = tx["customer_id"].value_counts().head(20).index
    assert (seen[often] == everybody.sum(axis=0)[often]).all()


def test_terminals_in_reach_do_not_depend_on_how_many_are_searched_at_once(monkeypatch):
    expected = World.small(0.02).transactions()
    monkeypatch.setattr("helpers.payments.places.PAIRS_AT_ONCE", 50)
    pd.testing.assert_frame_equal(World.small(0.02).transactions(), expected)


def test_the_same_seed_gives_the_same_world(small):
    pd.testing.assert_frame_equal(small.transactions(), small.transactions())
    other = World.small(0.1, seed=1).transactions()
    assert abs(len(other) - len(small.transactions())) > 50


def test_a_start_elsewhere_moves_the_dates_only(small):
    moved = World.small(0.1, start="2020-02-29").transactions()
    shift = pd.Timestamp("2020-02-29") - pd.Timestamp("2018-04-01")
    expected = small.transactions()
    pd.testing.assert_frame_equal(moved.assign(time=moved["time"] - shift), expected)


SWITCHES = {
    "late_labels": True,
    "weekly_season": 0.4,
    "yearly_season": 0.3,
    "growth": 0.5,
    "inflation": 0.3,
    "new_customers_a_day": 1,
    "new_fraud_day": 100,
    "fraud_reacts": True,
}


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_leaves_the_rest_of_the_draws_alone(small, name):
    """What the switch does not touch is found again, payment for payment."""
    plain = small.transactions()
    changed = World.small(0.1, **{name: SWITCHES[name]}).transactions()
    key = ["time", "customer_id", "terminal_id"]
    kept = plain.merge(changed.drop_duplicates(key), on=key, suffixes=("", "_new"))
    few = 0.8 if "season" in name else 0.999
    assert len(kept) > few * len(plain)
    assert (kept["is_fraud"] == kept["is_fraud_new"]).mean() > 0.99
    if name != "inflation":
        assert (kept["amount"] == kept["amount_new"]).mean() > 0.995
    bad = [set(tx.loc[tx["scenario"] == 2, "terminal_id"]) for tx in (plain, changed)]
    assert len(bad[0] ^ bad[1]) <= 3
    leaked = [set(tx.loc[tx["scenario"] == 3, "customer_id"]) for tx in (plain, changed)]
    assert len(leaked[0] - leaked[1]) < 0.2 * len(leaked[0])


def test_weekly_season(small):
    tx = World.small(0.1, weekly_season=0.4).transactions()
    counts = [f["time"].dt.weekday.value_counts().sort_index() for f in (tx, small.transactions())]
    ratio = (counts[0] / counts[1]).to_numpy()
    assert ratio == pytest.approx([0.8, 0.8, 0.8, 1.0, 1.2, 1.4, 1.0], abs=0.02)
    assert len(tx) == pytest.approx(len(small.transactions()), rel=0.01)


def test_yearly_season():
    plain, tx = (World.small(0.05, days=365, yearly_season=s).transactions() for s in (0, 0.3))
    by_month = [f["time"].dt.month.value_counts().sort_index() for f in (tx, plain)]
    ratio = by_month[0] / by_month[1]
    assert ratio[12] == pytest.approx(1.3, abs=0.02)
    assert ratio[6] == pytest.approx(0.7, abs=0.02)


def test_growth():
    plain, tx = (World.small(0.05, days=365, growth=g).transactions() for g in (0, 1.0))
    by_day = [day_of(f).value_counts().sort_index() for f in (tx, plain)]
    last_week = by_day[0].iloc[-7:].sum() / by_day[1].iloc[-7:].sum()
    assert last_week == pytest.approx(2.0, abs=0.1)
    assert by_day[0].iloc[0] == by_day[1].iloc[0]


def test_inflation_moves_amounts_and_leaves_the_rule_of_scenario_1(small):
    plain = small.transactions()
    tx = World.small(0.1, inflation=0.5).transactions()
    assert len(tx) == len(plain)
    genuine = (tx["scenario"] == 0) & (plain["scenario"] == 0)
    rise = (tx["amount"] / plain["amount"])[genuine & (plain["amount"] > 50)]
    expected = 1.5 ** (day_of(plain)[rise.index] / 365)
    assert (rise / expected).between(0.999, 1.001).all()
    assert tx.loc[tx["amount"] > 220, "is_fraud"].all()
    assert (tx["scenario"] == 1).sum() > 2 * (plain["scenario"] == 1).sum()
    below = tx["amount"].between(100, 220), plain["amount"].between(100, 220)
    not_by_size = [
        f.loc[b, "scenario"].eq(2).mean() for f, b in zip((tx, plain), below, strict=True)
    ]
    assert not_by_size[0] == pytest.approx(not_by_size[1], rel=0.15)


def test_new_customers_join_day_by_day(small):
    tx = World.small(0.1, new_customers_a_day=2).transactions()
    joined = tx[tx["customer_id"] >= 500]
    assert joined["customer_id"].max() == 500 + 2 * 183 - 1
    first = day_of(joined).groupby(joined["customer_id"]).min()
    arrival = (first.index.to_numpy() - 500) // 2
    assert (first.to_numpy() >= arrival).all()
    assert np.median(first.to_numpy() - arrival) == 0
    genuine = joined[joined["scenario"] == 0]
    assert genuine["amount"].mean() == pytest.approx(27.5 * 1.03, rel=0.05)
    share = joined["scenario"].eq(3).mean()
    assert 0.0005 < share < 0.005


def test_new_fraud_appears_on_its_day_and_features_show_it():
    tx = World.small(0.2, new_fraud_day=100, bursts_a_day=1, days=150).transactions()
    new, day = tx["scenario"] == 4, day_of(tx)
    assert day[new].min() == 100
    assert day[new].nunique() == 50
    assert tx.loc[new, "amount"].between(1, 10).all()
    assert tx.loc[new, "time"].dt.hour.max() <= 6
    bursts = tx[new].groupby([day[new], "customer_id"])["time"].agg(["size", "min", "max"])
    assert bursts["size"].between(8, 15).all()
    assert ((bursts["max"] - bursts["min"]) < pd.Timedelta(hours=1)).all()
    X = features(tx)
    alike = (X["customer_count_1d"] >= 8) & (X["is_night"] == 1) & (X["amount"] <= 10)
    assert tx.loc[alike & (day < 100), "is_fraud"].mean() < 0.05
    assert tx.loc[alike & (day >= 100), "is_fraud"].mean() > 0.7


@pytest.mark.parametrize("fields", [{"customers": 0}, {"terminals": 0}, {"radius": 0}])
@pytest.mark.parametrize("switch", [{}, {"new_fraud_day": 0}, {"growth": 1.0}])
def test_a_world_without_payments_is_empty(fields, switch):
    sizes = {"customers": 30, "terminals": 30, "days": 20} | fields | switch
    tx = World(**sizes).transactions()
    if switch.get("new_fraud_day") is None or fields != {"radius": 0}:
        assert len(tx) == 0
    assert tx.dtypes.astype(str).to_dict() == COLUMNS
    assert len(features(tx)) == len(tx)
    assert list(World(**sizes).play())[-1].payments.empty == tx.empty
    assert World(**sizes).labels().empty == tx.empty


def test_one_customer_and_one_day():
    tx = World(1, 100, days=30, radius=150, seed=1).transactions()
    assert set(tx["customer_id"]) == {0}
    assert len(World.small(0.1, days=1).transactions()) > 500
    assert World.small(0.1, days=1).transactions()["scenario"].max() <= 1


BAD = {
    "customers": [-1, 1.5, "5", True, None],
    "terminals": [-1, 2.0],
    "days": [0, -3, 1.5, 20_001],
    "radius": [-1, float("nan"), float("inf"), "5"],
    "seed": [-1, 0.5],
    "start": ["soon", "2018-02-30", None],
    "compromised_terminals_a_day": [-1],
    "leaked_cards_a_day": [-0.1, None],
    "label_delay": [-1],
    "investigated_a_day": [-1, 1.5],
    "chargeback_days": [-1],
    "dispute_days": [float("nan")],
    "weekly_season": [-0.1, 1.1],
    "yearly_season": [2],
    "growth": [-0.5],
    "inflation": [-0.1],
    "new_customers_a_day": [-1],
    "new_fraud_day": [-1, 1.5],
    "bursts_a_day": [-1],
    "late_labels": ["yes", 1],
    "fraud_reacts": [None],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_a_value_that_makes_no_world_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"^{name} must "):
        World(**{name: value})


@pytest.mark.parametrize("share", [0, -1, "half"])
def test_a_small_world_needs_a_share(share):
    with pytest.raises(ValueError, match="share must"):
        World.small(share)


def test_the_world_is_frozen():
    with pytest.raises(AttributeError):
        World().days = 3
