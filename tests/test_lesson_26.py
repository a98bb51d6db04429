"""What lesson 26 teaches holds: its functions agree with helpers, its opening with its end."""

import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.monitoring import drift
from helpers.monitoring.late_labels import recall_known
from helpers.monitoring.report import drift_report
from helpers.notebooks import named


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["26"])[0], as_version=4)


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def stored(lesson, part):
    cell = next(c for c in lesson.cells if c.cell_type == "code" and part in c.source)
    return "\n".join(o.get("text") or o["data"]["text/plain"] for o in cell.outputs)


def test_the_psi_of_the_exercise_is_the_one_of_the_helpers():
    rng = np.random.default_rng(0)
    one, other = rng.lognormal(3, 1, 900), rng.lognormal(3.2, 1, 700)
    theirs = solution("26.1")(one, other, drift.bin_edges(one))
    assert theirs == pytest.approx(drift.psi(one, other), rel=1e-12)


def test_the_recall_of_the_exercise_is_near_to_the_one_of_the_helpers():
    from helpers.exercises.of_26_recall import AT, _week

    rng = np.random.default_rng(1)
    delays = rng.lognormal(2.3, 0.6, 400)
    week = _week(rng, 2_000, 20.0)
    ours = recall_known(week, AT, delays)
    theirs = solution("26.2")(week, AT, delays)
    assert ours.low < theirs < ours.high and theirs == pytest.approx(ours.estimate, abs=0.01)


def test_the_limit_of_the_exercise_keeps_its_budget_as_the_lesson_counts(lesson):
    cell = next(c for c in lesson.cells if c.source.startswith("def alarms("))
    names = {}
    exec(cell.source, names)
    quiet = np.random.default_rng(2).normal(10, 2, 300).round(2)
    limit = solution("26.3")(quiet, 1.0)
    assert names["alarms"](quiet, limit) <= 10
    below = quiet[quiet < limit].max()
    assert names["alarms"](quiet, below) > 10


def test_the_opening_shows_what_the_lesson_comes_to(lesson):
    opening = next(c.source for c in lesson.cells if c.source.startswith("This is where"))
    rows = [re.split(r"\s*\|\s*", line)[1:4] for line in opening.splitlines() if "|" in line]
    closing = stored(lesson, "final.T").splitlines()[1:]
    assert [re.split(r"\s{2,}", line.strip()) for line in closing] == rows[2:]


def test_drift_is_found_where_no_harm_is_and_not_where_harm_is(lesson):
    shown = stored(lesson, "final.T").splitlines()[1:]
    drifted, before, after = ([float(x) for x in line.split()[-2:]] for line in shown)
    assert drifted[0] >= 3 and drifted[1] == 0
    assert after[0] > before[0] - 0.05 and after[1] < before[1] - 0.15


def test_the_report_is_a_table_and_a_page_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    rng = np.random.default_rng(4)
    reference = pd.DataFrame({"amount": rng.normal(50, 9, 3_000), "count": rng.poisson(4, 3_000)})
    current = reference.assign(amount=reference["amount"] + 5)
    report = drift_report(reference, current, "try", rows=2_000)
    assert report.table["drifted"].to_dict() == {"amount": True, "count": False}
    wanted = drift.compare(reference, current).loc["amount", "distance"]
    assert report.table.loc["amount", "value"] == pytest.approx(wanted, abs=0.06)
    assert report.page.is_relative_to(tmp_path) and report.page.stat().st_size > 1e6
    assert len(report._repr_html_()) < 500
    with pytest.raises(ValueError, match="the current window is empty"):
        drift_report(reference, current.iloc[:0], "none")


def given(id, answer):
    return exercises.grade(id, answer, seed=7)


def test_a_recall_that_raises_shows_the_learners_own_line():
    def recall_estimate(week, at, delays):
        return week["caught"].mean()

    result = given("26.2", recall_estimate)
    assert "KeyError" in result.message and '`return week["caught"].mean()`' in result.message


def test_a_diagnosis_in_other_words_is_told():
    result = given("26.4", lambda board: "the model is down" if len(board) else "")
    assert result.state == "not yet" and "expected 'model down'" in result.message
