"""What lesson 24 teaches holds: its functions agree with helpers, its opening with its end."""

import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.models.behaviour import not_lower, violations
from helpers.models.calibration import EDGES, calibration_error, full_sample
from helpers.models.compare import bootstrap
from helpers.models.slices import by_slice
from helpers.notebooks import named
from helpers.payments.features import COLUMNS


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["24"])[0], as_version=4)


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def given(id, answer):
    return exercises.grade(id, answer, seed=7)


def test_no_feature_says_who_somebody_is():
    assert not [name for name in COLUMNS if "id" in name.split("_")]


def rows_of(cell) -> list[list[str]]:
    """The rows of the table that a stored cell shows, below its head."""
    page = cell.outputs[0].data["text/html"]
    rows = re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)[1:]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]


def test_the_opening_says_what_the_lesson_comes_to(lesson):
    """Two are stopped and the third is released; the challenger ranks best and is stopped."""
    closing = rows_of(next(c for c in lesson.cells if c.source.startswith("verdicts = {")))
    assert [name for name, *_ in closing] == ["champion", "challenger", "mended"]
    assert [verdict.split()[0] for *_, verdict in closing] == ["Stopped", "Stopped", "Released:"]
    champion, challenger, mended = (float(figure) for _, figure, _ in closing)
    assert mended == challenger > champion
    report = rows_of(next(c for c in lesson.cells if c.source.endswith('reports["challenger"]')))
    opening = lesson.cells[1].source
    assert len(report) == 12 and "each with twelve verdicts" in opening
    assert all(words in opening for words in ("would not be let in", "ranks best", "is released"))


def test_the_proofs_that_the_lesson_counted_all_held(lesson):
    """Where a proof fails, its point is gone: these are the points of all that are there."""
    (points,) = rows_of(next(c for c in lesson.cells if "score = ml_test_score(" in c.source))
    assert points == ["points", "3.0", "2.5", "4.5", "5.0"]


def test_the_share_of_the_exercise_is_that_of_by_slice():
    rng = np.random.default_rng(0)
    payments = pd.DataFrame(
        {"group": rng.choice(["a", "b"], 500), "is_fraud": rng.random(500) < 0.2}
    )
    alarm = rng.random(500) < 0.3
    ours = by_slice(alarm, {"g": payments["group"]}, ~payments["is_fraud"], range(500))["share"]
    np.testing.assert_allclose(solution("24.1")(payments, alarm), ours, rtol=1e-12)


def test_the_bootstrap_of_the_exercise_wanders_as_far_as_that_of_the_helpers():
    """Other draws of the same cards: the leads have one mean and one spread."""
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(0)
    fraud = rng.random(600) < 0.2
    scored = pd.DataFrame({"customer_id": rng.integers(0, 80, 600), "is_fraud": fraud})
    scored["challenger"] = fraud + rng.normal(size=600)
    scored["champion"] = fraud + rng.normal(size=600)
    theirs = solution("24.2")(scored, average_precision_score, 250, 0)
    one, other = (bootstrap(scored, scored[name]) for name in ("challenger", "champion"))
    ours = one - other
    assert theirs.mean() == pytest.approx(ours.mean(), abs=4 * ours.std() / np.sqrt(250))
    assert theirs.std() == pytest.approx(ours.std(), rel=0.2)


def test_the_test_of_direction_is_that_of_the_helpers():
    class Wave:
        def predict_proba(self, X):
            score = (1 + np.sin(9 * X["risk"])) / 2
            return np.column_stack([1 - score, score])

    X = pd.DataFrame({"risk": np.random.default_rng(0).random(300)})
    raised = not_lower("up", lambda X: X.assign(risk=X["risk"] + 0.2))
    ours = violations(Wave(), X, 0.5, [raised])["share"].item()
    assert 0.2 < ours < 0.8
    assert solution("24.3")(Wave(), X, "risk", 0.2) == pytest.approx(ours, abs=1e-12)


def test_the_calibration_error_of_the_exercise_is_that_of_the_helpers():
    rng = np.random.default_rng(0)
    scores = rng.beta(0.3, 3, 4000)
    fraud = rng.random(4000) < scores**1.3
    theirs = solution("24.4")(scores, fraud, EDGES)
    assert theirs == pytest.approx(calibration_error(fraud, scores), rel=1e-9)


def test_the_formula_of_the_lesson_is_that_of_the_helpers(lesson):
    source = next(cell.source for cell in lesson.cells if cell.source.startswith("class Corrected"))
    names = {"np": np}
    exec(source.split("\n\n\n")[0], names)

    class Says:
        feature_names_in_ = ("s",)

        def predict_proba(self, X):
            return np.column_stack([1 - X, X])

    scores = np.linspace(0, 1, 50)
    came = names["Corrected"](Says(), 0.1).predict_proba(scores)
    np.testing.assert_allclose(came[:, 1], full_sample(scores, 0.1), atol=1e-15)
    np.testing.assert_allclose(came.sum(axis=1), 1)


@pytest.mark.parametrize("id", ["24.1", "24.3", "24.4", "24.5"])
def test_an_answer_that_is_no_function_is_told(id):
    result = given(id, 42)
    assert result.state == "not yet" and "should be a function" in result.message


def test_a_test_of_direction_that_changes_the_frame_is_told():
    def falls(model, X, column, by):
        before = model.predict_proba(X)[:, 1]
        X[column] += by
        return (model.predict_proba(X)[:, 1] < before - 0.05).mean()

    result = given("24.3", falls)
    assert result.state == "not yet" and "changes what it was given" in result.message


def test_names_in_another_order_or_a_set_are_right_too():
    def failed(figures, at_least, at_most):
        return set(solution("24.5")(figures, at_least, at_most))

    assert given("24.5", failed).state == "right"
