"""An answer of each kind, tried: the solution passes, a mistake gets its own words."""

import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.exercises.audit import audit

SEED = 7


def given(id, answer):
    return exercises.grade(id, answer, SEED)


def test_every_promise_of_the_toy_lesson_is_kept(toy):
    findings = audit(["90"])
    assert [f.exercise.id for f in findings] == ["90.1", "90.2", "90.3", "90.4"]
    assert [f.faults for f in findings] == [[]] * 4
    assert str(findings[0]) == ("exercise 90.1: hints 2, correct forms 2, mistakes 3, tested")


@pytest.mark.parametrize(
    "blank",
    [..., None, "", "...", lambda p: ..., lambda p: None],
    ids=["dots", "none", "nothing", "dots as text", "gives dots", "gives none"],
)
def test_a_blank_is_not_answered(toy, blank):
    assert given("90.1", blank).state == "not answered"


def test_a_function_with_a_gap_is_not_answered(toy):
    def takings(payments):
        groups = payments.groupby("terminal_id")["amount"]
        assert groups is not None
        return ...

    result = given("90.1", takings)
    assert result.state == "not answered"
    assert "..." in result.message


def test_a_function_of_a_docstring_alone_is_a_blank(toy):
    def takings(payments):
        """The sum of each terminal."""

    assert given("90.1", takings).state == "not answered"


def test_an_unknown_mistake_gets_the_first_difference_on_the_small_case(toy):
    def takings(payments):
        return payments.groupby("terminal_id")["amount"].sum() + 1

    result = given("90.1", takings)
    assert result.state == "not yet" and result.mistake is None
    assert "expected 7.5, but got 8.5" in result.message
    assert "takings(pd.DataFrame(" in result.message


def test_the_small_case_of_a_message_can_be_run(toy):
    shown = toy.TAKINGS.trial.show
    frame = eval(shown, {"pd": pd})
    assert len(frame) == 3


def test_right_on_the_small_case_alone_is_not_enough_and_the_fresh_case_stays_hidden(toy):
    def takings(payments):
        if len(payments) == 3:
            return pd.Series([7.5, 7.0], index=[1, 2])
        return payments.groupby("terminal_id")["amount"].max()

    result = given("90.1", takings)
    assert result.state == "not yet"
    assert "on one with 5 payments" in result.message


def test_an_exception_is_shown_with_the_learners_own_line(toy):
    def takings(payments):
        rows = payments
        return rows["till"]

    result = given("90.1", takings)
    assert "KeyError" in result.message
    assert '`return rows["till"]`' in result.message


def test_code_that_does_not_come_back_is_stopped(toy, monkeypatch):
    monkeypatch.setattr("helpers.exercises.attempt.TIME_LIMIT", 0.2)

    def takings(payments):
        while True:
            pass

    result = given("90.1", takings)
    assert result.state == "not yet" and "does a loop never end?" in result.message


def test_code_that_never_comes_back_is_waited_for_once(toy, monkeypatch):
    monkeypatch.setattr("helpers.exercises.attempt.TIME_LIMIT", 0.2)
    calls = []

    def takings(payments):
        calls.append(1)
        while True:
            try:
                while True:
                    pass
            except Exception:
                continue

    assert given("90.1", takings).state == "not yet"
    assert len(calls) == 1


def test_changing_the_callers_frame_is_told(toy):
    def takings(payments):
        payments["amount"] = payments["amount"].fillna(0) * 1
        payments["seen"] = True
        return payments.groupby("terminal_id")["amount"].sum()

    result = given("90.1", takings)
    assert result.state == "not yet" and "changes what it was given" in result.message


def test_a_value_where_a_function_is_wanted(toy):
    result = given("90.1", pd.Series([1.0]))
    assert "should be a function" in result.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("C B", "Line A is missing"),
        ("C B A A", "Line A stands in your order more than once"),
        ("C B Z", "There is no line Z"),
        (7, "An order is a text"),
    ],
)
def test_an_order_that_is_none(toy, answer, words):
    assert words in given("90.2", answer).message


def test_an_order_from_the_buttons(toy):
    from helpers.lesson import order

    lines = order("90.2")
    assert given("90.2", lines).state == "not answered"
    lines.move(0, 1)
    lines.move(1, 1)
    lines.move(0, 1)
    assert lines.letters == ["C", "B", "A"]
    assert given("90.2", lines).state == "right"


def test_a_number_copied_from_somebody_else_does_not_pass(toy):
    mine = toy.MINE.trial.data(1).mean()
    assert exercises.grade("90.3", mine, seed=1).state == "right"
    assert exercises.grade("90.3", mine, seed=2).state == "not yet"


def test_a_state_that_is_not_there(toy, tmp_path):
    assert "There is no file a.txt yet" in given("90.4", tmp_path / "a.txt").message


def test_an_unknown_exercise_names_those_there_are(toy):
    with pytest.raises(KeyError, match=r"90\.1, 90\.2"):
        exercises.find("90.9")
    with pytest.raises(KeyError, match="90"):
        exercises.find("77.1")


def broken(exercise, **changes):
    from dataclasses import replace

    from helpers.exercises.base import Lesson

    return Lesson("90", exercises=(replace(exercise, **changes),))


def faults(monkeypatch, toy, **changes):
    monkeypatch.setattr(toy, "LESSON", broken(toy.TAKINGS, **changes))
    return " ".join(audit(["90"])[0].faults)


def test_the_audit_sees_what_falls_short(toy, monkeypatch):
    from dataclasses import replace

    one, two, three = toy.TAKINGS.mistakes
    assert "at least 2" in faults(monkeypatch, toy, hints=("one",))
    assert "at least 3" in faults(monkeypatch, toy, mistakes=(one, two))
    assert "is refused" in faults(monkeypatch, toy, also=(one.answer,))
    passing = replace(three, answer=toy.TAKINGS.solution)
    assert "passes" in faults(monkeypatch, toy, mistakes=(one, two, passing))
    shadowed = replace(three, answer=one.answer)
    assert "gets other words" in faults(monkeypatch, toy, mistakes=(one, two, shadowed))


@pytest.mark.parametrize(
    ("expected", "came", "words"),
    [
        (1.0, 1, None),
        (True, np.True_, None),
        ([1, 2], np.array([1.0, 2.0]), None),
        (float("nan"), float("nan"), None),
        (pd.Series(pd.to_datetime([None])), pd.Series(pd.to_datetime([None])), None),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1.0, 2.0]}, index=[5, 6]), None),
        (pd.DataFrame({"a": ["x", None]}), pd.DataFrame({"a": ["x", float("nan")]}), None),
        ({"a", "b"}, ["a", "b"], None),
        (0.0339, 0.0, "expected 0.0339, but got 0"),
        (1.0, None, "does your function return its result?"),
        ([1, 2], [1, 3], "row 1: expected 2, but got 3"),
        ([1, 2], 5, "expected 2 values"),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), "column `a` is missing"),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1], "b": [1]}), "`b` is one too many"),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1]}), "expected 2 rows, but got 1"),
        ({"a": 1}, {"a": 2}, "key 'a': expected 1, but got 2"),
        ("x", "y", "expected 'x', but got 'y'"),
    ],
)
def test_the_first_difference_in_words(expected, came, words):
    from helpers.exercises.compare import difference

    found = difference(expected, came)
    assert found is None if words is None else words in found
