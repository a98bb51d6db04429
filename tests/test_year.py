"""A year: the same from its seed, kept and resumed, changed on any morning, scored honestly."""

import json
from dataclasses import replace

import pytest

from helpers.plots import axes
from helpers.year import classroom
from helpers.year.board import board, nearest, weeks
from helpers.year.catalogue import BY_NAME, CURES
from helpers.year.console import Console
from helpers.year.incidents import Event
from helpers.year.keep import resume, save
from helpers.year.pager import Alarm
from helpers.year.schedule import drawn
from helpers.year.score import false_alarms, guesser, regret, score
from helpers.year.settings import ALL_ALERTS, NOTHING, Settings, reference
from helpers.year.world import DAYS, START
from helpers.year.yardsticks import ends
from helpers.year.year import Year

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


def test_only_a_year_that_its_seed_tells_is_kept(tmp_path):
    with pytest.raises(ValueError, match="with the faults of its seed"):
        save(Year(SEED, schedule={}).play(1), tmp_path / "quiet.json")
    with pytest.raises(ValueError, match="with the faults of its seed"):
        save(Year(SEED, all_known=True).play(1), tmp_path / "oracle.json")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 1}, "no run kept by this version"),
        ({"day": "ten"}, "its 'day' is 'ten'"),
        ({"journal": [[3, "pray", ""]]}, "its journal says 'pray' on day 3"),
        ({"journal": [[9, "cure", "retrain"]]}, "its journal says 'cure' on day 9, after day 0"),
        ({"journal": [[3, "cure", "pray"]]}, "no cure 'pray'"),
        ({"journal": [[3]]}, "cannot be played"),
        ({"began": {"colour": 3}}, "cannot be played: .*colour"),
    ],
)
def test_a_file_that_is_no_run_is_refused_by_its_name(tmp_path, change, words):
    path = save(Year(SEED).play(5), tmp_path / "mine.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ValueError, match=f"mine.json.*{words}"):
        resume(path)


def test_a_class_is_compared_by_regret_and_a_touched_up_file_is_refused(tmp_path):
    for who, settings in (("Bo", NOTHING), ("Ada", reference())):
        save(Year(SEED, settings).play(30), tmp_path / f"{who}.json", who)
    cheat = json.loads((tmp_path / "Bo.json").read_text()) | {"who": "Cy", "cost": 100.0}
    (tmp_path / "Cy.json").write_text(json.dumps(cheat))
    (tmp_path / "notes.json").write_text("no run at all")
    runs = classroom.runs(tmp_path)
    table = classroom.table(runs)
    assert table["who"].tolist() == ["Ada", "Bo", "Cy", "notes"]
    assert 0 < table["regret"][0] < table["regret"][1] == 1 and table["cost"][:2].notna().all()
    assert table["cost"][2:].isna().all()
    assert "Cy.json says that 30 days cost 100.00" in table["note"][2]
    assert "notes.json is no kept run" in table["note"][3]
    ax = classroom.plot(runs, axes("", "", ""))
    assert [line.get_label() for line in ax.lines] == ["Ada", "Bo"]
    spent = [line.get_ydata()[-1] * 1000 for line in ax.lines]
    assert spent == pytest.approx(table["cost"][:2].tolist(), abs=200), "but for this morning's"


def test_a_year_is_measured_against_ends_with_its_own_reviews():
    year = Year(SEED, replace(reference(), reviews=8), {}).play(4)
    year.change(replace(year.settings, reviews=2))
    year.play(4)
    for end in ends(year):
        assert end.day == 8 and end.settings.reviews == 2
        assert [evening.figures["reviews changed"] for evening in end.evenings] == [0] * 8
        spent = end.bills()["reviews"]
        assert spent[:4].max() <= 3 * (8 + 4) and spent[4:].max() <= 3 * (2 + 2)


def test_a_wrong_cure_costs_and_mends_nothing():
    year = Year(SEED, NOTHING, {START: [BY_NAME["doubled batch"]]}).play(2)
    before = year.cost
    assert year.cure("clear the disk") == [] and year.cost == before + 100
    assert year.cure("mend the feed") == ["doubled batch"]
    with pytest.raises(KeyError, match="no cure 'pray'"):
        year.cure("pray")


def test_a_gate_judges_after_days_on_which_every_payment_failed():
    settings = replace(reference(), runbooks=False, retrain_every=16)
    year = Year(SEED, settings, {START: [BY_NAME["full disk"]]}).play(18)
    assert [evening.figures["errors"] for evening in year.evenings].count(1.0) >= 3
    assert len(year.registry.verdicts) == 1 and year.registry.verdicts[0][1].candidate > 0.3


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
    blind.incidents.found_by = lambda alarm: None
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
    assert [one.name for one in year.registry.deployments].count("release") == 5
    assert keys.deployments_a_month == 7, "five releases, the bad one, and its rollback"
    assert keys.change_failure == pytest.approx(1 / 7) and keys.restore == 1
    assert keys.lead_time == 1, "a day on the canary"


def test_the_lead_time_is_of_the_rollouts_that_were():
    year = Year(SEED, schedule={}).play(10)
    year.change(replace(year.settings, rollout="all at once"))
    year.play(20)
    waited = [one.for_all - one.day for one in year.registry.deployments if one.name == "release"]
    assert waited == [1, 1, 0, 0, 0]
    assert score(year, year.cost - 1, year.cost + 1).lead_time == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rollout": "at night"}, "rollout is one of"),
        ({"reviews": -1}, "reviews is a whole number"),
        ({"retrain_every": 2.5}, "retrain_every is a whole number"),
        ({"sensitivity": 0}, "sensitivity is above 0"),
        ({"alerts": {"disk", "moon"}}, "there is no 'moon'"),
        ({"label_worth": -1}, "label_worth is 0 or more"),
    ],
)
def test_settings_that_make_no_pipeline_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Settings(**wrong)


