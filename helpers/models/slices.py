"""One figure for each slice of the payments, with how many stand behind it and how sure it is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

AMOUNTS = (-np.inf, 10, 50, 100, 220, np.inf)
HISTORY = (-np.inf, 5, 20, 60, np.inf)  # payments of the customer in 30 days
Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


def usual_slices(payments: pd.DataFrame, X: pd.DataFrame) -> dict[str, pd.Series]:
    """The slices that every fraud model is looked at by: time of day, amount, history.

    payments: amount; X: is_night, is_weekend, customer_count_30d. Each is a Series of labels.
    """
    hours, days = {0: "day", 1: "night"}, {0: "working day", 1: "weekend"}
    return {
        "hours": X["is_night"].map(hours),
        "days": X["is_weekend"].map(days),
        "amount": _bands(payments["amount"], AMOUNTS),
        "payments in 30 days": _bands(X["customer_count_30d"], HISTORY),
    }


def by_slice(
    hit: ArrayLike, slices: Mapping[str, ArrayLike], among: ArrayLike, block: ArrayLike
) -> pd.DataFrame:
    """The share of hits among the chosen rows of each slice, with its 95 % interval.

    hit, among: True or False for each row, such as "raised an alarm" among "is fraud", which gives
    recall. slices: names, and for each a label per row; block: which rows belong together, such as
    the customer_id. The index is slice and label; columns: rows (chosen ones), share, low, high.

    The interval is Wilson's, for as many rows as would tell as much if they were independent.
    Sources: Wilson, J. American Statistical Association 22, 1927; for blocks: Korn, Graubard,
    Survey Methodology 24, 1998; Franco et al., J. Survey Statistics and Methodology 7, 2019.
    """
    among = np.asarray(among, dtype=bool)
    frame = pd.DataFrame({"hit": np.asarray(hit, dtype=float), "block": np.asarray(block)})[among]
    rows = {}
    for name, labels in slices.items():
        values = pd.Series(labels).reset_index(drop=True)[among]
        for label, part in frame.groupby(values, observed=True):
            rows[name, label] = share_of(part["hit"].to_numpy(), part["block"].to_numpy())
    index = pd.MultiIndex.from_tuples(rows, names=["slice", "label"])
    table = pd.DataFrame(list(rows.values()), index, columns=["rows", "share", "low", "high"])
    return table.astype({"rows": int})


def share_of(hit: np.ndarray, block: np.ndarray) -> tuple[int, float, float, float]:
    """Number of rows, share of hits, and the two ends of its interval, as in `by_slice`."""
    share = float(hit.mean())
    low, high = wilson(share, _independent_rows(hit, block))
    return len(hit), share, low, high


def wilson(share: float, rows: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share that was seen in `rows` independent rows."""
    middle = (share + Z**2 / (2 * rows)) / (1 + Z**2 / rows)
    half = Z / (1 + Z**2 / rows) * np.sqrt(share * (1 - share) / rows + Z**2 / (4 * rows**2))
    return float(max(middle - half, 0)), float(min(middle + half, 1))


def surely_apart(more: pd.Series, less: pd.Series) -> bool:
    """Whether two rows of `by_slice`, of separate slices, differ by more than luck.

    The 95 % interval of their difference, made of their own two intervals, lies above 0. Source:
    Newcombe, "Interval estimation for the difference between independent proportions", Statistics
    in Medicine 17, 1998, method 10.
    """
    gap = more["share"] - less["share"]
    return bool(gap > np.hypot(more["share"] - more["low"], less["high"] - less["share"]))


def _independent_rows(hit: np.ndarray, block: np.ndarray) -> float:
    """How many independent rows would give the share's variance between blocks."""
    share = hit.mean()
    _, code = np.unique(block, return_inverse=True)
    blocks = code.max() + 1
    apart = np.bincount(code, hit - share)
    variance = (apart**2).sum() / len(hit) ** 2 * blocks / max(blocks - 1, 1)
    if variance == 0:  # all alike: no more is certain than that each block was so
        return float(blocks)
    return float(min(share * (1 - share) / variance, len(hit)))


def _bands(values: pd.Series, edges: tuple[float, ...]) -> pd.Series:
    words = [f"up to {edges[1]:g}"]
    words += [f"{low:g} to {high:g}" for low, high in pairwise(edges[1:-1])]
    words.append(f"above {edges[-2]:g}")
    return pd.cut(values, list(edges), labels=words)
