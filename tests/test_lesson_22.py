"""What lesson 22 claims: its functions by hand agree with `features`, and its test finds leaks."""

import ast

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers.exercises import find
from helpers.notebooks import named
from helpers.payments import World, features


@pytest.fixture(scope="module")
def notebook():
    """The functions that the notebook defines, outside its exercises."""
    stored = nbformat.read(named(["22"])[0], as_version=4)
    cells = [c for c in stored.cells if c.cell_type == "code"]
    sources = [c.source for c in cells if "exercise" not in c.metadata.get("tags", [])]
    statements = [statement for source in sources for statement in ast.parse(source).body]
    functions = [one for one in statements if isinstance(one, ast.FunctionDef)]
    names = {"np": np, "pd": pd, "features": features}
    exec(compile(ast.Module(functions, []), "<lesson 22>", "exec"), names)
    return names


@pytest.fixture(scope="module")
def payments():
    frame = World.small(0.1, days=45).transactions()
    return frame.assign(known_at=frame["time"] + pd.Timedelta("7 days"))


@pytest.fixture(scope="module")
def moment(payments):
    return payments["time"].iloc[len(payments) * 3 // 4]


def solved(id):
    exercise = find(id)
    return exercise.run(exercise.solution)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_customers_window_by_hand_is_that_of_features(notebook, payments, days):
    X = features(payments)
    for row in payments.sample(40, random_state=1).itertuples():
        window = notebook["customer_window"](payments, row.customer_id, row.time, days)
        assert X.at[row.Index, f"customer_count_{days}d"] == len(window)
        mean = X.at[row.Index, f"customer_mean_{days}d"]
        assert mean == pytest.approx(window["amount"].mean(), rel=1e-9)


@pytest.mark.parametrize("days", [1, 7, 30])
def test_the_risk_of_the_exercise_is_that_of_features(payments, days):
    X, risk_of = features(payments), solved("22.3")
    risky = X.index[X["terminal_risk_30d"] > 0]
    assert len(risky) > 20
    for row in payments.loc[risky].sample(20, random_state=1).itertuples():
        risk = risk_of(payments, row.time, row.terminal_id, days, 7)
        assert X.at[row.Index, f"terminal_risk_{days}d"] == pytest.approx(risk, rel=1e-9, abs=1e-12)


def test_the_cut_alone_does_not_see_a_label_that_came_late(notebook, payments, moment):
    survives = notebook["survives_a_cut"]
    assert survives(notebook["honest_build"], payments, moment)
    assert survives(notebook["mira_build"], payments, moment)
    assert not survives(notebook["rank_build"], payments, moment)


def test_the_columns_that_move_are_those_that_leak(notebook, payments, moment):
    moved = notebook["columns_that_moved"]
    risks = [f"terminal_risk_{days}d" for days in (1, 7, 30)]
    assert moved(notebook["honest_build"], payments, moment) == []
    assert moved(notebook["mira_build"], payments, moment) == risks
    assert moved(notebook["rank_build"], payments, moment) == ["amount"]
    assert moved(notebook["scale_build"], payments, moment) == ["amount"]


def test_the_exercises_test_tells_the_lessons_builders_apart(notebook, payments, moment):
    is_point_in_time = solved("22.4")
    assert is_point_in_time(notebook["honest_build"], payments, moment)
    for leaky in ("mira_build", "rank_build", "scale_build"):
        assert not is_point_in_time(notebook[leaky], payments, moment)