@pytest.fixture
def console(tmp_path, monkeypatch):
    """A console on a year with one fault, with a workspace of its own."""
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    return Console(Year(SEED, replace(reference(), runbooks=False)))


def test_the_console_does_what_its_buttons_say(console):
    console.press("to the next alarm")
    alarm = console.year.alarms[0]
    assert console.year.day == alarm.day + 1 and alarm.rule in board(console.year)
    console.cure.value = alarm.cure
    console.press("apply cure")
    assert console.year.cures == [(console.year.day, alarm.cure)]
    console.alert.value = "disk"
    console.press("alert on or off")
    assert "alerts that are off: disk\n" in console.view.value
    console.inputs["reviews"].value = 5
    console.press("use settings")
    assert console.year.settings == replace(
        reference(), runbooks=False, reviews=5, alerts=ALL_ALERTS - {"disk"}
    )
    day = console.year.day
    console.press("next week")
    assert console.year.day == day + 7
    console.press("score")
    assert "regret" in console.view.value and "days to restore" in console.view.value


def test_a_run_of_the_console_goes_on_in_another_one(console):
    console.press("resume")
    assert "there is no kept run" in console.view.value
    console.who.value = "Ada L."
    console.inputs["reviews"].value = 7
    console.press("use settings")
    console.press("next week")
    console.press("save")
    fresh = Console(Year(SEED))
    assert fresh.file.value.name == f"Ada-L-seed-{SEED}.json"
    fresh.press("resume")
    assert (fresh.year.day, fresh.year.cost) == (7, console.year.cost)
    assert fresh.inputs["reviews"].value == fresh.year.settings.reviews == 7
    fresh.file.value.write_text("{}")
    fresh.press("resume")
    assert "not resumed: Ada-L" in fresh.view.value and fresh.year.day == 7


def test_the_board_says_which_figure_is_about_to_ring():
    year = Year(SEED, schedule={START: [BY_NAME["full disk"]]}).play(3)
    assert year.alarms == [] and "disk" in nearest(year)[0]
    assert weeks(Year(SEED)) == "" and weeks(year).count("<rect") == 1
