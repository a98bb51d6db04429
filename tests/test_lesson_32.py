"""What lesson 32 teaches holds: its functions agree with helpers, its prose with its outputs."""

import nbformat
import numpy as np
import pytest

from helpers import exercises
from helpers.notebooks import named
from helpers.recommender import doubly_robust, epsilon_greedy, snips


@pytest.fixture(scope="module")
def cells():
    """The cells of the stored notebook."""
    return nbformat.read(named(["32"])[0], as_version=4).cells


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def shown(cells, beginning):
    """What the cell that begins so printed, or shows as its value."""
    cell = next(cell for cell in cells if cell.source.startswith(beginning))
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def log():
    rng = np.random.default_rng(0)
    propensity, target = rng.uniform(0.1, 1, 500), rng.uniform(0, 1, 500)
    return (rng.random(500) < 0.3).astype(float), propensity, target, *rng.uniform(0, 1, (2, 500))


def test_the_propensity_of_the_exercise_is_the_one_of_the_helpers():
    rng = np.random.default_rng(0)
    best, item = rng.integers(0, 9, (2, 200))
    theirs = solution("32.1")(item, best, 9, 0.2)
    ours = epsilon_greedy(best, np.ones((200, 9)), 0.2)[np.arange(200), item]
    assert theirs == pytest.approx(ours, abs=1e-12)


def test_the_estimates_of_the_exercises_are_those_of_the_helpers(log):
    assert solution("32.2")(*log[:3]) == pytest.approx(snips(*log[:3]).value, abs=1e-12)
    assert solution("32.4")(*log) == pytest.approx(doubly_robust(*log).value, abs=1e-12)


def test_the_thompson_of_the_exercise_comes_to_show_the_best():
    often = solution("32.3")([0.1, 0.5, 0.2], 2_000, 5)
    assert often.sum() == 2_000 and often[1] > 0.9 * 2_000


def test_the_opening_shows_what_the_lesson_comes_to(cells):
    opening = next(c.source for c in cells if "| nDCG@10, the offline measure" in c.source)
    rows = [line.split("|")[2:4] for line in opening.splitlines() if line.startswith("| ")][1:]
    told = [[float(one.strip().rstrip(" %")) for one in row] for row in rows]
    lines = shown(cells, "table = weekly").splitlines()
    names = lines[0].split()
    first, last = (dict(zip(names, map(float, lines[n].split()[1:]), strict=True)) for n in (3, -1))
    for column, week in enumerate((first, last)):
        assert told[0][column] == week["ndcg"]
        assert told[1][column] == round(week["products"])
        assert told[2][column] == round(100 * week["satisfaction"])
        assert told[3][column] == round(100 * week["possible"])


def test_the_loop_narrows_while_its_measure_rises(cells):
    lines = [line.split() for line in shown(cells, "table = weekly").splitlines()[3:]]
    first, last = ([float(x) for x in line[1:]] for line in (lines[0], lines[-1]))
    liked, possible, products, _, ndcg = range(5)
    assert last[liked] < 0.9 * first[liked] and last[possible] > first[possible]
    assert last[products] < 0.5 * first[products] and last[ndcg] > first[ndcg]


def test_no_launch_was_shown(cells):
    assert "\n0 of them were shown at least once" in shown(cells, "launched = ")


def test_exploring_costs_first_and_pays_later(cells):
    table = shown(cells, "truly = ").splitlines()[1:]
    first, last = zip(*[map(float, line.split()[-2:]) for line in table], strict=True)
    assert first[1] < first[0] and last[1] > last[0]
    assert first[3] < first[2] and last[3] > last[2]


def test_the_best_loop_has_the_worst_measure(cells):
    rows = [line.split() for line in shown(cells, "measured = ").splitlines()[1:]]
    assert rows[0][:2] == ["purchases,", "explores"] and rows[-1][0] == "clicks"
    liked = [float(row[-1]) for row in rows]
    assert liked[0] == max(liked) and liked[-1] == min(liked)


def test_what_was_watched_teaches_more_than_what_was_opened(cells):
    by_opened, by_watched = shown(cells, "by_opened, by_watched = ").splitlines()[:2]
    rows = [int(line.split()[2].replace(",", "")) for line in (by_opened, by_watched)]
    liked = [int(line.split()[-3].rstrip("%")) for line in (by_opened, by_watched)]
    assert rows[1] == pytest.approx(2 / 3 * rows[0], rel=0.05)
    assert liked[1] > 1.1 * liked[0]


def test_every_interval_of_the_month_holds_the_truth(cells):
    truth = float(shown(cells, "weight = target").split()[-1])
    for line in shown(cells, "early = ").splitlines()[1:]:
        low, high = map(float, line.split()[-2:])
        assert low < truth < high and low > 0.19


@pytest.mark.parametrize("id", ["32.1", "32.2", "32.4"])
def test_an_answer_that_is_no_function_is_told(id):
    result = exercises.grade(id, 42, seed=7)
    assert result.state == "not yet" and "should be a function" in result.message
