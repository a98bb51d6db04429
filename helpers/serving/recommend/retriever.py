"""From a shopper's history to the nearest products: what was exported, loaded and searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

Embed = Callable[[np.ndarray], np.ndarray]
"""Makes a vector of a history: the places of its products, in the order of the catalogue."""


class Retriever:
    """Finds the products whose vectors have the largest inner product with a history's vector.

    The search is exact: one product of a matrix with a vector, quick up to some hundred thousand
    products. Beyond that an index that is nearly exact takes its place, such as ScaNN (Guo et al.,
    2020, ICML) or FAISS.

    ids: the products; vectors: theirs, one row each; popular: ids, best first, for who has no
    history; embed: see Embed; version: says in answers which model it was.
    """

    def __init__(
        self,
        ids: np.ndarray,
        vectors: np.ndarray,
        popular: np.ndarray,
        embed: Embed,
        version: str = "unnamed",
    ) -> None:
        if len(ids) != len(vectors):
            raise ValueError(f"{len(ids)} ids want as many vectors, not {len(vectors)}")
        self.ids, self.vectors, self.embed, self.version = ids, vectors, embed, version
        self.popular = popular.tolist()
        self._place = {int(one): place for place, one in enumerate(ids)}

    @classmethod
    def load(cls, folder: str | Path, version: str = "") -> Retriever:
        """What a model's `export` wrote: items.npz, and for two towers a SavedModel beside it.

        Raises FileNotFoundError where there is no such model.
        """
        folder = Path(folder)
        with np.load(folder / "items.npz") as stored:
            made = {name: stored[name] for name in stored.files}
        vectors = made["vectors"]
        towers = "longest" in made
        embed = _of_tower(folder, int(made["longest"])) if towers else _ones(vectors.shape[1])
        return cls(made["ids"], vectors, made["popular"], embed, version or folder.name)

    def recommend(self, history: Sequence[int], k: int) -> list[int]:
        """At most k ids, best first; nothing that the history holds, unknown ids left out of it.

        Raises ValueError for k below 1.
        """
        if k < 1:
            raise ValueError(f"k must be 1 or more, not {k!r}")
        seen = set(history)
        known = np.array(sorted({self._place[i] for i in seen if i in self._place}), dtype=np.int32)
        if not len(known):
            return [one for one in self.popular if one not in seen][:k]
        scores = self.vectors @ self.embed(known)
        scores[known] = -np.inf
        count = min(k, len(scores) - len(known))
        best = np.argpartition(-scores, max(count - 1, 0))[:count]
        return self.ids[best[np.argsort(-scores[best], kind="stable")]].tolist()


def _ones(length: int) -> Embed:
    """A linear model's: a history's vector has ones at the places of its products."""

    def embed(places: np.ndarray) -> np.ndarray:
        vector = np.zeros(length, dtype=np.float32)
        vector[places] = 1.0
        return vector

    return embed


def _of_tower(folder: Path, longest: int) -> Embed:
    """The user tower of a SavedModel; TensorFlow is loaded here, and only here."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder / "user_tower"))

    def embed(places: np.ndarray) -> np.ndarray:
        padded = np.zeros((1, longest), dtype=np.int32)
        padded[0, : len(places[:longest])] = places[:longest] + 1
        return loaded.serve(padded).numpy()[0]

    return embed
