"""The three scenarios, held against a plain loop over days."""

import numpy as np
import pytest

from helpers.payments import World
from helpers.payments.fraud import add_fraud
from helpers.payments.spending import genuine


@pytest.fixture(scope="module")
def world():
    return World.small(0.1)


@pytest.fixture(scope="module")
def before(world):
    return genuine(world).in_time_order()


@pytest.fixture(scope="module")
def tx(world):
    return world.transactions().assign(day=lambda f: (f["time"] - f["time"][0].normalize()).dt.days)


def test_fraud_is_laid_over_the_genuine_payments(world, before, tx):
    assert len(before) == len(tx)
    untouched = tx["scenario"] != 3
    assert np.array_equal(tx["amount"][untouched], before.amount[untouched])


def test_scenario_1_is_every_amount_above_220_that_no_other_overwrites(before, tx):
    above = before.amount > 220
    assert (tx["scenario"][above] > 0).all()
    assert (before.amount[tx["scenario"] == 1] > 220).all()
    assert above.sum() > 50
    assert not tx.loc[tx["amount"] > 220, "scenario"].eq(0).any()


def test_scenario_2_takes_all_payments_of_a_terminal_for_up_to_28_days():
    quiet = World.small(0.1, compromised_terminals_a_day=0.05, leaked_cards_a_day=0, seed=4)
    tx = quiet.transactions()
    day = (tx["time"] - tx["time"][0].normalize()).dt.days
    bad = tx[tx["scenario"] == 2].groupby("terminal_id")["time"].agg(["min", "max"])
    assert len(bad) == 9
    for start in np.flatnonzero(np.diff(np.floor(0.05 * np.arange(184) + 1e-9)))[:-1]:
        hit = [t for t in bad.index if _all_bad(tx, day, t, start)]
        assert len(hit) == 1, start
    for terminal in bad.index:
        days = day[(tx["terminal_id"] == terminal) & (tx["scenario"] == 2)]
        assert days.max() - days.min() < 28


def _all_bad(tx, day, terminal, start):
    own = tx["terminal_id"] == terminal
    within = own & day.between(start, start + 27)
    return (
        tx.loc[within, "scenario"].eq(2).all() and not tx.loc[own & ~within, "scenario"].eq(2).any()
    )


def test_scenario_3_takes_a_third_of_a_cards_payments_and_five_times_the_amount():
    quiet = World.small(0.1, compromised_terminals_a_day=0, leaked_cards_a_day=0.1, seed=4)
    tx, before = quiet.transactions(), genuine(quiet).in_time_order()
    day = (tx["time"] - tx["time"][0].normalize()).dt.days
    used = tx["scenario"] == 3
    assert np.allclose(tx["amount"][used], before.amount[used] * 5, rtol=0, atol=0.005)
    for start in range(9, 169, 10):  # 0.1 a day: one card on each tenth day
        within = day.between(start, start + 13)
        leaked = [
            card
            for card, group in tx[within].groupby("customer_id")
            if (group["scenario"] == 3).sum() == len(group) // 3 and len(group) > 2
        ]
        late = day.between(start, start + 9) & used
        assert len(leaked) >= tx.loc[late, "customer_id"].nunique() - 1
    spans = day[used].groupby(tx["customer_id"][used]).agg(lambda d: d.max() - d.min())
    assert (spans < 14).mean() > 0.9


def test_later_scenarios_overwrite_earlier_ones(before):
    crowded = World.small(0.02, compromised_terminals_a_day=6, leaked_cards_a_day=3, days=60)
    tx, plain = crowded.transactions(), genuine(crowded).in_time_order()
    assert (tx["scenario"][plain.amount > 220] > 1).any()
    compromised = tx.groupby("terminal_id")["scenario"].apply(lambda s: (s == 2).any())
    third = tx[tx["scenario"] == 3]
    assert compromised[third["terminal_id"]].any()


def test_a_card_that_leaks_twice_can_pay_25_times_the_amount():
    crowded = World.small(0.02, compromised_terminals_a_day=0, leaked_cards_a_day=30, days=60)
    tx, plain = crowded.transactions(), genuine(crowded).in_time_order()
    times = tx["amount"] / plain.amount
    assert times[(tx["scenario"] == 3) & (plain.amount > 20)].max() > 24


def test_the_last_day_brings_no_new_compromise_or_leak():
    world = World.small(0.1, days=2, compromised_terminals_a_day=0.5, leaked_cards_a_day=0.5)
    assert world.transactions()["scenario"].max() < 2  # 0.5 a day: the first falls on the last day


def test_marking_is_the_same_for_the_same_payments(world, before):
    again = add_fraud(world, genuine(world).in_time_order())
    once = add_fraud(world, before.take(np.arange(len(before))))
    assert np.array_equal(again.scenario, once.scenario)
    assert np.array_equal(again.amount, once.amount)


@pytest.mark.parametrize(("terminals", "cards", "scenario"), [(99, 0, 2), (0, 99, 3)])
def test_more_than_all_a_day_takes_all(terminals, cards, scenario):
    world = World(10, 10, 30, 150, compromised_terminals_a_day=terminals, leaked_cards_a_day=cards)
    assert world.transactions()["scenario"].eq(scenario).mean() > 0.9
