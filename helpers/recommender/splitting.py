"""Parts to learn from and to be judged by: at random within each user, or by time."""

from __future__ import annotations

import numpy as np
import pandas as pd


def random_split(
    interactions: pd.DataFrame, share: float = 0.25, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out a share of each user's interactions, drawn at random: gives the rest, and the share.

    A user with n interactions gives away share * n, rounded to the nearest whole number.
    Raises ValueError for a share outside 0 to 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share!r}")
    lot = pd.Series(np.random.default_rng(seed).random(len(interactions)), interactions.index)
    by_user = lot.groupby(interactions["user_id"].to_numpy())
    out = by_user.rank(method="first") <= (share * by_user.transform("size")).round()
    return interactions[~out], interactions[out]


def split_at(interactions: pd.DataFrame, moment) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everything before a moment, and everything from it on.

    Raises ValueError where either part is empty.
    """
    later = interactions["time"] >= pd.Timestamp(moment)
    if later.all() or not later.any():
        raise ValueError(f"all interactions lie on one side of {moment}")
    return interactions[~later], interactions[later]


def split_by_time(
    interactions: pd.DataFrame, share: float = 0.25
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold out the latest share of all interactions: gives the rest, and the share.

    Raises ValueError for a share outside 0 to 1, or where all happened at one moment.
    """
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, not {share!r}")
    return split_at(interactions, interactions["time"].quantile(1 - share, interpolation="higher"))
