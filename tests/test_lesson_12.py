"""What lesson 12 promises: its figures, its tools, and that its exercises speak to the mistake."""

import json
import sys
from functools import partial

import pandas as pd
import pytest

from helpers import exercises
from helpers.delivery.covered import covered
from helpers.delivery.killing import build, suite_in, survivors
from helpers.delivery.mutants import mutants
from helpers.delivery.practice import practice_repository
from helpers.exercises.of_12_mutants import FEE, REWRITTEN, faults
from helpers.lesson.suites import suite_of
from tests import stored
from tests.stored import printed

SEED = 5


notebook, cell = partial(stored.notebook, "12"), partial(stored.cell, "12")


def given(id, answer):
    return exercises.grade(id, answer, SEED)


# What the text reads out of the outputs


def test_the_same_coverage_and_three_scores():
    assert printed(cell("for suite in (no_assertion")).split("\n")[:3] == [
        "no_assertion notices 0 of 7",
        "one_example notices 5 of 7",
        "both_sides_of_half_a_cent notices 7 of 7",
    ]


def test_breaking_the_limit_fails_one_test_by_name():
    said = printed(cell('"voucher.value"))'))
    assert "FAILED tests/test_pricing.py::test_an_amount_never_pays_out" in said
    assert "assert -150 == 0" in said and said.count("PASSED") == 3


def test_hypothesis_shrinks_to_one_cent():
    said = printed(cell('assert not run_pytest("tests/test_stacking_property.py")'))
    for part in ("subtotal=1,", "'percent', 50)", "'amount', 1)", "assert 2 <= 1"):
        assert part in said
    assert "came=1)" in cell('predict("12.b", came').source


def test_three_of_fourteen_mutants_live_then_one_then_none():
    assert "11 of 14 mutants" in printed(cell("suite_of(noticed)"))
    assert printed(cell("def alive")).split("\n")[1].strip() == "+ if total >= subtotal:"
    assert printed(cell("print(len(alive(clearer))")) == "0 of 13 mutants live\n"


def written(words, place=1):
    """A text between the triple quotes of the cell that holds these words."""
    return cell(words).source.split("'''")[place]


@pytest.fixture
def stacking(monkeypatch):
    """The mended source of the lesson, and its tests: examples, and the property."""
    repo = practice_repository("lesson-12")
    monkeypatch.syspath_prepend(str(repo))
    source, mend = written("Several vouchers on one basket"), "stacking.read_text().replace"
    mended = source.replace(written(mend), written(mend, 3))
    assert mended != source
    (repo / "checkout" / "stacking.py").write_text(mended)
    examples, promise = repo / "tests" / "test_stacking.py", repo / "tests" / "test_property.py"
    examples.write_text(written("def test_two_vouchers_add_up") + written("same_voucher_twice"))
    promise.write_text(written("promise_file.write_text"))
    yield mended, suite_in(examples, "stacked"), suite_in(promise, "stacked")
    for name in [name for name in sys.modules if name.split(".")[0] == "checkout"]:
        del sys.modules[name]


@pytest.mark.needs_tool("git")
def test_the_property_alone_notices_that_the_cap_is_gone(stacking):
    mended, examples, promise = stacking
    assert len(mutants(mended)) == 14
    without, both = survivors(mended, *examples), survivors(mended, *examples, *promise)
    gone = [(one.line, one.after.strip()) for one in without if one not in both]
    assert gone == [(14, "if False:")]
    assert len(both) == 3


def test_repetition_finds_chance_and_the_clock_decides_the_other():
    morning, afternoon = (
        line.split()[0]
        for line in printed(cell("def when_it_is")).splitlines()
        if line.endswith("[100%]")
    )
    assert len(morning) == len(afternoon) == 60
    assert "F" in morning[:30] and "." in morning[:30]
    assert morning[30:] == "." * 30 and afternoon[30:] == "F" * 30


def test_order_decides_where_state_is_shared():
    said = printed(cell('assert not run_pytest("--tb=no", paid, new)'))
    assert "FAILED tests/test_shared.py::test_a_new_customer_may_use_the_voucher" in said
    assert said.count("PASSED") == 3


def test_without_assertions_the_coverage_stays_and_the_worst_mutant_lives():
    assert printed(cell("run_with_coverage('tests/test_stacking.py').percent")).endswith(
        "100 % covered\n"
    )
    assert "+ return subtotal\n" in printed(
        cell('print(*survivors(clearer, *suite_in(tests_file, "stacked"))')
    )


def test_the_linter_sees_three_of_them():
    assert printed(cell('"ruff", "check"')).count("B015") == 3


def test_a_unit_test_does_not_see_the_voucher_forgotten_between_parts():
    said = printed(cell('app = repo / "checkout" / "app.py"'))
    assert "FAILED tests/test_app.py::test_a_voucher_is_applied" in said
    assert said.count("FAILED") == 1


def test_blank_exercises_say_so():
    for id in ("12.1", "12.2", "12.3", "12.4"):
        one = cell(f'check("{id}"')
        assert "exercise" in one.metadata.tags and f"Not answered yet: {id}" in printed(one)


# Exercise 12.4


def test_the_fee_of_the_notebook_is_the_one_that_is_checked():
    assert cell("FEE = '''").source.split("'''")[1] == FEE


ARGUMENTS = [
    (basket, km, *express)
    for basket in (0, 4998, 4999, 5000, 5001, 9000)
    for km in range(-3, 40)
    for express in ((), (True,), (False,))
]


def table(program):
    function = build(program)

    def one(arguments):
        try:
            return function(*arguments)
        except Exception as error:
            return type(error)

    return [one(arguments) for arguments in ARGUMENTS]


