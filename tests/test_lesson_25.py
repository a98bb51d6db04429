"""What lesson 25 teaches holds: its functions agree with helpers, its rule keeps its promise."""

from math import log

import nbformat
import numpy as np
import pytest

from helpers import exercises
from helpers.notebooks import named
from helpers.payments.features import COLUMNS
from helpers.serving.fraud.release import in_canary
from helpers.serving.fraud.windows import DAY, SECOND, Payment, Windows


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["25"])[0], as_version=4)


def solution(id):
    exercise = exercises.find(id)
    return exercise.run(exercise.solution)


def cell(lesson, words):
    return next(c.source for c in lesson.cells if c.cell_type == "code" and words in c.source)


def test_the_opening_shows_what_the_lesson_comes_to(lesson):
    opening = next(c.source for c in lesson.cells if "| decided by |" in c.source)
    rows = [line.split("|") for line in opening.splitlines() if line.startswith("| ")]
    after = {row[1].strip(): row[3].strip() for row in rows[1:]}
    closing = next(c for c in lesson.cells if c.source.startswith("worst = "))
    shown = dict(line.split(": ", 1) for line in closing.outputs[0].text.splitlines())
    assert after["status"] == shown["status"] == "declined"
    assert after["decided by"] == shown["decided_by"]
    assert after["reason"] == shown["reason"]


def test_the_window_of_the_exercise_is_that_of_the_service():
    rng = np.random.default_rng(0)
    times = sorted(int(t) for t in rng.integers(0, 40 * 24, 80) * 3_600)
    amounts = [float(a) for a in np.round(rng.uniform(1, 200, 80), 2)]
    windows, count_and_mean = Windows(), solution("25.1")
    for number, (moment, amount) in enumerate(zip(times, amounts, strict=True)):
        paid = Payment(number, moment * SECOND, 1, 1, round(amount * 10_000))
        row = dict(zip(COLUMNS, windows.features(paid), strict=True))
        for days in (1, 7, 30):
            ours = row[f"customer_count_{days}d"], row[f"customer_mean_{days}d"]
            theirs = count_and_mean(times[:number], amounts[:number], moment, amount, days)
            assert theirs == pytest.approx(ours, abs=1e-9)
        windows.take(paid)
    assert windows.newest - windows.customers[1].times[0] > 30 * DAY, "the long window was full"


def test_the_canary_of_the_exercise_has_the_properties_of_the_services():
    exercise = exercises.find("25.4")
    facts = exercise.trial.prepare(lambda c, share: in_canary(c, share, 2), exercise)
    told = facts(list(range(500, 2_000)), 0.3)
    assert told and all(told.values())


def test_the_rule_of_the_exercise_is_the_one_of_the_lesson(lesson):
    names = {"np": np, "log": log, "worth": 60.0, "variance": 10_000.0}
    source = cell(lesson, "def evidence(")
    exec(source[source.index("def evidence(") :], names)
    source = cell(lesson, "def released(")
    exec(source[: source.index("kinds =")], names)
    saved = np.random.default_rng(0).normal(20.0, 100.0, (300, 28))
    theirs = names["released"](names["evidence"](saved))
    verdict = solution("25.3")
    for money, end in zip(saved, theirs, strict=True):
        decision, day = verdict(money.tolist(), 60.0, 10_000.0)
        assert decision == ("promote" if end == 1 else "stop")
        assert end != 0 or day == 28
    assert set(theirs) == {-1, 0, 1}


def test_the_lesson_shows_that_its_rule_keeps_its_promise(lesson):
    source = cell(lesson, "binomtest(lucky")
    assert "lucky <= 50 and high < 0.07" in source and ">= 0.8" in source


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_luck_is_kept_to_one_release_in_twenty(seed):
    """On sums with heavy tails, of cards that are used on several days in a row.

    The variance is that of whole cards, as in the lesson.
    """
    rng = np.random.default_rng(seed)
    by_card = np.zeros((300, 28))
    for card, first in zip(by_card, rng.integers(0, 28, 300), strict=True):
        paid = np.minimum(rng.lognormal(2.5, 1.2, rng.integers(1, 6)), 400)
        card[first : first + len(paid)] = paid[: 28 - first]
    total = by_card.sum(axis=1)
    variance, worth = (total**2).sum() / 28, total.sum() / 28 / 3
    verdict, count = solution("25.3"), 1_000
    coins = rng.choice([-1, 1], (count, len(total)))
    ends = [verdict(saved.tolist(), worth, variance)[0] for saved in coins @ by_card]
    assert ends.count("promote") / count <= 0.07


def given(id, answer):
    return exercises.grade(id, answer, seed=7)


@pytest.mark.parametrize("id", ["25.1", "25.3", "25.4"])
def test_an_answer_that_is_no_function_is_told(id):
    result = given(id, 42)
    assert result.state == "not yet" and "should be a function" in result.message


def test_a_window_that_raises_shows_the_learners_own_line():
    def count_and_mean(times, amounts, now, amount, days):
        return sum(amounts) / len(amounts), len(times)

    result = given("25.1", count_and_mean)
    assert result.state == "not yet"


def test_a_canary_that_prints_and_returns_nothing_is_told():
    def in_canary(customer_id, share):
        print(customer_id % 10 < 10 * share)

    assert given("25.4", in_canary).state == "not yet"
