"""What scores promise against what came: by hand, on honest scores, and by the source's formula."""

import numpy as np
import pytest

from helpers.models.calibration import (
    calibration_error,
    frauds_misplaced,
    full_sample,
    reliability,
)

SCORES, FRAUD = np.array([0.1, 0.3, 0.4, 0.9]), np.array([False, False, True, True])


def test_the_table_by_hand():
    table = reliability(FRAUD, SCORES, [0, 0.5, 1])
    assert table["payments"].tolist() == [3, 1] and table["frauds"].tolist() == [1, 1]
    np.testing.assert_allclose(table["score"], [0.8 / 3, 0.9])
    np.testing.assert_allclose(table["share"], [1 / 3, 1])
    np.testing.assert_allclose(table["expected"], [0.8, 0.9])


def test_the_error_by_hand():
    error = calibration_error(FRAUD, SCORES, [0, 0.5, 1])
    assert error == pytest.approx(3 / 4 * (1 / 3 - 0.8 / 3) + 1 / 4 * 0.1, abs=1e-12)
    assert frauds_misplaced(FRAUD, SCORES, [0, 0.5, 1]) == pytest.approx(error / 0.5, abs=1e-12)


def test_an_empty_bin_is_left_out_and_both_ends_count():
    table = reliability([False, True], [0.0, 1.0], [0, 0.2, 0.8, 1])
    assert table["payments"].tolist() == [1, 1]
    assert calibration_error([False, True], [0.0, 1.0], [0, 0.2, 0.8, 1]) == 0


def test_honest_scores_have_hardly_any_error_and_twice_as_large_ones_do():
    rng = np.random.default_rng(0)
    scores = rng.beta(0.1, 10, 200_000) / 2
    fraud = rng.random(200_000) < scores
    assert frauds_misplaced(fraud, scores) < 0.06
    promised = 2 * scores.sum() / fraud.sum() - 1  # what is too much, by the count of all
    assert frauds_misplaced(fraud, 2 * scores) == pytest.approx(promised, rel=1e-9)


@pytest.mark.parametrize("kept", [0.05, 0.3, 1.0])
def test_the_formula_undoes_what_leaving_out_does(kept):
    """By Bayes: where genuine ones are kept with `kept`, p becomes p / (p + kept (1 - p))."""
    p = np.linspace(0, 1, 101)
    np.testing.assert_allclose(full_sample(p / (p + kept * (1 - p)), kept), p, atol=1e-12)


def test_what_is_no_score_is_told():
    with pytest.raises(ValueError, match=r"outside 0\.0 to 1\.0"):
        reliability([True], [1.2])
    with pytest.raises(ValueError, match="or is missing"):
        reliability([True], [np.nan])
    with pytest.raises(ValueError, match=r"scores have shape \(2,\), labels \(1,\)"):
        calibration_error([True], [0.1, 0.2])
    with pytest.raises(ValueError, match="no payment is fraud"):
        frauds_misplaced([False], [0.1])
    for kept in (0, 1.1):
        with pytest.raises(ValueError, match="kept must lie above 0"):
            full_sample([0.5], kept)
