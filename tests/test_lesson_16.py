"""What lesson 16 teaches holds: its functions agree with helpers, its figures with its cells."""

import ast
import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.delivery.deployments import PAST, changes, deployments, put_on_record
from helpers.delivery.drill.opening import open_shop
from helpers.delivery.drill.record import QUERIES, RANGES
from helpers.delivery.drill.recorded import Recorded
from helpers.delivery.drill.shop import CONFIG, Shop
from helpers.delivery.practice import practice_repository
from helpers.exercises.of_16_alert import RECORDED, heard
from helpers.monitoring.promtool import SPOILT
from helpers.monitoring.rules import BURNS
from helpers.notebooks import execute, named


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["16"])[0], as_version=4)


def cell(lesson, begins):
    return next(one for one in lesson.cells if one.source.startswith(begins))


def names(lesson, *begins):
    """What the cells that begin so define."""
    space = {"np": np, "pd": pd, "predict": lambda *_, **__: None}
    for one in begins:
        exec(cell(lesson, one).source, space)
    return space


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def given(id, answer):
    return exercises.grade(id, answer, seed=7)


def test_the_configuration_of_the_lesson_is_the_shops_own(lesson):
    assert ast.literal_eval(ast.parse(cell(lesson, "config").source).body[0].value) == CONFIG


def test_all_that_the_lesson_asks_is_on_record(lesson):
    code = "\n".join(one.source for one in lesson.cells if one.cell_type == "code")
    counter, buckets = (
        re.search(rf"^{name} = '(.*)'$", code, re.MULTILINE).group(1)
        for name in ("counter", "buckets")
    )
    asked = re.findall(r'shop\.(?:query|value|range)\(f"(.*?)"[,)]', code)
    fill = {"{counter}": counter, "{buckets}": buckets}
    for q in ("0.5", "0.99"):
        for one in asked:
            for mark, text in {**fill, "{q}": q}.items():
                one = one.replace(mark, text)
            assert one in (*QUERIES, *RANGES)
    assert len(asked) == 4


def test_the_opening_shows_what_the_lesson_comes_to(lesson):
    opening = next(one.source for one in lesson.cells if "Delivered |" in one.source)
    rows = re.findall(r"^\| (.+?) \| ([\d,]+) \| ([\d.]+) % \|$", opening, re.MULTILINE)
    space = names(lesson, "ways = ", "def failures")
    assert [row[0] for row in rows] == list(space["ways"])
    for way, failed, percent in rows:
        cost = space["failures"](way, 1 / 3)
        assert int(failed.replace(",", "")) == round(cost)
        assert float(percent) == round(100 * cost / space["BUDGET"], 2)


def test_the_model_of_deliveries_adds_up_by_hand(lesson):
    space = names(lesson, "ways = ", "def failures")
    # 50 a second fail; the second in which the hundredth failed, 30 to react, 600 back.
    assert space["failures"]("all at once", 0.5) == pytest.approx(50 * (2 + 30 + 600))
    assert space["failures"]("canary", 0.5) == pytest.approx(2.5 * (40 + 30 + 15), abs=2.6)
    # It grows to a quarter after ten minutes: 600 s at 0.2 a second leave 120 by then.
    late = space["failures"]("canary", 0.04, 300)
    assert late == pytest.approx(120 + 180 + 45 * 1.0, abs=1.5)


def test_the_factor_of_the_lesson_is_that_of_the_rules():
    assert BURNS[0].factor == 14.4 and (BURNS[0].long, BURNS[0].short) == (3600, 300)
    assert BURNS[0].factor * 1 / (30 * 24) == pytest.approx(0.02)  # 2 % of the budget in an hour


def test_the_rule_of_the_exercise_rings_when_the_lessons_windows_do(lesson):
    space = names(lesson, "minute = ")
    rule = solution("16.2")
    bad = (1000 * space["share"]).round(6).tolist()
    for minute in range(100, 230):
        rings = rule(bad[: minute + 1], [1000] * (minute + 1), 0.999)
        assert rings == space["loud"]["both"][minute], minute


def test_the_spoilt_rule_is_the_recorded_one(lesson):
    line = cell(lesson, "five, hour").source.splitlines()[0]
    assert ast.literal_eval(ast.parse(line).body[0].value) == SPOILT


@pytest.mark.needs_tool("promtool")
def test_what_is_recorded_of_conditions_is_what_promtool_says():
    for condition, rings in RECORDED.items():
        assert heard(condition).rings == rings, condition


def test_without_promtool_known_conditions_are_judged_and_others_are_not(monkeypatch):
    monkeypatch.setattr("helpers.tools.Tool.find", lambda self: None)
    exercise = exercises.find("16.3")
    assert given("16.3", exercise.run(exercise.solution)).state == "right"
    for mistake in exercise.mistakes:
        assert given("16.3", exercise.run(mistake.answer)).mistake == mistake.name
    assert "promtool is not on this machine" in given("16.3", "vector(1)").message


@pytest.mark.needs_tool("promtool")
def test_a_condition_that_is_no_promql_is_told():
    assert "promtool cannot read this" in given("16.3", "errors are > many").message
    assert "is a text in PromQL" in given("16.3", 14.4).message


@pytest.mark.needs_tool("prometheus")
def test_the_quantile_of_the_exercise_is_prometheus_own():
    shop = Shop(quiet=True)
    try:
        shop.trade(4)
        buckets = "checkout_request_duration_seconds_bucket"
        table = shop.query(f"sum by (le) ({buckets})")
        table = table.assign(le=table["le"].astype(float)).sort_values("le")
        borders, counts = table["le"].tolist()[:-1], table["value"].tolist()[:-1]
        assert counts[-1] == table["value"].iloc[-1] > 50
        for q in (0.1, 0.5, 0.9):
            theirs = shop.value(f"histogram_quantile({q}, sum by (le) ({buckets}))")
            assert solution("16.1")(q, borders, counts) == pytest.approx(theirs, rel=1e-6)
    finally:
        shop.close()


@pytest.mark.needs_tool("git")
def test_the_lead_time_that_the_lesson_names(lesson, tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    repository = practice_repository("keys")
    for one in PAST:
        put_on_record(repository, one)
    hours = solution("16.5")(changes(repository), deployments(repository))
    text = next(one.source for one in lesson.cells if "### Exercise 16.5" in one.source)
    low, high = map(int, re.search(r"between (\d+) and (\d+) hours", text).groups())
    assert low < hours < high


def test_an_answer_that_is_no_drill_is_told():
    assert "is to be a drill" in given("16.4", "locked-ledger").message
    from helpers.delivery.drill.drill import Drill

    assert "has not been started" in given("16.4", Drill(Recorded())).message


def test_without_prometheus_it_is_said_and_the_recording_is_shown(monkeypatch, capsys):
    monkeypatch.setattr("helpers.tools.Tool.find", lambda self: None)
    shop = open_shop()
    assert not shop.live and "Prometheus is not on this machine" in capsys.readouterr().out


@pytest.mark.slow
def test_the_whole_lesson_runs_where_prometheus_and_promtool_are_missing(lesson):
    import copy

    without = copy.deepcopy(lesson)
    hide = "from helpers.tools import Tool\nfind = Tool.find\nTool.find = lambda self: "
    hide += "None if self.command in ('prometheus', 'promtool') else find(self)"
    without.cells.insert(0, nbformat.v4.new_code_cell(hide))
    done, _ = execute(without, named(["16"])[0].parent)
    texts = [o.get("text", "") for one in done.cells for o in one.get("outputs", [])]
    assert sum("is not on this machine" in text for text in texts) == 3
