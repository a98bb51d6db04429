"""Has a distribution changed? Three answers for each feature: PSI, Kolmogorov-Smirnov, Wasserstein.

A p-value says whether a difference could be chance among independent rows; on many rows every
difference is certain and most are harmless. PSI and the Wasserstein distance say how large it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .windows import require_comparable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

BINS = 10
LEAST_SHARE = 1e-4  # stands for an empty bin, whose logarithm does not exist
SMALL, LARGE = 0.1, 0.25  # PSI's rule of thumb: below 0.1 nothing, above 0.25 a large change


def psi(reference: ArrayLike, current: ArrayLike, bins: int = BINS) -> float:
    """The population stability index of two samples, 0 or more; 0 where they are alike.

    The bins hold equal shares of the reference, fewer where many of its values are equal; an empty
    bin counts as a share of 0.0001. Rule of thumb: below 0.1 no change, above 0.25 a large one.
    Raises ValueError for a sample that is empty, has a NaN, or for a constant reference.

    Sources: Siddiqi, "Credit Risk Scorecards", 2006, for the rule of thumb; Yurdakul and Naranjo,
    "Statistical properties of the population stability index", Journal of Risk Model Validation
    14(4), 2020: two samples of n and m rows alike have a PSI of about (bins - 1) (1/n + 1/m).
    """
    reference, current = (pd.DataFrame({"x": np.asarray(one)}) for one in (reference, current))
    require_comparable(reference, current)
    edges = bin_edges(reference["x"], bins)
    return float(psi_of(shares(reference["x"], edges), shares(current["x"], edges)))


def bin_edges(reference: ArrayLike, bins: int = BINS) -> np.ndarray:
    """The inner borders of bins that hold equal shares of the reference, each border once."""
    inner = np.unique(np.quantile(reference, np.linspace(0, 1, bins + 1)[1:-1]))
    low = np.min(reference)
    return inner if len(inner) > 1 or inner[0] > low else np.array([np.nextafter(low, np.inf)])


def shares(values: ArrayLike, edges: np.ndarray) -> np.ndarray:
    """The share of values in each bin; a value on a border belongs to the bin above it."""
    place = np.searchsorted(edges, values, side="right")
    return np.bincount(place, minlength=len(edges) + 1) / len(place)


def psi_of(reference: np.ndarray, current: np.ndarray) -> np.ndarray:
    """PSI from shares; the bins are the last axis, so that many windows go at once."""
    one, other = np.maximum(reference, LEAST_SHARE), np.maximum(current, LEAST_SHARE)
    return ((other - one) * np.log(other / one)).sum(axis=-1)


def compare(reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Each feature of two windows compared; one row for each column, in their order.

    psi: as above. p: of the Kolmogorov-Smirnov test, as if rows were independent. p_holm: the same,
    corrected for the number of features. distance: Wasserstein's, in standard deviations of the
    reference (Evidently calls it drift from 0.1 on). Raises ValueError as `require_comparable`.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
    of Statistics 6, 1979.
    """
    from scipy.stats import ks_2samp, wasserstein_distance

    require_comparable(reference, current)
    rows = {}
    for name in reference:
        one, other = reference[name].to_numpy(float), current[name].to_numpy(float)
        rows[name] = {
            "psi": psi(one, other),
            "p": ks_2samp(one, other, method="asymp").pvalue,
            "distance": wasserstein_distance(one, other) / one.std(),
        }
    table = pd.DataFrame(rows).T
    table.insert(2, "p_holm", holm(table["p"]))
    return table


def holm(p: ArrayLike) -> np.ndarray:
    """p-values so corrected that among all of them a false alarm has the chance that is named."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(raised, 1)
    return corrected
