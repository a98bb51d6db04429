"""The thirty faults: a whole table, and each is let in, seen by the course's pipeline, cured."""

from collections import Counter

import numpy as np
import pytest

from helpers.year.catalogue import BY_NAME, CURES, FAULTS, KINDS, REACH
from helpers.year.rules import BY_RULE
from helpers.year.world import START
from helpers.year.year import Year

SEED, DAY = 21, 5
SLOW_TO_SEE = {"new thieves": 40, "no label file": 12}  # days until it can be seen at all


def test_the_table_is_whole():
    assert len(FAULTS) == len(BY_NAME) == 30
    assert Counter(fault.kind for fault in FAULTS) == dict.fromkeys(KINDS, 6)
    assert set(REACH) == set(CURES) == {fault.cure for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_the_table_says_of_a_fault_fits_together(fault):
    assert fault.does is not None and fault.story and fault.trace
    assert fault.step in REACH[fault.cure] or fault.cure == "retrain"
    rules = [BY_RULE[name] for name in fault.detection if name != "gate"]
    assert all(rule.cure == fault.cure for rule in rules if rule.name != "errors")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_let_in_seen_and_cured(fault):
    year = Year(SEED, schedule={START + DAY: [fault]})
    year.play(DAY)
    assert year.alarms == [], "nothing rings before it comes"
    year.play(SLOW_TO_SEE.get(fault.name, 8))
    event = year.events[0]
    seen = [alarm for alarm in year.alarms if alarm.cure == fault.cure]
    assert seen and {alarm.rule for alarm in seen} & set(fault.detection)
    assert event.found == seen[0].day
    if fault.cure != "retrain":  # thieves stay; what a retraining does to them is tested below
        assert event.cured and fault not in year.shop.steps.get(fault.step, [])
        last = {alarm.rule for alarm in year.play(14).alarms if alarm.day > year.day - 6}
        assert last == set(), "nothing rings when it is mended"


def test_a_retraining_catches_the_new_thieves():
    thieves = BY_NAME["new thieves"]
    caught = {}
    for every in (True, False):
        year = Year(SEED, schedule={START + DAY: [thieves]})
        if not every:
            year.change(_without(year.settings, "chargebacks", "drift"))
        bills = year.play(55).bills().iloc[-15:]
        caught[every] = bills["caught"].sum() / bills["frauds"].sum()
    assert caught[True] > caught[False] + 0.1


def _without(settings, *rules):
    from dataclasses import replace

    return replace(settings, alerts=settings.alerts - set(rules), retrain_every=0)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("schema change", "missed fraud"),
        ("doubled batch", "paid twice"),
        ("bad deploy", "failed payments"),
        ("wrong order", "missed fraud"),
        ("full disk", "failed payments"),
        ("half a desk", "missed fraud"),
    ],
)
def test_a_fault_that_nobody_mends_costs_money(name, part):
    from helpers.year.settings import NOTHING

    fault = BY_NAME[name]
    with_it, without = (
        Year(SEED, NOTHING, {START + DAY: [fault]} if let_in else {}).play(20).bills()[part]
        for let_in in (True, False)
    )
    assert with_it.sum() > without.sum() + 500
    assert np.array_equal(with_it[:DAY], without[:DAY]), "before it comes, all is the same"


def test_without_a_gate_a_spoilt_model_goes_live_and_is_found_by_what_it_finds():
    from dataclasses import replace

    from helpers.year.settings import reference

    fault = BY_NAME["poisoned labels"]
    year = Year(SEED, replace(reference(), gate=False), {START + DAY: [fault]})
    before = year.shop.model
    year.play(DAY + 1)
    assert year.shop.model is not before
    year.play(20)
    assert "finds" in {alarm.rule for alarm in year.alarms}
    assert year.shop.model is before and year.events[0].cured
