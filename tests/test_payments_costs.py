"""Prices of decisions."""

import numpy as np
import pytest

from helpers.payments import Costs


def test_each_kind_of_decision():
    decisions = ["approve", "approve", "decline", "decline", "review", "review"]
    truth = [False, True] * 3
    prices = Costs(fraud_loss=0.5, chargeback_fee=15, wrong_decline=10, review=3)
    got = prices.of(decisions, np.full(6, 80.0), truth)
    assert got.tolist() == [0, 55, 10, 0, 3, 3]


def test_nothing_to_decide_costs_nothing():
    assert Costs().of([], [], []).tolist() == []


@pytest.mark.parametrize("name", ["fraud_loss", "chargeback_fee", "wrong_decline", "review"])
@pytest.mark.parametrize("price", [-1, float("nan"), float("inf"), "3", None])
def test_a_price_must_be_a_number_of_zero_or_more(name, price):
    with pytest.raises(ValueError, match=f"^{name} must be a number of 0 or more"):
        Costs(**{name: price})


def test_an_unknown_decision_is_named():
    with pytest.raises(ValueError, match="decision 1 is 'Decline'; expected one of approve, decl"):
        Costs().of(["approve", "Decline"], [1, 2], [0, 1])
