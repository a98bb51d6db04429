"""What an assignment's checks do: the same as `check`, and an exception where it is not right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.lesson import handing_in, progress
from helpers.lesson.handing_in import NoPoints, begin, graded


@pytest.fixture(autouse=True)
def notebook(toy, tmp_path, monkeypatch):
    """An assignment that has begun; gives a function that writes its notebook's code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(handing_in, "_here", {})
    begin("90_toy")

    def write(*cells):
        code = [{"cell_type": "code", "source": [cell]} for cell in cells]
        (tmp_path / "90_toy.ipynb").write_text(json.dumps({"cells": code}))

    return write


def takings(payments):
    return payments.groupby("terminal_id")["amount"].sum()


def mistaken(payments):
    return payments.groupby("terminal_id")["amount"].sum() + 1


def test_a_right_answer_is_shown_and_raises_nothing(capsys):
    graded("90.1", takings)
    assert "Right: 90.1" in capsys.readouterr().out
    assert progress.exercise("90.1")["state"] == "right"


def test_a_wrong_answer_is_shown_as_check_shows_it_and_raises(capsys):
    with pytest.raises(NoPoints, match=r"expected 7\.5, but got 8\.5") as raised:
        graded("90.1", mistaken)
    assert "expected 7.5, but got 8.5" in capsys.readouterr().out
    assert raised.value._render_traceback_() == ["No points for 90.1 yet."]


def test_to_nbgrader_the_message_stands_in_the_traceback_alone(capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(NoPoints) as raised:
        graded("90.1", mistaken)
    assert capsys.readouterr().out == ""
    assert "expected 7.5, but got 8.5" in " ".join(raised.value._render_traceback_())


@pytest.mark.parametrize(("id", "blank"), [("90.1", ...), ("90.2", "..."), ("90.3", ...)])
def test_a_blank_raises(id, blank):
    with pytest.raises(NoPoints, match="Not answered yet"):
        graded(id, blank)


def test_lines_to_be_put_in_order_are_wanted_in_letters():
    with pytest.raises(NoPoints, match="Write the letters of the lines in order"):
        graded("90.2", "...")


def test_a_warning_of_the_learners_code_is_not_a_failed_check(capsys):
    def warns(payments):
        print("old", file=sys.stderr)
        return takings(payments)

    graded("90.1", warns)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "call", ['solution("90.1")', "x = 1\nshow = solution( '90.1' )  # only a look"]
)
def test_an_exercise_whose_solution_the_notebook_opens_gives_no_points(notebook, call):
    notebook("graded(...)", call)
    with pytest.raises(NoPoints, match="opens the solution"):
        graded("90.1", takings)
    graded("90.2", "C B A")


@pytest.mark.parametrize("call", ['# solution("90.1")', 'find("90.1").hints', 'resolution("90.1")'])
def test_what_opens_no_solution_costs_nothing(notebook, call):
    notebook(call)
    graded("90.1", takings)


def test_what_was_opened_in_the_lesson_counts_for_nbgraders_own_run_alone(monkeypatch):
    progress.record("90.1", "not answered", solution=True)
    graded("90.1", takings)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(NoPoints, match="opens the solution"):
        graded("90.1", takings)


def test_nbgraders_runs_have_a_workspace_each_that_goes_with_them(tmp_path):
    code = (
        "from helpers.lesson.handing_in import begin\nfrom helpers.workspace import workspace\n"
        "begin('90_toy')\n(workspace() / 'left').touch()\nprint(workspace())"
    )

    def run(**more):
        line = [sys.executable, "-c", code]
        env = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "", **more}
        done = subprocess.run(line, env=env, capture_output=True, text=True, check=True)
        return Path(done.stdout.strip())

    mine = str(tmp_path / "mine")
    first, second = (run(NBGRADER_EXECUTION="validate", TWO_LOOPS_WORKSPACE=mine) for _ in "ab")
    assert first != second and not first.exists() and not second.exists()
    assert run(TWO_LOOPS_WORKSPACE=mine) == Path(mine).resolve()
    assert (tmp_path / "mine" / "left").exists()
