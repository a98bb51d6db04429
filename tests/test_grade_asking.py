"""The grader's question: asked on fresh data, and not to be answered by anything but an answer."""

import pytest

from helpers import exercises
from helpers.exercises import find, trials
from helpers.grading.examiner import Examiner
from helpers.grading.kept_whole import Whole
from helpers.grading.verdicts import Verdict, best


def asked(id, code, examiner=None, order=""):
    exercise = find(id)
    names = exercise.namespace()
    exec(code, names)
    return (examiner or Examiner("00")).ask(names, id, exercise.answer, order, seed=5)


@pytest.mark.parametrize("id", ["00.1", "00.2"])
def test_each_right_form_is_solved_and_each_mistake_named(id):
    exercise = find(id)
    for code in (exercise.solution, *exercise.also):
        assert asked(id, code)["state"] == "right"
    for mistake in exercise.mistakes:
        found = asked(id, mistake.answer)
        assert (found["state"], found["mistake"]) == ("not yet", mistake.name)
        assert mistake.message in found["message"]


def test_an_answer_that_is_missing_or_raises_on_its_way_is_wrong():
    examiner = Examiner("00")
    found = examiner.ask({}, "00.1", "error_rate", "", 5)
    assert (found["state"], found["mistake"]) == ("not yet", "raised NameError")
    assert examiner.ask({}, "00.1", "exit()", "", 5)["state"] == "not yet"


def test_lines_that_came_back_unmoved_are_judged_by_the_saved_letters():
    from helpers.lesson import order

    letters = find("21.2").solution.split("=")[-1].strip().strip("\"'")
    names = {"lines": order("21.2")}
    examiner = Examiner("21")
    assert examiner.ask(names, "21.2", "lines", "", 5)["state"] == "not answered"
    assert examiner.ask(names, "21.2", "lines", letters, 5)["state"] == "right"
    wrong = " ".join(reversed(letters.split()))
    assert examiner.ask(names, "21.2", "lines", wrong, 5)["state"] == "not yet"


WRONG = "def error_rate(codes):\n    return 0.5"


def test_altered_checks_are_put_back_before_the_question(monkeypatch):
    examiner = Examiner("00")
    yes = lambda *_, **__: exercises.Result("00.1", "right")  # noqa: E731
    for owner, name in (
        (exercises, "grade"),
        (exercises, "find"),
        (trials.Calls, "judge"),
        (trials, "_compare"),
    ):
        monkeypatch.setattr(owner, name, yes)
    found = examiner.ask({"error_rate": lambda codes: 0.5}, "00.1", "error_rate", "", 5)
    assert found["state"] == "not yet"
    assert "helpers.exercises.find" in found["changed"]
    assert "helpers.exercises.trials.Calls.judge" in found["changed"]
    assert exercises.find("00.1").answer == "error_rate"


def test_an_exercise_altered_in_place_is_not_the_one_that_is_asked():
    examiner, exercise = Examiner("00"), find("00.1")
    before = exercise.solution
    try:
        object.__setattr__(exercise, "solution", WRONG)
        found = examiner.ask({"error_rate": lambda codes: 0.5}, "00.1", "error_rate", "", 5)
    finally:
        object.__setattr__(exercise, "solution", before)
    assert found["state"] == "not yet"


def test_a_function_whose_inside_was_exchanged_is_put_back():
    from helpers.exercises import compare

    whole, before = Whole(), compare.difference.__code__
    compare.difference.__code__ = (lambda *_: None).__code__
    assert whole.put_back() == ["helpers.exercises.compare.difference"]
    assert compare.difference.__code__ is before
    assert whole.put_back() == []


def test_of_several_verdicts_the_best_counts_and_what_was_asked_stays():
    verdicts = [
        Verdict("00.1", "wrong", "one"),
        Verdict("00.1", "not answered", asked=True),
        Verdict("00.1", "wrong", "two"),
    ]
    assert best(verdicts) == Verdict("00.1", "wrong", "two", asked=True)


def test_the_bar_counts_and_guesses_the_rest_on_a_terminal_and_in_a_log(monkeypatch):
    import io

    from helpers.grading import bar

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    clock = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))
    monkeypatch.setenv("COLUMNS", "80")
    drawn = Terminal()
    shown = bar.Bar(3, drawn)
    shown.show()
    shown.done("Anna, lesson 22: 3 of 4 solved")
    lines = drawn.getvalue().split("\r")
    assert lines[1].startswith("[........................] 0 of 3 ")
    assert lines[2].startswith(
        "[########................] 1 of 3, about 20 s left  Anna, lesson 22"
    )
    assert {len(line) for line in lines[1:]} == {79}
    logged = io.StringIO()
    shown = bar.Bar(1, logged)
    shown.show()
    shown.done("Ben")
    assert logged.getvalue() == "[########################] 1 of 1  Ben\n"
