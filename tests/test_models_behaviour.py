"""Behaviour tests and disturbances: each finds the model that deserves it, and lets others pass."""

import numpy as np
import pandas as pd
import pytest

from helpers.models.asking import NoScores
from helpers.models.behaviour import (
    BEHAVIOURS,
    alarms,
    dearer,
    everyday,
    invariance,
    not_lower,
    riskier_till,
    stays_quiet,
    violations,
)
from helpers.models.robustness import DISTURBANCES, no_history, no_labels, under_disturbance
from helpers.payments import World, features

CHECK = {one.name: one for one in BEHAVIOURS}


@pytest.fixture(scope="module")
def data():
    payments = World.small(0.05, days=60, leaked_cards_a_day=0.5).transactions()
    return payments, features(payments)


class By:
    """A model that scores by a formula."""

    def __init__(self, formula):
        self.formula = formula

    def predict_proba(self, X):
        scores = np.clip(np.asarray(self.formula(X), dtype=float), 0, 1)
        return np.column_stack([1 - scores, scores])


SOUND = By(lambda X: 0.9 * (X["amount"] > 220) + 0.5 * X["terminal_risk_7d"])


def shares(model, X, *behaviours, threshold=0.4):
    return violations(model, X, threshold, behaviours or BEHAVIOURS)["share"]


def test_a_sound_model_breaks_nothing(data):
    assert (shares(SOUND, data[1].head(500)) <= 0.002).all()


BAD = {
    "a cent more changes nothing": By(lambda X: X["amount"] * 100 % 2 / 2),
    "a riskier till never lowers the score": By(lambda X: 1 - X["terminal_risk_30d"]),
    "every payment above 220 is an alarm": By(lambda X: 0.5 * (X["amount"] < 220)),
    "an everyday payment is none": By(lambda X: 1 - X["is_night"]),
}


@pytest.mark.parametrize("name", BAD)
def test_each_behaviour_is_broken_by_the_model_that_deserves_it(data, name):
    X = data[1].tail(2000)
    found = shares(BAD[name], X)
    assert found[name] > CHECK[name].allowed
    assert found.drop(name).max() <= 1


def test_the_kinds_by_hand():
    X = pd.DataFrame({"risk": [0.0, 0.2, 0.4, 0.6]})
    model = By(lambda X: np.where(X["risk"] > 0.5, 0.9 - X["risk"], X["risk"]))
    more = lambda X: X + 0.2  # noqa: E731
    kinds = (
        invariance("i", more, by=0.15),
        not_lower("d", more),
        alarms("m", more),
        stays_quiet("q", more),
    )
    found = violations(model, X, 0.35, kinds)
    # before 0, 0.2, 0.4, 0.3; after 0.2, 0.4, 0.3, 0.1 (the third by 0.1, within 0.15)
    assert found["share"].tolist() == pytest.approx([0.75, 0.5, 0.75, 0.25])
    assert found["kind"].tolist()[:2] == ["invariance", "direction"]


def test_the_changes_leave_the_given_rows_alone_and_hang_together(data):
    X = data[1].head(300)
    before = X.copy(deep=True)
    high, calm, risky = dearer(X), everyday(X), riskier_till(X)
    pd.testing.assert_frame_equal(X, before)
    assert all(list(changed.columns) == list(X.columns) for changed in (high, calm, risky))
    alone = X["customer_count_1d"] == 1
    assert (high.loc[alone, "customer_mean_1d"].round(9) == 300).all()
    np.testing.assert_allclose(
        high["customer_mean_7d"] * X["customer_count_7d"],
        X["customer_mean_7d"] * X["customer_count_7d"] + 300 - X["amount"],
    )
    unseen = X["terminal_count_30d"] == 0
    assert (risky.loc[unseen, "terminal_risk_30d"] == 0).all()  # of an unknown till nothing is said
    assert (risky.loc[~unseen, "terminal_risk_30d"] >= 0.5).all()


def test_a_model_that_does_not_answer_is_told(data):
    class Silent:
        def predict_proba(self, X):
            raise RuntimeError("no")

    with pytest.raises(NoScores, match="the model raised RuntimeError: no"):
        violations(Silent(), data[1].head(3), 0.5, BEHAVIOURS)


def test_disturbed_inputs_are_what_they_are_called(data):
    X = data[1].tail(200)
    assert no_labels(X).filter(like="terminal_").eq(0).all(axis=None)
    lost = no_history(X)
    assert lost.filter(like="customer_count").eq(1).all(axis=None)
    assert lost["customer_mean_30d"].equals(X["amount"].rename("customer_mean_30d"))
    for change in DISTURBANCES.values():
        assert list(change(X).columns) == list(X.columns) and not change(X).equals(X)


def test_what_a_disturbance_does_is_counted(data):
    payments, X = data
    model = By(lambda X: X["terminal_risk_7d"] + (X["amount"] > 220))
    table = under_disturbance(model, payments, X, threshold=0.3)
    assert table["times"].iloc[0] == 1
    large = (X["amount"] > 220).sum()
    assert table.loc["no labels arrive", "alarms"] == large < table["alarms"].iloc[0]
    assert table.loc["amounts 10 % higher", "alarms"] >= table["alarms"].iloc[0]
    as_it_is, blind = table["average_precision"].iloc[:2]
    assert blind < as_it_is
    assert (table["problem"] == "").all()