def test_no_fault_of_the_exercise_is_equivalent_and_the_rewritten_fee_is_right():
    right = table(FEE)
    assert table(REWRITTEN) == right
    assert [str(one) for one in faults(SEED) if table(one) == right] == []


def test_who_kills_those_off_by_one_kills_the_drawn_ones():
    exercise = exercises.find("12.4")
    for code in (exercise.solution, *exercise.also):
        answer = exercise.run(code)
        tests = answer if isinstance(answer, list) else [answer]
        assert survivors(FEE, *tests) == []
        for seed in range(20):
            assert exercises.grade("12.4", answer, seed).state == "right"


def test_a_survivor_is_named_by_its_changed_line():
    def tests(delivery_fee):
        assert delivery_fee(1000, 2) == delivery_fee(4999, 0) == 290
        assert delivery_fee(5000, 9) == 0
        assert delivery_fee(1000, 5) == 370
        assert delivery_fee(5000, 5, express=True) == 740
        with pytest.raises(ValueError):
            delivery_fee(1000, -1)

    result = given("12.4", tests)
    assert result.state == "not yet" and result.mistake is None
    assert "- return min(fee, 990)" in result.message and "+ return fee" in result.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (7, "Pass your test function"),
        ([lambda fee: None, "no"], "Pass your test function"),
        (lambda fee: fee(1000, 2) / 0, "ZeroDivisionError"),
        (lambda fee: fee("ten", 2), "TypeError"),
    ],
)
def test_strange_answers_get_a_helpful_word(answer, words):
    result = given("12.4", answer)
    assert result.state == "not yet" and words in result.message


def test_a_wrong_expectation_is_shown_with_the_learners_line():
    def tests(delivery_fee):
        assert delivery_fee(1000, 4) == 329

    message = given("12.4", tests).message
    assert "fails on a right `delivery_fee`" in message and "in other words" not in message
    assert "assert delivery_fee(1000, 4) == 329" in message


def test_a_test_that_hangs_on_the_words_of_an_error_is_told_so():
    def tests(delivery_fee):
        with pytest.raises(ValueError, match="a distance is 0 or more"):
            delivery_fee(1000, -1)

    assert "written in other words" in given("12.4", tests).message


@pytest.mark.parametrize(
    "blank", [..., None, [], lambda fee: ...], ids=["dots", "None", "empty", "lambda"]
)
def test_a_blank_is_no_answer(blank):
    assert given("12.4", blank).state == "not answered"


def test_tests_that_run_for_ever_on_a_wrong_fee_are_stopped(monkeypatch):
    monkeypatch.setattr("helpers.exercises.attempt.TIME_LIMIT", 0.05)

    def tests(delivery_fee):
        while delivery_fee(1000, 2) != 290:
            pass

    assert given("12.4", tests).state == "not yet"


def test_a_helper_that_needs_pytest_but_forgets_it_is_told():
    names = {}
    exec("def tests(fee):\n    with pytest.raises(ValueError):\n        fee(1, -1)", names)
    assert "NameError" in given("12.4", names["tests"]).message


# The other exercises


def test_a_test_that_stops_with_its_own_error_does_not_count_as_failing_for_the_reason():
    result = given("12.1", lambda discount: undefined)  # noqa: F821
    assert result.state == "not yet" and "NameError" in result.message


def test_a_wrong_number_is_said_to_fail_where_it_should_pass():
    fiver = exercises.find("12.1").namespace()["FIVER"]

    def test_the_basket_is_the_limit(discount):
        assert discount(300, fiver) == 299

    message = given("12.1", test_the_basket_is_the_limit).message
    assert "the `discount` of the service" in message
    assert "your test should pass, but it fails." in message


def test_an_order_that_python_cannot_read():
    assert "Python cannot read line" in given("12.2", "A B C D E F G H").message


def test_a_property_that_is_no_function():
    assert "should be a test function" in given("12.3", True).message


# Coverage and the suite put together by hand


def report(folder, executed, missing):
    summary = {"percent_covered": 50.0}
    entry = {"executed_lines": executed, "missing_lines": missing, "summary": summary}
    (folder / "coverage.json").write_text(json.dumps({"files": {"a.py": entry}}))


def test_covered_source_says_by_a_mark_what_it_says_by_colour(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n\nif a < 0:\n    b = '<b>'\n")
    report(tmp_path, [1, 3], [4])
    source = covered(tmp_path, "a.py")
    assert str(source).splitlines() == [
        "a.py: 50 % covered (+ was run, ! was not)",
        "+   1  a = 1",
        "    2",
        "+   3  if a < 0:",
        "!   4      b = '<b>'",
    ]
    assert "&lt;b&gt;" in source.html() and source.html().count("rgba(213, 94, 0") == 1


def test_a_file_without_report_is_named(tmp_path):
    with pytest.raises(FileNotFoundError):
        covered(tmp_path, "a.py")
    report(tmp_path, [], [])
    with pytest.raises(KeyError, match=r"b\.py; it has a\.py"):
        covered(tmp_path, "b.py")


def test_ticking_tests_off_shows_what_then_lives():
    noticed = pd.DataFrame(
        {"one": [True, False, False], "two": [False, True, False]}, index=["a < b", "c", "d"]
    )
    shown = suite_of(noticed)
    _, one, two, verdict = shown.widget.children
    assert "2 tests notice 2 of 3 mutants" in verdict.value and "2 of 3" in str(shown)
    one.value = False
    assert "1 tests" not in verdict.value
    assert "1 test notices 1 of 3 mutants" in verdict.value and "a &lt; b" in verdict.value
    two.value = False
    assert "0 tests notice 0 of 3 mutants" in verdict.value
