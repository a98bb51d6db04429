"""Many windows compared with one reference at once: a hundred weeks in a second.

A window is a number for each row, from 0 to `count` - 1. With `length`, each window reaches over
that many numbers and ends at its own: days that are looked at a week at a time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .drift import BINS, bin_edges, psi_of, shares
from .windows import require_comparable


def psi_windows(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    window: np.ndarray,
    count: int,
    length: int = 1,
    bins: int = BINS,
) -> pd.DataFrame:
    """PSI of each window: one row for each, one column for each feature.

    The first `length` - 1 rows are NaN. Raises ValueError as `require_comparable`, and where a
    window has no row.
    """
    _require_full(reference, current, window, count)
    columns = {}
    for name in reference:
        edges = bin_edges(reference[name], bins)
        place = np.searchsorted(edges, current[name], side="right")
        seen = _merged(_counts(window, place, count, len(edges) + 1), length)
        columns[name] = psi_of(shares(reference[name], edges), seen)
    return pd.DataFrame(columns)


def ks_windows(
    reference: pd.DataFrame, current: pd.DataFrame, window: np.ndarray, count: int
) -> pd.DataFrame:
    """p of the Kolmogorov-Smirnov test of each window, by Kolmogorov's limit for many rows.

    One row for each window, one column for each feature; raises as `psi_windows`.
    """
    from scipy.stats import kstwobign

    _require_full(reference, current, window, count)
    rows = np.bincount(window, minlength=count)
    effective = rows * len(reference) / (rows + len(reference))
    columns = {}
    for name in reference:
        distance = _distances(reference[name].to_numpy(), current[name].to_numpy(), window, count)
        columns[name] = kstwobign.sf(distance * np.sqrt(effective))
    return pd.DataFrame(columns)


def _distances(reference: np.ndarray, current: np.ndarray, window: np.ndarray, count: int):
    """The largest distance between the distributions, looked for at and just below each value."""
    values, times = np.unique(reference, return_counts=True)
    at = np.r_[0, np.cumsum(times)] / len(reference)
    largest = np.zeros(count)
    for side, expected in (("left", at[1:]), ("right", at)):
        place = np.searchsorted(values, current, side=side)
        seen = np.cumsum(_counts(window, place, count, len(values) + 1), axis=1)
        seen = seen / seen[:, -1:]
        gap = np.abs(seen[:, : len(expected)] - expected).max(axis=1)
        largest = np.maximum(largest, gap)
    return largest


def _counts(window: np.ndarray, place: np.ndarray, count: int, places: int) -> np.ndarray:
    return np.bincount(window * places + place, minlength=count * places).reshape(count, places)


def _merged(counts: np.ndarray, length: int) -> np.ndarray:
    running = np.cumsum(np.r_[np.zeros_like(counts[:1]), counts], axis=0)
    merged = np.full(counts.shape, np.nan)
    merged[length - 1 :] = running[length:] - running[:-length]
    return merged / merged.sum(axis=1, keepdims=True)


def _require_full(
    reference: pd.DataFrame, current: pd.DataFrame, window: np.ndarray, count: int
) -> None:
    require_comparable(reference, current)
    rows = np.bincount(window, minlength=count)
    if (rows == 0).any():
        raise ValueError(f"window {int((rows == 0).argmax())} has no rows: an empty day or week")
