"""Hyper-parameters, picked on a split of the training data's own."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd

from .fitting import Recommender, fit
from .metrics import average_precision, ndcg, precision, recall
from .splitting import random_split, split_by_time

GRIDS: dict[str, dict[str, tuple]] = {
    "popular": {},
    "neighbours": {"neighbours": (20, 50, 100, 200), "damping": (0.0, 10.0, 50.0)},
    "ease": {"regularization": (30.0, 100.0, 200.0, 300.0, 500.0, 1000.0)},
    "als": {"factors": (32, 64), "regularization": (3.0, 10.0, 30.0, 60.0), "alpha": (2.0,)},
    "two_towers": {"factors": (32, 64)},
}
SPLITS = {"random": random_split, "time": split_by_time}


def evaluate(recommender: Recommender, held_out: pd.DataFrame, k: int = 10) -> dict[str, float]:
    """nDCG, recall, precision and MAP at k of a recommender on interactions that it has not seen.

    All that a user has in `held_out` is relevant, except what the recommender has in the user's
    history and so may not recommend.
    """
    taken = new_to(recommender, held_out).groupby("user_id")["item_id"].agg(set)
    lists = recommender.recommend(taken.index.to_numpy(), k)
    measures = {"ndcg": ndcg, "recall": recall, "precision": precision, "map": average_precision}
    return {f"{name}_{k}": measure(lists, taken, k) for name, measure in measures.items()}


def new_to(recommender: Recommender, held_out: pd.DataFrame) -> pd.DataFrame:
    """The held-out interactions whose pair of user and item the recommender has not seen."""
    pairs = ["user_id", "item_id"]
    coordinates = recommender.table.matrix.tocoo()
    seen = pd.MultiIndex.from_arrays(
        [recommender.table.users[coordinates.row], recommender.table.items[coordinates.col]]
    )
    return held_out[~pd.MultiIndex.from_frame(held_out[pairs]).isin(seen)]


def tune(
    interactions: pd.DataFrame,
    model: str = "ease",
    k: int = 10,
    split: str = "random",
    grid: dict[str, tuple] | None = None,
    **fixed: Any,
) -> dict[str, Any]:
    """The hyper-parameters with the best nDCG at k on a split of the interactions' own.

    split: "random" holds out a fifth of each user's interactions, "time" the latest fifth of all.
    grid: which values to try, for each hyper-parameter; a small one of the model's own where it is
    None. fixed: what is passed on to `fit` as it is, such as valued=True.
    Gives keyword arguments for `fit`: fit(interactions, model, **tune(interactions, model)).

    Raises ValueError for an unknown model or split.
    """
    if model not in GRIDS or split not in SPLITS:
        raise ValueError(f"model is one of {', '.join(GRIDS)}, split one of {', '.join(SPLITS)}")
    grid = GRIDS[model] if grid is None else grid
    tries = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    if len(tries) == 1:
        return tries[0] | fixed
    train, held_out = SPLITS[split](interactions, share=0.2)

    def quality(how: dict[str, Any]) -> float:
        return evaluate(fit(train, model, **how, **fixed), held_out, k)[f"ndcg_{k}"]

    return max(tries, key=quality) | fixed
