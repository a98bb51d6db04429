"""`fit` makes a recommender of interactions; a recommender recommends what is new to a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from .als import ImplicitALS
from .ease import Ease
from .neighbours import ItemNeighbours
from .popular import MostPopular
from .table import Table, places

AT_ONCE = 20_000_000  # cells of users times items that are scored together: 160 MB


def _towers(table: Table, **how: Any) -> Any:
    from .towers import TwoTowers  # TensorFlow is loaded only for this model

    return TwoTowers.fit(table, **how)


MODELS: dict[str, Callable[..., Any]] = {
    "popular": MostPopular.fit,
    "neighbours": ItemNeighbours.fit,
    "ease": Ease.fit,
    "als": ImplicitALS.fit,
    "two_towers": _towers,
}


def fit(
    interactions: pd.DataFrame, model: str = "ease", valued: bool = False, **how: Any
) -> Recommender:
    """Learn from interactions: a frame with user_id, item_id and, where `valued`, value.

    model: "popular", "neighbours", "ease", "als" or "two_towers". valued: whether an interaction
    weighs as much as its `value` says; otherwise each counts as 1. how: the model's own
    hyper-parameters, such as those that `tune` gives.

    Raises ValueError for an unknown model, or interactions that cannot be used (see Table.of).
    """
    if model not in MODELS:
        raise ValueError(f"there is no model {model!r}; there are {', '.join(MODELS)}")
    table = Table.of(interactions, valued)
    return Recommender(table, MODELS[model](table, **how), model)


class Recommender:
    """A fitted model with the histories that it learned from.

    table: histories; model: what scores them; name: the model's. Who has no history gets what is
    most popular.
    """

    def __init__(self, table: Table, model: Any, name: str) -> None:
        self.table, self.model, self.name = table, model, name

    def recommend(self, user_ids, k: int = 10, among=None) -> np.ndarray:
        """The k best items for each user, best first: ids, one row a user.

        Nothing that the user's history holds is recommended. among: only these items. A row that
        runs out of items ends in -1 where ids are whole numbers, and in None otherwise.

        Raises ValueError for k below 1.
        """
        if k < 1:
            raise ValueError(f"k must be 1 or more, not {k!r}")
        users, items = np.asarray(user_ids).reshape(-1), self.table.items
        chosen = np.full((len(users), k), -1, dtype=np.int64)
        step = max(1, AT_ONCE // len(items))
        for begin in range(0, len(users), step):
            rows = slice(begin, begin + step)
            best = _best(self._new(users[rows], among), k)
            chosen[rows, : best.shape[1]] = best
        return _ids(items, chosen)

    def scores(self, user_ids, item_ids, new: bool = True) -> np.ndarray:
        """Scores of these items for these users; -inf for an unknown item.

        new: also -inf for what is in a user's history.
        """
        wanted = places(self.table.items, item_ids)
        users = np.asarray(user_ids).reshape(-1)
        found = self._new(users, None) if new else self.score(self.table.rows(users))
        found = np.column_stack([found, np.full(len(found), -np.inf)])
        return found[:, wanted]  # an unknown item stands at -1, the last

    def _new(self, users: np.ndarray, among) -> np.ndarray:
        histories = self.table.rows(users)
        scores = self.score(histories)
        row = np.repeat(np.arange(len(users)), np.diff(histories.indptr))
        scores[row, histories.indices] = -np.inf
        if among is not None:
            kept = places(self.table.items, among)
            outside = np.ones(len(self.table.items), dtype=bool)
            outside[kept[kept >= 0]] = False
            scores[:, outside] = -np.inf
        return scores

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """The model's scores for histories; popularity for empty ones. Users, items."""
        scores = np.asarray(self.model.score(histories), dtype=np.float64)
        empty = np.diff(histories.indptr) == 0
        if empty.any():
            scores[empty] = self.table.popularity
        return scores


def _best(scores: np.ndarray, k: int) -> np.ndarray:
    """The places of each row's k highest scores, best first; -1 where none but -inf is left."""
    count = min(k, scores.shape[1])
    place = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    place.sort(axis=1)  # so that equal scores rank by the smaller id
    rows = np.arange(len(scores))[:, None]
    order = np.argsort(-scores[rows, place], axis=1, kind="stable")
    place = place[rows, order]
    return np.where(np.isneginf(scores[rows, place]), -1, place)


def _ids(items: np.ndarray, place: np.ndarray) -> np.ndarray:
    if np.issubdtype(items.dtype, np.integer):
        return np.where(place >= 0, items[place], -1)
    return np.where(place >= 0, items.astype(object)[place], None)
