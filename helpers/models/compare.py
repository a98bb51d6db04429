"""Is one model better than another, or was it luck: a paired bootstrap on the same payments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from .metrics import aligned

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

AT_ONCE = 100  # resamples in memory together


@dataclass(frozen=True)
class Difference:
    """How far one model's average precision lies above another's.

    estimate: on the payments as they are; low and high: the interval; level: how sure, 0.95 for
    95 %; draws: the difference in each resample; blocks: how many blocks were drawn from.
    """

    estimate: float
    low: float
    high: float
    level: float
    draws: np.ndarray
    blocks: int

    @property
    def share_above(self) -> float:
        """Share of the resamples in which the first model is ahead."""
        return float((self.draws > 0).mean())

    def __str__(self) -> str:
        return (
            f"{self.estimate:+.3f}, {self.level:.0%} interval {self.low:+.3f} to {self.high:+.3f}"
        )


def paired_bootstrap(
    payments: pd.DataFrame,
    scores: ArrayLike,
    others: ArrayLike,
    block: str = "customer_id",
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Difference:
    """Average precision of `scores` minus that of `others`, with an interval by resampling.

    Whole blocks are drawn with replacement: the payments of a card, or of a day, are not
    independent. `block` is a column of `payments`, or "day" for the day of its `time`. In each
    resample both models see the same payments, so what makes them easy or hard cancels out. The
    interval runs between percentiles of the draws.

    Raises ValueError where scores do not fit the payments, these are all of one class, or there
    are fewer than two blocks.

    Source: Efron, Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 8 and 13; for
    whole groups: Field, Welsh, "Bootstrapping clustered data", J. R. Statist. Soc. B 69, 2007.
    """
    code, count = _codes(payments, block)
    one, other = (_Ranked(payments, given, code, count) for given in (scores, others))
    ones = np.ones((1, count))
    gaps = [one.precision(w) - other.precision(w) for w in resamples(count, draws, seed)]
    gap = np.concatenate(gaps)
    gap = gap[np.isfinite(gap)]  # a resample without a fraud ranks nothing
    low, high = np.quantile(gap, [(1 - level) / 2, (1 + level) / 2])
    estimate = float((one.precision(ones) - other.precision(ones))[0])
    return Difference(estimate, float(low), float(high), level, gap, count)


def resamples(count: int, draws: int, seed: int) -> Iterator[np.ndarray]:
    """How often each of `count` blocks is drawn: `draws` rows in all, some at a time.

    Each row adds up to `count`. Raises ValueError for fewer than two blocks or no draws.
    """
    if count < 2 or draws < 1:
        raise ValueError(f"{draws} resamples of {count} blocks; at least 1 of 2 are needed")
    rng = np.random.default_rng(seed)
    for start in range(0, draws, AT_ONCE):
        rows = min(AT_ONCE, draws - start)
        picked = rng.integers(0, count, (rows, count)) + count * np.arange(rows)[:, None]
        yield np.bincount(picked.ravel(), minlength=rows * count).reshape(rows, count).astype(float)


class _Ranked:
    """Payments in the order of their scores, ready for many weightings of their blocks.

    Precision matters only where a fraud stands, so payments are counted per block and per level:
    level j holds those whose score reaches the j-th highest score of a fraud and no higher one.
    """

    def __init__(self, payments: pd.DataFrame, scores: ArrayLike, code: np.ndarray, count: int):
        scores, is_fraud = aligned(payments, scores), payments["is_fraud"].to_numpy(dtype=bool)
        if is_fraud.all() or not is_fraud.any():
            raise ValueError(
                f"{is_fraud.sum()} of {len(is_fraud)} payments are fraud; both are needed"
            )
        levels = np.unique(scores[is_fraud])
        level = len(levels) - np.searchsorted(levels, scores, side="right")
        seen = level < len(levels)  # the others lie below every fraud
        shape = (count, len(levels))
        self._all = _counts(code[seen], level[seen], shape)
        self._frauds = _counts(code[is_fraud], level[is_fraud], shape)

    def precision(self, weights: np.ndarray) -> np.ndarray:
        """Average precision for each row of weights, one weight for each block."""
        frauds, every = weights @ self._frauds, weights @ self._all
        caught, alarms = np.cumsum(frauds, axis=1), np.cumsum(every, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(alarms > 0, caught / alarms, 0.0)
            return (frauds * precision).sum(axis=1) / caught[:, -1]


def _counts(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _codes(payments: pd.DataFrame, block: str) -> tuple[np.ndarray, int]:
    """The number of each payment's block, and how many blocks there are."""
    ids = payments["time"].dt.normalize() if block == "day" else payments[block]
    code, unique = pd.factorize(ids)
    return code, len(unique)
