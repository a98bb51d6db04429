"""The release gate: what passes, what stops, and that a broken model or batch is told in words."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from helpers.models import Bounds, release_gate, time_split
from helpers.models.checks import _furthest_apart
from helpers.models.gate import GateReport
from helpers.payments import World, features

BOUNDS = Bounds(average_precision=0.4, cards=20, loss=0.1, misplaced=0.7, slice_frauds=8)
CHECKS = [
    "same columns",
    "no gap in the inputs",
    "enough to judge by",
    "gives scores",
    "ranks well",
    "not worse than the champion",
    "finds cards",
    "honest scores",
    "worst slice",
    "behaves as expected",
    "bears a bad day",
]


@pytest.fixture(scope="module")
def data():
    """Training and test weeks of a fifth of the world, and their features."""
    payments = World.small(0.2, days=140).transactions()
    train, test = time_split(payments, "2018-06-20", train_days=21, test_days=14)
    X = features(payments)
    return train, X.loc[train.index], test, X.loc[test.index]


def forest(**given):
    given = {"n_estimators": 20, "min_samples_leaf": 3, "random_state": 0} | given
    return RandomForestClassifier(**given)


@pytest.fixture(scope="module")
def good(data):
    train, X_train, _, _ = data
    return forest().fit(X_train, train["is_fraud"])


def gate(model, data, champion=None, **more) -> GateReport:
    _, _, test, X_test = data
    given = {"payments": test, "X": X_test, "bounds": BOUNDS} | more
    return release_gate(model, champion, **given)


class Says:
    """A model that answers with what it is given."""

    def __init__(self, answer, columns):
        self.answer, self.feature_names_in_ = answer, np.array(columns, dtype=object)

    def predict_proba(self, X):
        if isinstance(self.answer, Exception):
            raise self.answer
        scores = self.answer(X) if callable(self.answer) else np.full(len(X), self.answer)
        return np.column_stack([1 - scores, scores])


def test_a_sound_model_passes_every_check(good, data):
    report = gate(good, data, champion=good)
    assert [check.name for check in report.checks] == CHECKS
    assert report.passed, str(report)
    assert report.failed == []
    assert report["not worse than the champion"].figure == 0  # it is the champion itself


def test_without_a_champion_there_is_nothing_to_be_worse_than(good, data):
    check = gate(good, data)["not worse than the champion"]
    assert check.passed and check.reason == "there is no champion yet"


def test_the_figures_are_those_of_the_metrics(good, data):
    from helpers.models import card_precision, evaluate
    from helpers.models.calibration import frauds_misplaced

    _, _, test, X_test = data
    scores = good.predict_proba(X_test)[:, 1]
    report = gate(good, data)
    expected = {
        "ranks well": evaluate(test, scores)["average_precision"],
        "finds cards": card_precision(test, scores, 20),
        "honest scores": frauds_misplaced(test["is_fraud"], scores),
    }
    assert {name: report[name].figure for name in expected} == pytest.approx(expected, abs=1e-12)


def test_each_bound_stops_what_does_not_reach_it(good, data):
    strict = Bounds(
        average_precision=0.99,
        loss=-0.1,
        cards=20,
        of_perfect=1.0,
        misplaced=0.001,
        slice_recall=1.0,
        slice_frauds=8,
        more_alarms=0.5,
    )
    report = gate(good, data, champion=good, bounds=strict)
    assert [check.name for check in report.failed] == [
        name for name in CHECKS[4:] if name != "behaves as expected"
    ]
    assert not report.passed
    assert "Stopped by 6 of 11 checks: ranks well" in str(report)


def test_a_worse_model_is_told_from_its_champion(good, data):
    train, X_train, _, _ = data
    blind = forest(max_depth=1).fit(X_train, train["is_fraud"])
    check = gate(blind, data, champion=good)["not worse than the champion"]
    assert check.passed is False and check.figure < -0.2
    assert "95% interval" in check.reason


def test_scores_that_promise_too_much_are_stopped(good, data):
    train, X_train, _, _ = data
    rng = np.random.default_rng(0)
    kept = train["is_fraud"] | (rng.random(len(train)) < 0.1)
    thinned = forest().fit(X_train[kept], train["is_fraud"][kept])
    check = gate(thinned, data)["honest scores"]
    assert check.passed is False and check.figure > 1
    assert gate(good, data)["honest scores"].passed


def test_a_model_that_never_looks_at_the_amount_fails_its_minimum(data):
    train, X_train, _, X_test = data
    blind = forest().fit(X_train.assign(amount=0.0), train["is_fraud"])

    class NoAmount(Says):
        def predict_proba(self, X):
            return blind.predict_proba(X.assign(amount=0.0))

    report = gate(NoAmount(None, X_test.columns), data)
    assert report["behaves as expected"].passed is False
    assert "every payment above 220 is an alarm" in report["behaves as expected"].reason


def test_groups_that_are_treated_apart_are_told_and_luck_is_not(good, data):
    _, _, test, X_test = data
    even = test["customer_id"] % 2 == 0
    groups = {"card": even.map({True: "even", False: "odd"})}

    def hard_on_even_cards(X):
        return 0.5 * good.predict_proba(X)[:, 1] + 0.4 * even[X.index]

    report = gate(Says(hard_on_even_cards, X_test.columns), data, groups=groups)
    check = report["even between groups"]
    assert check.passed is False and "alarmed, even" in check.reason
    by_lot = np.random.default_rng(2).random(test["customer_id"].max() + 1) < 0.5
    lots = {"card": pd.Series(by_lot[test["customer_id"]]).map({True: "red", False: "blue"})}
    fair = gate(good, data, groups=lots)["even between groups"]
    assert fair.passed and fair.figure == 1 and "no more apart than luck" in fair.reason


def test_a_tiny_group_hides_no_other_pair():
    """The highest share is that of a group so small that it says nothing."""
    rows = {"a": (0.017, 0.0115, 0.0248), "b": (0.0052, 0.004, 0.0066), "few": (0.05, 0.005, 0.25)}
    table = pd.DataFrame(rows, index=["share", "low", "high"]).T
    table.index = pd.MultiIndex.from_product([["customer"], rows], names=["slice", "label"])
    ratio, most, least = _furthest_apart(table)
    assert ratio == pytest.approx(0.017 / 0.0052)
    assert (most.name[1], least.name[1]) == ("a", "b")


def test_speed_is_judged_where_a_bound_is_given(good, data):
    report = gate(good, data, bounds=Bounds(cards=20, milliseconds=1e-6))
    assert report["quick enough"].passed is False
    assert gate(good, data, bounds=Bounds(cards=20, milliseconds=1e6))["quick enough"].passed


SCHEMA = [
    (lambda X: X.drop(columns="amount"), "column 'amount' is missing"),
    (lambda X: X.rename(columns={"amount": "value"}), "'amount' is missing and 'value' is new"),
    (lambda X: X.assign(terminal_id=1), "'terminal_id' is one that the model was not trained on"),
    (lambda X: X[["is_night", *X.columns.drop("is_night")]], "stand in another order: column 0"),
]


@pytest.mark.parametrize(("change", "words"), SCHEMA)
def test_another_schema_is_told_and_nothing_after_it_is_run(good, data, change, words):
    report = gate(good, data, X=change(data[3]))
    assert not report.passed
    assert report.checks[0].passed is False and words in report.checks[0].reason
    assert [check.passed for check in report.checks[1:]] == [None] * (len(CHECKS) - 1)
    assert "same columns: not in order" in report.checks[-1].reason


def with_gap(X, value):
    X = X.copy()
    X.iloc[5, 4] = value
    return X


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gap_in_the_inputs_is_told_with_column_and_row(good, data, value):
    report = gate(good, data, X=with_gap(data[3], value))
    words = "column 'customer_mean_1d' has 1 values missing, first in row 5"
    assert report["no gap in the inputs"].reason == words
    assert report["ranks well"].passed is None


def test_text_for_numbers_is_told(good, data):
    report = gate(good, data, X=data[3].assign(amount="12,50"))
    assert "column 'amount' has type" in report["no gap in the inputs"].reason


def test_an_empty_day_is_told(good, data):
    _, _, test, X_test = data
    kept = test["time"].dt.normalize() != test["time"].dt.normalize().unique()[3]
    report = gate(good, data, payments=test[kept], X=X_test[kept])
    assert "holds no payment: 1 of 14 days are empty" in report["enough to judge by"].reason
    assert not report.passed


@pytest.mark.parametrize(("fraud", "word"), [(False, "none"), (True, "every one")])
def test_a_batch_of_one_class_is_told(good, data, fraud, word):
    _, _, test, X_test = data
    kept = test["is_fraud"] == fraud
    report = gate(good, data, payments=test.assign(is_fraud=fraud), X=X_test)
    assert f"payments {word} is fraud; a test needs both" in report["enough to judge by"].reason
    assert kept.any()


def test_no_payment_at_all_is_told(good, data):
    _, _, test, X_test = data
    report = gate(good, data, payments=test.head(0), X=X_test.head(0))
    assert report["enough to judge by"].reason == "there is no payment to test on"


def test_rows_that_do_not_belong_together_are_told(good, data):
    report = gate(good, data, X=data[3].iloc[::-1])
    assert "do not belong together" in report["enough to judge by"].reason


ANSWERS = [
    (ValueError("no tree\nfound"), "the model raised ValueError: no tree"),
    (np.nan, "scores are NaN, first in row 0"),
    (1.5, "a score is 1.5; expected 0 to 1"),
    (lambda X: np.zeros(len(X) - 1), "the model answered with shape"),
]


@pytest.mark.parametrize(("answer", "words"), ANSWERS)
def test_a_model_that_does_not_answer_is_told(data, answer, words):
    report = gate(Says(answer, data[3].columns), data)
    assert words in report["gives scores"].reason
    assert report["gives scores"].passed is False and report["ranks well"].passed is None


def test_a_model_that_fails_on_a_bad_day_alone_is_told(good, data):
    def moody(X):
        if (X["is_night"] == 1).all():
            raise RuntimeError("it is dark")
        return good.predict_proba(X)[:, 1]

    check = gate(Says(moody, data[3].columns), data)["bears a bad day"]
    assert check.passed is False
    assert check.reason == "clock stuck at night: the model raised RuntimeError: it is dark"


def test_a_champion_that_cannot_answer_stops_the_comparison_and_nothing_else(good, data):
    broken = Says(ValueError("gone"), data[3].columns)
    report = gate(good, data, champion=broken)
    assert [check.name for check in report.failed] == ["not worse than the champion"]
    assert "the champion cannot be asked: the model raised" in report.failed[0].reason


def test_a_model_trained_without_names_is_told(data):
    train, X_train, _, _ = data
    model = LogisticRegression(max_iter=10).fit(X_train.to_numpy()[:500], train["is_fraud"][:500])
    assert "does not say which columns" in gate(model, data)["same columns"].reason


def test_slices_too_small_to_judge_are_no_pass(good, data):
    check = gate(good, data, bounds=Bounds(cards=20, slice_frauds=10**6))["worst slice"]
    assert check.passed is False and "no slice holds 1000000 frauds" in check.reason


def test_the_report_reads_as_a_table_as_markdown_as_html_and_as_json(good, data):
    report = gate(good, data, champion=good)
    table = report.table()
    assert list(table.index) == CHECKS and set(table["result"]) == {"passed"}
    assert report.to_markdown().count("\n") == len(CHECKS) + 3
    assert "<td" in report._repr_html_() and "✓ passed" in report._repr_html_()
    assert json.loads(json.dumps(report.to_dict()))["passed"] is True
    with pytest.raises(KeyError, match="ranks well"):
        report["speed"]
