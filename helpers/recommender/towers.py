"""Two towers in TensorFlow: a network for histories, one for items, and their dot product."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from .table import Table

if TYPE_CHECKING:
    import keras

AT_ONCE = 4_096  # histories that are turned into vectors together


class TwoTowers:
    """Recommends items whose vector lies along the vector of a user's history.

    The user tower takes the mean of embeddings of the history's items through a hidden layer, the
    item tower has an embedding for each item. Training guesses each item of a history from the
    others, by a softmax over all items. Covington, Adams and Sargin (2016), "Deep neural networks
    for YouTube recommendations", RecSys; a catalogue too large for a full softmax wants sampled
    ones with a correction: Yi et al. (2019), "Sampling-bias-corrected neural modeling", RecSys.

    user_tower: a Keras model from padded histories (see `pad`) to vectors; items: their vectors;
    curve: the losses of each epoch, "loss" and, with a validation share, "val_loss".
    """

    @classmethod
    def fit(
        cls,
        table: Table,
        factors: int = 32,
        epochs: int = 12,
        batch: int = 512,
        learning_rate: float = 0.003,
        dropout: float = 0.3,
        longest: int = 50,
        validation: float = 0.0,
        seed: int = 0,
        callbacks: tuple = (),
    ) -> TwoTowers:
        """factors: length of a vector. longest: how many items of a history are read at most.

        validation: share of the interactions kept from training, to draw a learning curve.
        callbacks: Keras callbacks, such as a progress bar. Raises ValueError where no user has
        met two items: then there is nothing to guess from.
        """
        keras = quiet_keras()
        keras.utils.set_random_seed(seed)
        histories, target = examples(table.matrix, longest, seed)
        if not len(target):
            raise ValueError("two towers want users who have met at least two items")
        model, user_tower, item_tower = build(len(table.items), longest, factors, dropout)
        model.compile(
            keras.optimizers.Adam(learning_rate),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        history = model.fit(
            *(histories, target),
            batch_size=batch,
            epochs=epochs,
            validation_split=validation,
            verbose=0,
            callbacks=list(callbacks),
        )
        made = cls()
        made.user_tower, made.longest, made.curve = user_tower, longest, history.history
        made.items = np.asarray(item_tower(np.arange(len(table.items), dtype=np.int32)))
        return made

    def score(self, histories: sparse.csr_matrix) -> np.ndarray:
        """A score for each item, one row a history (users in rows, items in columns)."""
        padded = pad(histories, self.longest, seed=None)  # as the service reads a history
        steps = range(0, len(padded), AT_ONCE)
        parts = [np.asarray(self.user_tower(padded[begin : begin + AT_ONCE])) for begin in steps]
        return np.concatenate(parts) @ self.items.T

    def export(self, folder: str | Path, table: Table) -> Path:
        """Write what serving needs: the user tower as a SavedModel, and the items' ids and vectors.

        The folder then holds `user_tower/`, with the endpoint `serve` from padded histories
        (int32, rows of `longest` places of items plus 1) to vectors, and `items.npz`.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        logging.getLogger("tensorflow").setLevel(logging.ERROR)  # "Assets written to: ..."
        self.user_tower.export(folder / "user_tower", verbose=False)
        best = table.items[np.argsort(-table.popularity, kind="stable")]
        np.savez(
            folder / "items.npz",
            ids=table.items,
            vectors=self.items,
            popular=best,
            longest=np.int64(self.longest),
        )
        return folder


def quiet_keras() -> Any:
    """Keras on TensorFlow, imported now, without the lines that TensorFlow prints as it loads."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # It announces itself at every import, and adds up in another order on another processor.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    return keras


def build(
    items: int, longest: int, factors: int, dropout: float
) -> tuple[keras.Model, keras.Model, keras.Model]:
    """The model to be trained, from histories to a logit for each item; and its two towers."""
    keras = quiet_keras()
    layers = keras.layers
    history = keras.Input((longest,), dtype="int32", name="history")
    # Place 0 pads; the mean leaves it out.
    embedded = layers.Embedding(items + 1, 2 * factors, mask_zero=True)(history)
    mean = layers.Dropout(dropout)(layers.GlobalAveragePooling1D()(embedded))
    hidden = layers.Dense(2 * factors, activation="relu")(mean)
    user_tower = keras.Model(history, layers.Dense(factors)(hidden), name="user_tower")
    item = keras.Input((), dtype="int32", name="item")
    item_tower = keras.Model(item, layers.Embedding(items, factors)(item), name="item_tower")

    class Towers(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.user_tower, self.item_tower = user_tower, item_tower

        def call(self, history, training=False):
            every = self.item_tower(np.arange(items, dtype=np.int32))
            user = self.user_tower(history, training=training)
            return keras.ops.matmul(user, keras.ops.transpose(every))

    return Towers(), user_tower, item_tower


def pad(histories: sparse.csr_matrix, longest: int, seed: int | None = 0) -> np.ndarray:
    """Histories as rows of `longest` numbers: the items' places plus 1, then zeros (int32).

    Of a history that is longer, that many are drawn; with no seed the lowest places are taken.
    """
    count = np.diff(histories.indptr)
    row = np.repeat(np.arange(len(count)), count)
    first = histories.indices if seed is None else np.random.default_rng(seed).random(len(row))
    order = np.lexsort((first, row))
    place = np.arange(len(row)) - np.repeat(histories.indptr[:-1], count)
    kept = place < longest
    padded = np.zeros((len(count), longest), dtype=np.int32)
    padded[row[kept], place[kept]] = histories.indices[order][kept] + 1
    return padded


def examples(matrix: sparse.csr_matrix, longest: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Each item of each history as a target, with the rest of the history; in random order."""
    count = np.diff(matrix.indptr)
    row = np.repeat(np.arange(len(count)), count)
    histories, target = pad(matrix, longest, seed)[row], matrix.indices.astype(np.int32)
    histories[histories == target[:, None] + 1] = 0
    kept = np.flatnonzero(histories.any(axis=1))
    kept = np.random.default_rng(seed).permutation(kept)
    return histories[kept], target[kept]
