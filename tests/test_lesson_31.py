"""What lesson 31 teaches holds: its functions agree with helpers, its prose with its outputs."""

import re

import nbformat
import numpy as np
import pytest

from helpers import exercises
from helpers.monitoring import promtool
from helpers.notebooks import named
from helpers.recommender import World, fit, ndcg
from helpers.recommender.table import Table


@pytest.fixture(scope="module")
def cells():
    """The cells of the stored notebook."""
    return nbformat.read(named(["31"])[0], as_version=4).cells


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def shown(cells, beginning):
    """What the cell that begins so printed, or shows as its value."""
    cell = next(cell for cell in cells if cell.source.startswith(beginning))
    texts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def found():
    return World(shoppers=150, products=40).histories(8)


def test_the_ndcg_of_the_exercise_is_the_one_of_the_helpers():
    rng = np.random.default_rng(0)
    for _ in range(20):
        row = rng.permutation(30)[:10]
        taken = set(rng.choice(30, 6, replace=False).tolist())
        ours = ndcg(row[None], [taken])
        assert solution("31.1")(row.tolist(), taken) == pytest.approx(ours, abs=1e-12)


def test_the_ease_of_the_exercise_is_the_one_of_the_helpers(found):
    theirs = solution("31.2")(Table.of(found).matrix.toarray().astype(float), 20.0)
    ours = fit(found, model="ease", regularization=20.0).model.weights
    assert theirs == pytest.approx(ours, abs=1e-9)


def test_the_list_of_the_exercise_is_the_one_of_the_helpers(found):
    model = fit(found, model="ease", regularization=20.0)
    for user in (0, 5, 77):
        history = model.table.rows([user])
        places = solution("31.3")(model.score(history)[0], history.indices, 10)
        assert model.table.items[places].tolist() == model.recommend([user])[0].tolist()


def test_the_opening_shows_what_the_lesson_comes_to(cells):
    opening = next(c.source for c in cells if "| Model |" in c.source)
    rows = [[x.strip() for x in line.split("|")[1:-1]] for line in opening.splitlines()
            if line.startswith("| ")][1:]  # fmt: skip
    lines = shown(cells, "results.round(2)").splitlines()[1:]
    for (name, told, liked), line in zip(rows, lines, strict=True):
        assert line.startswith(name.split(",")[0])
        figures = line.split()[-3:]
        assert float(told) == float(figures[0])
        assert float(liked.rstrip(" %")) == pytest.approx(100 * float(figures[1]), abs=0.5)


def test_the_random_split_flatters(cells):
    text = shown(cells, 'for name, known in (("random split"')
    lied, told = map(float, re.findall(r"nDCG@10 ([\d.]+)", text))
    assert lied > 1.3 * told


def test_popularity_is_far_behind_and_the_others_are_close(cells):
    lines = [line.split() for line in shown(cells, "results.round(2)").splitlines()[1:]]
    measured = [float(line[-3]) for line in lines]
    liked = [float(line[-2]) for line in lines]
    assert measured[0] < 0.8 * min(measured[1:]) and max(measured[1:]) < 1.25 * min(measured[1:])
    assert liked[0] < 0.5 * min(liked[1:]) and liked[-1] == max(liked)


def test_what_is_served_is_what_was_tested(cells):
    text = shown(cells, "some = met_by")
    assert "EASE: 100%" in text and "two towers: 100%" in text


def test_two_models_answer_from_one_service(cells):
    text = shown(cells, "client = httpx.Client")
    assert "'by': 'EASE'" in text and "'decided_by': 'fraud 1'" in text


def given(cells, name):
    """The text that the notebook gives a name."""
    return run(next(c.source for c in cells if c.source.startswith(f"{name} = ")))[name]


def run(code):
    names = {}
    exec(code, names)
    return names


@pytest.mark.needs_tool("promtool")
def test_the_alert_rings_in_its_story_and_a_spoilt_one_does_not(cells):
    rules, story = given(cells, "RULES"), given(cells, "STORY")
    assert promtool.test_rules(rules, story) == (True, promtool.PASSED)
    assert not promtool.test_rules(rules.replace('{history="no"}', ""), story)[0]
    assert not promtool.test_rules(rules.replace("for: 5m", "for: 45m"), story)[0]


def test_the_alert_watches_what_the_service_counts(cells):
    counted = shown(cells, "text = client.get").split("{")[0]
    assert counted == "checkout_recommendations_total"
    assert counted + '{history="no"}' in given(cells, "RULES")


def test_the_share_of_the_exercise_is_what_the_alert_asks_for(cells):
    scrapes = [{"yes": 30 * n, "no": 2 * n} for n in (0, 10)], [
        {"yes": 900, "no": 60 + 32 * n} for n in (0, 10)]  # fmt: skip
    quiet, loud = (solution("31.5")(*pair) for pair in scrapes)
    assert quiet == pytest.approx(1 / 16) and loud == 1.0


def test_nobody_leaves_the_canary_while_it_grows(cells):
    text = shown(cells, "def canary")
    shares = [tuple(map(int, pair)) for pair in re.findall(r"(\d+)% asked for, (\d+)%", text)]
    assert len(shares) == 3 and all(abs(asked - got) <= 4 for asked, got in shares)
    assert "while it grows: True" in text


def test_the_images_have_no_fault_and_tensorflow_weighs_most(cells):
    assert shown(cells, "code = {").count("no fault") == 2
    told = re.findall(r"model ([\d.]+) MB, TensorFlow beside it (\d+)", shown(cells, "def mega"))
    (ease, nothing), (towers, tensorflow) = ((float(a), float(b)) for a, b in told)
    assert nothing == 0 and tensorflow > 100 * max(ease, towers)


def test_the_replay_sees_what_is_served_wrongly(cells):
    cell = next(c for c in cells if c.source.startswith("kept = agreement"))
    error = cell.outputs[0]
    assert error.ename == "AssertionError" and "not those that were tested" in error.evalue


@pytest.mark.parametrize("id", ["31.1", "31.3", "31.4", "31.5"])
def test_an_answer_that_is_no_function_is_told(id):
    result = exercises.grade(id, 42, seed=7)
    assert result.state == "not yet" and "should be a function" in result.message
