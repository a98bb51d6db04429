"""What lesson 31 teaches holds: its functions agree with helpers, its prose with its outputs."""

import re

import nbformat
import numpy as np
import pytest

from helpers import exercises
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
    lied, told = map(float, re.findall(r"nDCG@10 ([\d.]+)", shown(cells, "rest, held_out")))
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


@pytest.mark.parametrize("id", ["31.1", "31.3", "31.4"])
def test_an_answer_that_is_no_function_is_told(id):
    result = exercises.grade(id, 42, seed=7)
    assert result.state == "not yet" and "should be a function" in result.message
