"""What lesson 42 teaches holds: its functions agree with helpers, its opening with its end."""

import re

import nbformat
import pytest

from helpers import exercises
from helpers.notebooks import named
from helpers.year.catalogue import BY_NAME
from helpers.year.incidents import Event
from helpers.year.pager import Alarm
from helpers.year.rules import BY_RULE, RULES, ringing
from helpers.year.score import false_alarms, regret


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["42"])[0], as_version=4)


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def stored(lesson, part):
    cell = next(c for c in lesson.cells if c.cell_type == "code" and part in c.source)
    return "\n".join(o.get("text") or o["data"]["text/plain"] for o in cell.outputs)


def test_the_regret_of_the_exercise_is_the_one_of_the_helpers():
    for cost in (100.0, 160.0, 400.0, 90.0):
        assert solution("42.2")(cost, 100.0, 400.0) == pytest.approx(regret(cost, 100.0, 400.0))


def test_the_silences_of_the_exercise_are_those_of_the_helpers():
    silences = {rule.name: list(rule.silences) for rule in RULES}
    rang = ["amounts", "skew", "drift", "disk", "errors"]
    limit = {rule.name: 1.0 for rule in RULES}
    figures = {rule.figure: 0.0 if rule.above else 2.0 for rule in RULES}
    figures |= {BY_RULE[name].figure: 2.0 for name in rang}
    ours = [rule.name for rule in ringing(figures, limit, frozenset(silences))]
    assert sorted(solution("42.1")(rang, silences)) == sorted(ours) == ["amounts", "disk"]


def test_what_the_exercise_finds_no_false_alarm_found():
    event = Event(BY_NAME["clock skew"], came=3, ended=8)
    for day, cure in ((3, "mend the feed"), (8, "mend the feed"), (5, "retrain"), (2, "retrain")):
        share = solution("42.3")([(3, 8, event.fault.cure)], [(day, cure)])
        vain = false_alarms([Alarm(day, "rule", cure, 1.0, 0.0)], [event])
        assert share == 1 - len(vain)


def test_the_opening_shows_what_the_lesson_comes_to(lesson):
    opening = next(c.source for c in lesson.cells if c.source.startswith("This is where"))
    rows = [re.split(r"\s*\|\s*", line)[1:5] for line in opening.splitlines() if "|" in line]
    closing = [line.strip() for line in stored(lesson, "final.loc").splitlines()[1:]]
    for (name, *values), line in zip(rows[2:], closing, strict=True):
        said = re.split(r"\s{2,}", line)
        assert name == said[0] and [float(v) for v in values] == [float(v) for v in said[1:]]


def test_the_stored_year_keeps_what_the_lesson_says(lesson):
    assert "'drift'" in stored(lesson, "beyond = ").splitlines()[0], "more than one figure"
    assert stored(lesson, "beyond = ").splitlines()[1] == "sent: ['amounts']"
    assert "True" in stored(lesson, "again = resume")
    luck = int(re.search(r"by luck (\d+)%", stored(lesson, "by_luck")).group(1))
    assert luck < 30
