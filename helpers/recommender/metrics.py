"""How good lists of recommendations are: as rankings, and for the catalogue.

A list is a row of ids, best first; `relevant` holds for each row what the user then took. An
id that fills a row up (-1 or None) is never relevant.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

Relevant = Sequence[Collection]


def hits(recommended: np.ndarray, relevant: Relevant) -> np.ndarray:
    """Whether each recommendation was taken: True or False, in the shape of `recommended`.

    Raises ValueError where there is not one set of relevant ids for each row.
    """
    recommended = np.asarray(recommended)
    if recommended.ndim != 2 or len(recommended) != len(relevant):
        raise ValueError(
            f"{len(relevant)} sets of relevant ids want as many rows of recommendations, not an "
            f"array of shape {recommended.shape}"
        )
    rows = zip(recommended.tolist(), map(set, relevant), strict=True)
    found = [[item in taken for item in row] for row, taken in rows]
    return np.array(found, dtype=bool).reshape(recommended.shape)


def ndcg(recommended: np.ndarray, relevant: Relevant, k: int = 10) -> float:
    """Normalised discounted cumulative gain at k, mean over users who took something.

    A hit at place i (from 1) earns 1 / log2(i + 1); the sum is divided by that of the best
    possible list. Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR
    techniques", ACM TOIS 20(4), with gains of 0 and 1.
    """
    found, count = _counted(recommended, relevant, k)
    discount = 1 / np.log2(np.arange(2, k + 2))
    best = np.r_[0.0, discount.cumsum()][np.minimum(count, k)]
    return float(np.mean(found @ discount[: found.shape[1]] / best))


def recall(recommended: np.ndarray, relevant: Relevant, k: int = 10) -> float:
    """The share of what a user took that is among the first k; mean over users who took something.

    Manning, Raghavan and Schütze (2008), "Introduction to information retrieval", chapter 8.
    """
    found, count = _counted(recommended, relevant, k)
    return float(np.mean(found.sum(axis=1) / count))


def precision(recommended: np.ndarray, relevant: Relevant, k: int = 10) -> float:
    """The share of the first k that was taken; mean over users who took something.

    Manning, Raghavan and Schütze (2008), chapter 8.
    """
    found, _ = _counted(recommended, relevant, k)
    return float(np.mean(found.sum(axis=1) / k))


def average_precision(recommended: np.ndarray, relevant: Relevant, k: int = 10) -> float:
    """Mean average precision at k (MAP), over users who took something.

    A user's is the sum of the precisions at each hit, divided by the most hits that are possible,
    min(k, number taken). Manning, Raghavan and Schütze (2008), chapter 8, cut off at k.
    """
    found, count = _counted(recommended, relevant, k)
    at = found.cumsum(axis=1) / np.arange(1, found.shape[1] + 1)
    return float(np.mean((at * found).sum(axis=1) / np.minimum(count, k)))


def coverage(recommended: np.ndarray, catalogue: Collection) -> float:
    """The share of the catalogue that is recommended to anybody.

    Ge, Delgado-Battenfeld and Jannach (2010), "Beyond accuracy", RecSys.
    """
    catalogue = set(catalogue)
    return len(catalogue & set(np.ravel(recommended).tolist())) / len(catalogue)


def novelty(recommended: np.ndarray, popularity: dict) -> float:
    """Mean surprise of a recommendation in bits: minus log2 of its share of the users.

    popularity: for each id the share of users who met it, above 0; ids without one are left out,
    for a surprise without end has no mean. Vargas and Castells (2011), "Rank and relevance in
    novelty and diversity metrics for recommender systems", RecSys. NaN where no id has a share.
    """
    shares = [popularity.get(item, 0.0) for item in np.ravel(recommended).tolist()]
    known = np.array([share for share in shares if share > 0])
    return float(-np.log2(known).mean()) if len(known) else float("nan")


def exposure_gini(shown: np.ndarray, catalogue: Collection) -> float:
    """How unequally the catalogue is shown: 0 is all alike, near 1 is one product for everybody.

    The Gini coefficient of how often each product of the catalogue occurs in `shown`. Fleder and
    Hosanagar (2009), "Blockbuster culture's next rise or fall", Management Science 55(5).
    NaN where nothing of the catalogue was shown.
    """
    ids, counts = np.unique(np.ravel(shown), return_counts=True)
    often = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    sorted_counts = np.sort([often.get(item, 0) for item in set(catalogue)])
    n, total = len(sorted_counts), sorted_counts.sum()
    if not total:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ sorted_counts / (n * total))


def _counted(recommended, relevant: Relevant, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Hits among the first k, and how many each user took, for users who took something."""
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k!r}")
    count = np.array([len(set(taken)) for taken in relevant])
    some = count > 0
    if not some.any():
        raise ValueError("nobody took anything, so there is nothing to measure")
    return hits(recommended, relevant)[some, :k], count[some]
