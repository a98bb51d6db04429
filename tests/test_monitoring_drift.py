"""Tests for drift: their figures against scipy, their size by chance, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp, kstwobign

from helpers.monitoring.drift import compare, holm, psi
from helpers.monitoring.many import ks_windows, psi_windows
from helpers.monitoring.windows import require_both_classes, require_in_order


@pytest.fixture(scope="module")
def windows():
    """A reference, and six windows of a continuous, a discrete and a binary feature."""
    rng = np.random.default_rng(5)
    rows, window = 6_000, np.repeat(np.arange(6), 1_000)
    frame = pd.DataFrame(
        {
            "amount": rng.lognormal(3, 1, rows) * (1 + 0.1 * window),
            "count": rng.poisson(3 + 0.2 * window),
            "night": (rng.random(rows) < 0.1).astype(int),
        }
    )
    reference = pd.DataFrame(
        {
            "amount": rng.lognormal(3, 1, 2_000),
            "count": rng.poisson(3, 2_000),
            "night": (rng.random(2_000) < 0.1).astype(int),
        }
    )
    return reference, frame, window


def test_psi_of_shares_that_are_known():
    reference, current = np.r_[np.zeros(50), np.ones(50)], np.r_[np.zeros(40), np.ones(60)]
    by_hand = -0.1 * np.log(0.8) + 0.1 * np.log(1.2)
    assert psi(reference, current) == pytest.approx(by_hand, abs=1e-12)
    assert psi(reference, reference) == 0


def test_psi_of_a_bin_that_has_emptied_is_large_and_finite():
    assert 1 < psi(np.arange(100.0), np.arange(50.0, 100.0)) < 10


def test_psi_by_chance_is_what_the_source_says():
    rng = np.random.default_rng(0)
    by_chance = [psi(rng.normal(size=500), rng.normal(size=1_000)) for _ in range(400)]
    assert np.mean(by_chance) == pytest.approx(9 * (1 / 500 + 1 / 1_000), rel=0.07)


def test_many_windows_at_once_are_as_one_by_one(windows):
    reference, frame, window = windows
    p, stability = (f(reference, frame, window, 6) for f in (ks_windows, psi_windows))
    for name in reference:
        for n in range(6):
            one, other = reference[name], frame.loc[window == n, name]
            rows = len(one) * len(other) / (len(one) + len(other))
            wanted = kstwobign.sf(ks_2samp(one, other).statistic * np.sqrt(rows))
            assert p.loc[n, name] == pytest.approx(wanted, rel=1e-9, abs=1e-300)
            assert stability.loc[n, name] == pytest.approx(psi(one, other), rel=1e-9)


def test_windows_can_reach_over_several_numbers(windows):
    reference, frame, window = windows
    three = psi_windows(reference, frame, window, 6, length=3)
    assert three.iloc[:2].isna().all(axis=None)
    together = frame.loc[(window >= 2) & (window <= 4), "amount"]
    assert three.loc[4, "amount"] == pytest.approx(psi(reference["amount"], together), rel=1e-9)


def test_compare_sees_which_feature_moved(windows):
    reference, frame, window = windows
    table = compare(reference, frame[window == 5])
    assert (table.loc[["amount", "count"], "psi"] > 0.1).all()
    assert (table.loc[["amount", "count"], "p_holm"] < 1e-6).all()
    assert table.loc["night", "psi"] < 0.01 and table.loc["night", "p_holm"] > 0.05
    moved = frame[window == 0] + reference.std()
    assert compare(reference, moved).loc["amount", "distance"] == pytest.approx(1, abs=0.15)


def test_holm_against_figures_worked_out_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]


def test_holm_keeps_false_alarms_among_many_at_five_in_a_hundred():
    rng = np.random.default_rng(1)
    rang = [(holm(rng.random(15)) < 0.05).any() for _ in range(4_000)]
    assert np.mean(rang) == pytest.approx(0.05, abs=0.012)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda r, c: (r, c.iloc[:0]), "the current window is empty"),
        (lambda r, c: (r.iloc[:0], c), "the reference window is empty"),
        (lambda r, c: (r, c.drop(columns="count")), "lost count"),
        (lambda r, c: (r, c.assign(channel=1)), "gained channel"),
        (lambda r, c: (r, c.rename(columns={"count": "n"})), "lost count and gained n"),
        (lambda r, c: (r, c.assign(amount=c["amount"].astype(str))), "no numbers"),
        (lambda r, c: (r, c.assign(amount=c["amount"].where(c.index > 2))), "3 missing values"),
        (lambda r, c: (r.assign(night=0), c), "'night' is constant in the reference"),
    ],
)
def test_windows_that_cannot_be_compared_are_refused_by_name(windows, spoil, words):
    reference, frame, window = windows
    with pytest.raises(ValueError, match=words):
        compare(*spoil(reference, frame[window == 0].reset_index(drop=True)))


def test_an_empty_day_among_many_is_named(windows):
    reference, frame, window = windows
    with pytest.raises(ValueError, match="window 3 has no rows"):
        psi_windows(reference, frame[window != 3], window[window != 3], 6)


def test_a_clock_that_goes_backwards_is_named():
    times = pd.Series(pd.to_datetime(["2018-04-02", "2018-04-03", "2018-04-01"]))
    with pytest.raises(ValueError, match=r"row 2: 2018-04-01 .* after 2018-04-03"):
        require_in_order(times)
    require_in_order(times.sort_values())


@pytest.mark.parametrize(("labels", "kind"), [([True] * 3, "fraud"), ([False] * 3, "genuine")])
def test_labels_of_one_class_are_refused(labels, kind):
    with pytest.raises(ValueError, match=f"all 3 labels are {kind}"):
        require_both_classes(pd.Series(labels))
