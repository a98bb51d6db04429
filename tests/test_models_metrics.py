"""The measures of a model: by hand on small cases, and what is no score is refused."""

import numpy as np
import pandas as pd
import pytest

from helpers.models import card_precision, evaluate


def payments(days, cards, frauds):
    time = pd.Timestamp("2018-07-01") + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({"time": time, "customer_id": cards, "is_fraud": frauds})


def test_a_card_counts_once_by_its_most_suspicious_payment():
    day = payments([1, 1, 1, 1], [7, 7, 8, 9], [False, True, False, True])
    assert card_precision(day, [0.9, 0.1, 0.8, 0.2], k=2) == 0.5  # cards 7 (fraud) and 8


def test_a_card_once_found_is_out_of_the_days_that_follow():
    two_days = payments([1, 1, 2, 2], [7, 8, 7, 8], [True, False, True, False])
    assert card_precision(two_days, [0.9, 0.1, 0.9, 0.1], k=1) == 0.5  # day 2: card 8


def test_a_compromised_card_that_was_missed_can_be_found_later():
    two_days = payments([1, 1, 2, 2], [7, 8, 7, 8], [True, False, True, False])
    assert card_precision(two_days, [0.1, 0.9, 0.9, 0.1], k=1) == 0.5  # day 2: card 7


def test_fewer_cards_than_k_still_divide_by_k():
    assert card_precision(payments([1], [7], [True]), [0.5], k=4) == 0.25


def test_equal_scores_go_by_the_card_number_whatever_the_order():
    day = payments([1, 1, 1], [9, 7, 8], [False, True, False])
    for order in ([0, 1, 2], [2, 1, 0]):
        assert card_precision(day.iloc[order], [0.5] * 3, k=1) == 1.0


def test_the_measures_of_a_ranking():
    day = payments([1] * 4, [1, 2, 3, 4], [True, False, True, False])
    found = evaluate(day, [0.9, 0.8, 0.7, 0.1], k=2)
    assert found == pytest.approx(
        {"roc_auc": 3 / 4, "average_precision": (1 + 2 / 3) / 2, "card_precision_2": 1 / 2},
        abs=1e-12,
    )


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.5], "one number for each"),
        ([[0.1, 0.9], [0.2, 0.8]], r"predict_proba\(X\)\[:, 1\]"),
        ([0.5, np.nan], "1 scores are missing"),
    ],
)
def test_what_is_no_score_is_told(scores, words):
    with pytest.raises(ValueError, match=words):
        evaluate(payments([1, 1], [1, 2], [True, False]), scores)


def test_a_week_of_one_class_is_told():
    with pytest.raises(ValueError, match="0 of 2 payments are fraud; both are needed"):
        evaluate(payments([1, 1], [1, 2], [False, False]), [0.1, 0.2])


def test_no_payments_and_no_cards_are_told():
    with pytest.raises(ValueError, match="no payments"):
        card_precision(payments([], [], []).astype({"is_fraud": bool}), [])
    with pytest.raises(ValueError, match="k must be 1 or more"):
        card_precision(payments([1], [1], [True]), [0.5], k=0)
