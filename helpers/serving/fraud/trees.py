"""Boosted trees laid out flat, so that a single payment goes down all of them at once.

scikit-learn's `predict_proba` is made for tables: each call checks its input, then visits one tree
after the other. For one row that takes about a millisecond, nearly all of it around the trees.
Here all trees are one table of nodes and every payment takes one step down in all of them
together. The scores are the same; `flat` makes sure of it, and gives None for a model that it
cannot lay out, which then keeps its own `predict_proba`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Score = Callable[[np.ndarray], np.ndarray]
SAME = 1e-12
TRIED = 200  # rows on which the flat trees are held against the model


def flat(model: Any, rows: np.ndarray | None = None) -> Score | None:
    """A function from rows of features to their probabilities of fraud, or None.

    rows: payments to try it on; random ones on both sides of every split where none are given.
    """
    try:
        trees = _Flat(model)
    except (AttributeError, TypeError, ValueError, IndexError, KeyError):
        return None  # another kind of model, or a scikit-learn that keeps its trees elsewhere
    tried = _around_the_splits(trees) if rows is None else np.asarray(rows, dtype=float)
    expected = model.predict_proba(tried)[:, 1]
    return trees if np.abs(trees(tried) - expected).max() <= SAME else None


class _Flat:
    """Nodes of all trees in one table; the children of a node lie side by side."""

    def __init__(self, model: Any) -> None:
        predictors = [one for (one,) in model._predictors]
        if any(nodes["is_categorical"].any() for nodes in (p.nodes for p in predictors)):
            raise ValueError("splits on categories are left to scikit-learn")
        self.base = float(np.ravel(model._baseline_prediction)[0])
        self.width = int(model.n_features_in_)
        sizes = [len(p.nodes) for p in predictors]
        starts = np.cumsum([0, *sizes])
        total = int(starts[-1])
        self.feature = np.zeros(total, dtype=np.intp)
        self.threshold = np.full(total, np.inf)
        self.child = np.arange(total)
        self.value = np.zeros(total)
        self.roots = starts[:-1].astype(np.intp)
        for start, predictor in zip(starts, predictors, strict=False):
            self._lay(int(start), predictor.nodes)
        self.depth = max(int(p.nodes["depth"].max()) for p in predictors)

    def _lay(self, start: int, nodes: np.ndarray) -> None:
        """Number a tree's nodes anew, so that left is `child` and right is `child + 1`."""
        places, used = {0: start}, start + 1
        for number in range(len(nodes)):  # a parent stands before its children
            node, place = nodes[number], places[number]
            self.value[place] = node["value"]
            if node["is_leaf"]:
                continue
            self.child[place] = used
            self.feature[place] = node["feature_idx"]
            self.threshold[place] = node["num_threshold"]
            places[int(node["left"])], places[int(node["right"])] = used, used + 1
            used += 2

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """The probability of fraud of each row. Rows hold numbers, none missing."""
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        values = rows.ravel()
        begin = (np.arange(len(rows)) * self.width)[:, np.newaxis]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            right = values[begin + self.feature[at]] > self.threshold[at]
            at = self.child[at] + right
        raw = self.base + self.value[at].sum(axis=1)
        return 1.0 / (1.0 + np.exp(-raw))


def _around_the_splits(trees: _Flat) -> np.ndarray:
    rng = np.random.default_rng(0)
    rows = np.zeros((TRIED, trees.width))
    for feature in range(trees.width):
        splits = trees.threshold[(trees.feature == feature) & np.isfinite(trees.threshold)]
        if len(splits):
            rows[:, feature] = rng.choice(splits, TRIED) + rng.choice([-1e-9, 0.0, 1e-9], TRIED)
    return rows
