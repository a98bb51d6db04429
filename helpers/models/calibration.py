"""Is a score an honest probability: what it promises against what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Fraud is rare, so most scores are small: bins of one width would put nearly all into the first.
EDGES = (0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def reliability(
    is_fraud: ArrayLike, scores: ArrayLike, edges: Sequence[float] = EDGES
) -> pd.DataFrame:
    """For each bin of scores what they promise and what came: the points of a reliability diagram.

    Columns: score (the bin's mean score), share (of fraud in it), payments, frauds and expected
    (the sum of its scores). A bin without payments is left out. Raises ValueError where the two
    have different lengths, or a score lies outside the edges.
    """
    is_fraud, scores = _pair(is_fraud, scores)
    bin_of = pd.cut(scores, list(edges), include_lowest=True)
    if pd.isna(bin_of).any():
        raise ValueError(f"a score lies outside {edges[0]} to {edges[-1]}, or is missing")
    frame = pd.DataFrame({"score": scores, "share": is_fraud, "bin": bin_of})
    table = frame.groupby("bin", observed=True).agg(
        score=("score", "mean"),
        share=("share", "mean"),
        payments=("share", "size"),
        frauds=("share", "sum"),
        expected=("score", "sum"),
    )
    return table.astype({"frauds": int})


def calibration_error(
    is_fraud: ArrayLike, scores: ArrayLike, edges: Sequence[float] = EDGES
) -> float:
    """Expected calibration error: mean distance of promise and outcome, over payments.

    Within each bin of scores, mean score against share of fraud; weighted by payments. Raises as
    `reliability` does.

    Source: Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI 2015; Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks",
    ICML 2017.
    """
    table = reliability(is_fraud, scores, edges)
    return float((table["expected"] - table["frauds"]).abs().sum() / table["payments"].sum())


def frauds_misplaced(
    is_fraud: ArrayLike, scores: ArrayLike, edges: Sequence[float] = EDGES
) -> float:
    """The expected calibration error as a share of all fraud: 0.2 is 20 frauds in 100.

    Where one payment in 150 is fraud, every error looks small beside all payments; beside the
    fraud it has a size that one can read. Raises ValueError where there is no fraud.
    """
    share = float(np.mean(np.asarray(is_fraud, dtype=float)))
    if not share > 0:
        raise ValueError("no payment is fraud, so there is nothing to compare the scores with")
    return calibration_error(is_fraud, scores, edges) / share


def full_sample(scores: ArrayLike, kept: float) -> np.ndarray:
    """Scores as if no genuine payment had been left out of the training.

    A model trained on every fraud and on a share `kept` of the genuine payments sees fraud more
    often than there is. Raises ValueError for a share that is not above 0 and at most 1.

    Source: Dal Pozzolo, Caelen, Johnson, Bontempi, "Calibrating probability with undersampling for
    unbalanced classification", IEEE SSCI 2015, equation 4.
    """
    if not 0 < kept <= 1:
        raise ValueError(f"kept must lie above 0 and be at most 1, not {kept!r}")
    scores = np.asarray(scores, dtype=float)
    return kept * scores / (kept * scores - scores + 1)


def _pair(is_fraud: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    is_fraud = np.asarray(is_fraud, dtype=float)
    scores = np.asarray(scores, dtype=float)
    if is_fraud.shape != scores.shape or scores.ndim != 1 or len(scores) == 0:
        raise ValueError(f"scores have shape {scores.shape}, labels {is_fraud.shape}")
    return is_fraud, scores
