"""A year: the same from its seed, kept and resumed, changed on any morning, scored honestly."""

import json
from dataclasses import replace

import pytest

from helpers.year import classroom
from helpers.year.board import board
from helpers.year.catalogue import BY_NAME, CURES
from helpers.year.console import Console
from helpers.year.keep import resume, save
from helpers.year.pager import Alarm
from helpers.year.schedule import drawn
from helpers.year.score import false_alarms, guesser, regret, score
from helpers.year.settings import NOTHING, Settings, reference
from helpers.year.world import DAYS, START
from helpers.year.year import Event, Year

SEED = 21


@pytest.fixture(scope="module")
def month():
    """Forty days under the course's pipeline, with the faults of the seed."""
    return Year(SEED).play(40)


def test_the_same_seed_gives_the_same_year_and_another_another(month):
    again = Year(SEED).play(40)
    assert again.alarms == month.alarms and again.cost == month.cost
    assert [e.fault for e in Year(SEED).play(40).events] == [e.fault for e in month.events]
    assert drawn(SEED) != drawn(SEED + 1)


def test_a_schedule_holds_each_fault_once_and_leaves_the_last_month_free():
    days = drawn(3)
    assert sorted(f.name for faults in days.values() for f in faults) == sorted(BY_NAME)
    assert min(days) >= START and max(days) < START + DAYS - 30


def test_a_run_in_pieces_is_the_run_in_one(month):
    year = Year(SEED)
    for days in (1, 9, 30):
        year.play(days)
    assert year.cost == month.cost and year.day == 40


def test_a_run_is_saved_resumed_and_told_apart_from_a_changed_one(tmp_path):
    year = Year(SEED, replace(reference(), runbooks=False)).play(10)
    year.cure("mend the feed")
    year.play(3).change(replace(year.settings, reviews=5))
    path = save(year.play(4), tmp_path / "mine.json", who="Ada")
    again = resume(path)
    assert (again.day, again.cost, again.alarms) == (year.day, year.cost, year.alarms)
    assert again.settings == year.settings and again.journal == year.journal
    path.write_text(json.dumps(json.loads(path.read_text()) | {"cost": 1.0}))
    with pytest.raises(ValueError, match=r"mine.json says that 17 days cost 1\.00, but played"):
        resume(path)


def test_a_class_is_compared_by_cost_within_a_seed(tmp_path):
    for who, settings in (("Ada", reference()), ("Bo", NOTHING)):
        save(Year(SEED, settings).play(30), tmp_path / f"{who}.json", who)
    table = classroom.table(classroom.runs(tmp_path))
    assert table["who"].tolist() == ["Ada", "Bo"] and table["cost"].is_monotonic_increasing


def test_a_wrong_cure_costs_and_mends_nothing():
    year = Year(SEED, NOTHING, {START: [BY_NAME["doubled batch"]]}).play(2)
    before = year.cost
    assert year.cure("clear the disk") == [] and year.cost == before + 100
    assert year.cure("mend the feed") == ["doubled batch"]
    with pytest.raises(KeyError, match="no cure 'pray'"):
        year.cure("pray")


def test_a_canary_makes_a_bad_deploy_cheaper():
    deploy = {START + 1: [BY_NAME["bad deploy"]]}
    lost = {
        rollout: Year(SEED, replace(reference(), rollout=rollout), deploy).play(5).bills()
        for rollout in ("canary", "all at once")
    }
    failed = {name: bills["failed payments"].sum() for name, bills in lost.items()}
    assert failed["canary"] < 0.25 * failed["all at once"]


def test_alarms_do_not_reach_anybody_while_they_are_muted():
    both = {START: [BY_NAME["broken alert"]], START + 1: [BY_NAME["doubled batch"]]}
    deaf = replace(reference(), alerts=reference().alerts - {"heartbeat"})
    assert Year(SEED, deaf, both).play(8).alarms == []
    assert [a.rule for a in Year(SEED, schedule=both).play(8).alarms] == ["heartbeat", "duplicates"]


def test_no_rule_reads_a_fault():
    """The alarms of a day follow from its record: with the truth taken away they are the same."""
    fault = {START + 2: [BY_NAME["schema change"]]}
    year, blind = Year(SEED, schedule=fault), Year(SEED, schedule=fault)
    blind._note = lambda alarm: None
    blind.play(6)
    assert year.play(6).alarms == blind.alarms and blind.events[0].found is None


def test_regret_has_its_ends_and_needs_a_scale():
    assert (regret(5, 5, 9), regret(9, 5, 9), regret(6, 5, 9)) == (0, 1, 0.25)
    with pytest.raises(ValueError, match="no scale"):
        regret(1, 5, 5)


def alarm(day, cure):
    return Alarm(day, "rule", cure, 1.0, 0.0)


def test_an_alarm_is_false_unless_a_fault_asks_for_its_cure():
    event = Event(BY_NAME["full disk"], came=10, found=12, ended=13, cured=True)
    right, wrong = alarm(12, "clear the disk"), alarm(12, "retrain")
    early, late = alarm(9, "clear the disk"), alarm(30, "clear the disk")
    assert false_alarms([right, wrong, early, late], [event]) == [wrong, early, late]


def test_a_guesser_with_many_alarms_finds_more():
    events = [Event(fault, came=20) for fault in BY_NAME.values()]
    assert guesser(events, 0, 1) == 0 < guesser(events, 30, 1) < guesser(events, 3000, 1) == 1
    assert guesser(events, 30, 1) == guesser(events, 30, 1)
    assert set(CURES) == {fault.cure for fault in BY_NAME.values()}


def test_the_score_counts_what_happened(month):
    result = score(month, oracle=month.cost - 100, nothing=month.cost + 900)
    assert result.regret == pytest.approx(0.1)
    found = sum(event.found is not None for event in month.events)
    assert result.found == found / len(month.events) and result.false_alarms == 0


def test_the_four_keys_of_a_year_with_one_bad_deploy():
    year = Year(SEED, schedule={START + 3: [BY_NAME["bad deploy"]]}).play(30)
    keys = score(year, year.cost - 1, year.cost + 1)
    assert [name for _, name, _ in year.deployments].count("release") == 5
    assert keys.deployments_a_month == 7, "five releases, the bad one, and its rollback"
    assert keys.change_failure == pytest.approx(1 / 7) and keys.restore == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rollout": "at night"}, "rollout is one of"),
        ({"reviews": -1}, "reviews is a whole number"),
        ({"retrain_every": 2.5}, "retrain_every is a whole number"),
        ({"sensitivity": 0}, "sensitivity is above 0"),
    ],
)
def test_settings_that_make_no_pipeline_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Settings(**wrong)


def test_the_console_does_what_its_buttons_say(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    console = Console(Year(SEED, schedule={START + 2: [BY_NAME["doubled batch"]]}))
    console.inputs["runbooks"].value = False
    console.press("use settings")
    console.press("to the next alarm")
    assert console.year.day == 3 and "duplicates" in board(console.year)
    console.cure.value = "mend the feed"
    console.press("apply cure")
    assert "mended doubled batch" in console.view.value
    console.press("next week")
    console.press("save")
    assert console.year.day == 10 and len(list(tmp_path.rglob("seed-21.json"))) == 1
