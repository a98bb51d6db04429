"""The paired bootstrap: equal to scikit-learn's figure, right about luck, whole cards at a time."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from helpers.models.compare import _Ranked, bootstrap, paired_bootstrap, resamples


def payments(rng, rows=400, cards=60, share=0.1):
    card = rng.integers(0, cards, rows)
    return pd.DataFrame(
        {
            "customer_id": card,
            "time": pd.Timestamp("2018-08-01") + pd.to_timedelta(rng.integers(0, 9, rows), "D"),
            "is_fraud": (rng.random(rows) < share) | (np.arange(rows) == 0),
        }
    )


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_each_weighting_gives_scikit_learns_average_precision(seed, digits):
    """With ties too: scores of few digits share a level."""
    rng = np.random.default_rng(seed)
    few = payments(rng, rows=60, cards=9, share=0.3)
    scores = rng.random(60).round(digits)
    code, cards = pd.factorize(few["customer_id"])
    weights = rng.integers(0, 4, (5, len(cards))).astype(float)
    weights[:, code[0]] = 1  # the first payment is fraud, so that there is one in each
    came = _Ranked(few, scores, code, len(cards)).precision(weights)
    wanted = [
        average_precision_score(few["is_fraud"], scores, sample_weight=row[code]) for row in weights
    ]
    np.testing.assert_allclose(came, wanted, rtol=1e-12)


def test_a_resample_is_the_copied_rows():
    """Counting is what it says: whole cards put together, as the lesson's exercise does it."""
    rng = np.random.default_rng(3)
    few, scores = payments(rng), rng.random(400)
    code, cards = pd.factorize(few["customer_id"])
    (weights,) = resamples(len(cards), 5, seed=8)
    rows_of = [np.flatnonzero(code == card) for card in range(len(cards))]
    for row, came in zip(weights, bootstrap(few, scores, draws=5, seed=8), strict=True):
        rows = np.concatenate(
            [rows_of[c] for c in np.repeat(np.arange(len(cards)), row.astype(int))]
        )
        wanted = average_precision_score(few["is_fraud"].iloc[rows], scores[rows])
        assert came == pytest.approx(wanted, rel=1e-12)


def test_resamples_are_as_large_as_what_they_are_drawn_from():
    drawn = np.concatenate(list(resamples(50, 250, seed=0)))
    assert drawn.shape == (250, 50)
    assert (drawn.sum(axis=1) == 50).all()
    assert drawn.mean() == 1 and 0.85 < drawn.var() < 1.1  # with replacement, as by Poisson


def test_a_model_is_no_better_than_itself():
    few = payments(np.random.default_rng(0))
    gap = paired_bootstrap(few, few.index, few.index, draws=20)
    assert (gap.estimate, gap.low, gap.high, gap.share_above) == (0, 0, 0, 0)


def test_a_better_model_is_told_and_the_other_way_round_is_the_mirror():
    rng = np.random.default_rng(0)
    few = payments(rng, rows=3000, cards=500)
    good, poor = (few["is_fraud"] * pull + rng.normal(size=3000) for pull in (3, 1))
    ahead, behind = paired_bootstrap(few, good, poor), paired_bootstrap(few, poor, good)
    assert ahead.low > 0 and ahead.share_above == 1
    assert (behind.low, behind.high) == pytest.approx((-ahead.high, -ahead.low))
    assert str(ahead).startswith(f"{ahead.estimate:+.3f}, 95% interval")


def test_pairing_narrows_the_interval():
    rng = np.random.default_rng(0)
    few = payments(rng, rows=3000, cards=500)
    one = few["is_fraud"] * 2 + rng.normal(size=3000)
    other = one + 0.2 * rng.normal(size=3000)
    same = bootstrap(few, one, seed=1) - bootstrap(few, other, seed=1)
    apart = bootstrap(few, one, seed=1) - bootstrap(few, other, seed=2)
    assert same.std() < apart.std() / 3


def test_cards_with_many_payments_widen_it():
    """Ten copies of each payment tell no more than one, if a card is drawn as a whole."""
    rng = np.random.default_rng(0)
    once = payments(rng, rows=300, cards=300)
    once["customer_id"] = range(300)
    one, other = once["is_fraud"].to_numpy() * 2 + rng.normal(size=(2, 300))
    tenfold = once.loc[np.repeat(once.index, 10)].assign(row=range(3000))
    width = {}
    for name, rows, times in (("customer_id", once, 1), ("customer_id", tenfold, 10)):
        gap = paired_bootstrap(rows, np.repeat(one, times), np.repeat(other, times), name)
        width[times] = gap.high - gap.low
    assert width[10] == pytest.approx(width[1], rel=1e-9)
    naive = paired_bootstrap(tenfold, np.repeat(one, 10), np.repeat(other, 10), "row")
    assert naive.high - naive.low < width[10] / 2


@pytest.mark.slow
def test_95_of_100_intervals_hold_the_truth():
    """Two models equally good: the interval holds zero in about 95 of 100 worlds."""
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        few = payments(rng, rows=1500, cards=400)
        one, other = few["is_fraud"].to_numpy() * 2 + rng.normal(size=(2, 1500))
        gap = paired_bootstrap(few, one, other, draws=300)
        held += gap.low <= 0 <= gap.high
    assert 0.91 <= held / 300 <= 0.985


def test_blocks_may_be_days():
    few = payments(np.random.default_rng(0))
    assert paired_bootstrap(few, few.index, few.index[::-1], "day", draws=5).blocks == 9


def test_what_cannot_be_compared_is_told():
    few = payments(np.random.default_rng(0))
    genuine = few.assign(is_fraud=False)
    with pytest.raises(ValueError, match="0 of 400 payments are fraud"):
        paired_bootstrap(genuine, genuine.index, genuine.index)
    with pytest.raises(ValueError, match="resamples of 1 blocks"):
        paired_bootstrap(few.assign(customer_id=7), few.index, few.index)
    with pytest.raises(ValueError, match="one number for each"):
        paired_bootstrap(few, [0.5], few.index)
