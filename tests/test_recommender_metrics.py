"""The ranking metrics: against scikit-learn, and against the definition spelt out."""

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score

from helpers.recommender import (
    average_precision,
    coverage,
    exposure_gini,
    hits,
    ndcg,
    novelty,
    precision,
    recall,
)

ITEMS = 40


@pytest.fixture(params=range(5))
def case(request):
    """Ranked lists of all items, what was taken, and scores that give these lists."""
    rng = np.random.default_rng(request.param)
    lists = np.array([rng.permutation(ITEMS) for _ in range(30)])
    taken = [set(rng.choice(ITEMS, rng.integers(1, 15), replace=False).tolist()) for _ in lists]
    scores = np.empty((30, ITEMS))
    np.put_along_axis(scores, lists, np.arange(ITEMS, 0, -1.0)[None].repeat(30, 0), axis=1)
    truth = np.array([[item in one for item in range(ITEMS)] for one in taken])
    return lists, taken, truth, scores


@pytest.mark.parametrize("k", [1, 3, 10, ITEMS])
def test_ndcg_is_that_of_scikit_learn(case, k):
    lists, taken, truth, scores = case
    assert ndcg(lists, taken, k) == pytest.approx(ndcg_score(truth, scores, k=k), abs=1e-12)


def test_map_over_the_whole_list_is_scikit_learns_average_precision(case):
    lists, taken, truth, scores = case
    theirs = np.mean([average_precision_score(t, s) for t, s in zip(truth, scores, strict=True)])
    assert average_precision(lists, taken, ITEMS) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("k", [1, 4, 10])
def test_the_others_are_what_their_definition_says(case, k):
    lists, taken, _, _ = case
    found_recall, found_precision, found_map = [], [], []
    for row, relevant in zip(lists.tolist(), taken, strict=True):
        hit = [item in relevant for item in row[:k]]
        found_recall.append(sum(hit) / len(relevant))
        found_precision.append(sum(hit) / k)
        total = sum(sum(hit[: i + 1]) / (i + 1) for i in range(k) if hit[i])
        found_map.append(total / min(k, len(relevant)))
    assert recall(lists, taken, k) == pytest.approx(np.mean(found_recall), abs=1e-12)
    assert precision(lists, taken, k) == pytest.approx(np.mean(found_precision), abs=1e-12)
    assert average_precision(lists, taken, k) == pytest.approx(np.mean(found_map), abs=1e-12)


def test_a_perfect_list_has_the_best_figures_and_a_useless_one_the_worst():
    lists, taken = np.array([[3, 1, 2, 0]]), [{1, 3}]
    for measure in (ndcg, average_precision):
        assert measure(lists, taken, 4) == 1.0
        assert measure(lists, [{9}], 4) == 0.0
    assert recall(lists, taken, 2) == 1.0 and precision(lists, taken, 4) == 0.5


def test_an_earlier_hit_is_worth_more():
    assert ndcg(np.array([[1, 2]]), [{1}], 2) > ndcg(np.array([[2, 1]]), [{1}], 2) > 0.6


def test_who_took_nothing_is_left_out_and_nobody_at_all_is_told():
    lists = np.array([[1, 2], [3, 4]])
    assert ndcg(lists, [{1}, set()], 2) == 1.0
    with pytest.raises(ValueError, match="nobody took anything"):
        ndcg(lists, [set(), set()], 2)


def test_short_lists_and_fillers_count_as_misses():
    lists = np.array([[7, -1, -1]])
    assert hits(lists, [{7, 8}]).tolist() == [[True, False, False]]
    assert recall(lists, [{7, 8}], 10) == 0.5 and precision(lists, [{7, 8}], 10) == 0.1


def test_wrong_calls_are_told():
    with pytest.raises(ValueError, match="k must be 1 or more"):
        recall(np.array([[1]]), [{1}], 0)
    with pytest.raises(ValueError, match="as many rows"):
        hits(np.array([[1]]), [{1}, {2}])


def test_coverage_counts_the_catalogue_that_is_shown():
    assert coverage(np.array([[1, 2], [2, -1]]), [1, 2, 3, 4]) == 0.5
    assert coverage(np.array([[9, 9]]), [1, 2]) == 0.0


def test_novelty_is_the_mean_surprise_in_bits():
    assert novelty(np.array([[1, 2]]), {1: 0.5, 2: 0.125}) == pytest.approx(2.0, abs=1e-12)
    assert novelty(np.array([[1, 3]]), {1: 0.5}) == 1.0
    assert math.isnan(novelty(np.array([[3]]), {}))


def brute_gini(counts):
    """Mean absolute difference of all pairs, divided by twice the mean."""
    counts = np.asarray(counts, dtype=float)
    pairs = np.abs(counts[:, None] - counts).mean()
    return pairs / (2 * counts.mean())


@pytest.mark.parametrize("counts", [[1, 1, 1, 1], [0, 0, 0, 8], [3, 0, 2, 5], [1, 2, 3, 4, 50]])
def test_the_gini_is_that_of_all_pairs(counts):
    shown = np.repeat(np.arange(len(counts)), counts)
    assert exposure_gini(shown, range(len(counts))) == pytest.approx(brute_gini(counts), abs=1e-12)


def test_the_gini_of_nothing_is_not_a_number():
    assert math.isnan(exposure_gini(np.array([9]), [1, 2]))
