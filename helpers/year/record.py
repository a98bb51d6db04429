"""What is kept of a day: its log, which monitoring reads, and its payments, for training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .store import Seen
from .world import Batch


@dataclass
class Log:
    """What is on record of one day, and all that monitoring may read.

    received: the payments as they came in; parsed: their amounts as the service read them. X: the
    features that the model was asked with; again: the same, made again from what was received.
    scores: NaN where nobody asked. held: places of the payments to be looked into; looked: of those
    that were. verdict: fraud or not, of `looked`; second: the same by a second pair of eyes, -1
    where none looked. filed: of the bank's file, whether each label is fraud. golden: answers to
    the known requests; expected: what the model that was released had answered. canary: whether a
    new release would meet the payment. machine, fresh and reviews: as found in the evening.
    """

    day: int
    received: Seen
    parsed: np.ndarray
    X: np.ndarray
    again: np.ndarray
    scores: np.ndarray
    held: np.ndarray
    looked: np.ndarray
    verdict: np.ndarray
    second: np.ndarray
    filed: np.ndarray
    golden: np.ndarray
    expected: np.ndarray
    canary: np.ndarray
    machine: dict[str, float]
    fresh: int
    reviews: int


@dataclass
class Kept:
    """A day's payments as they are kept for training: features as logged, labels as known so far.

    fraud: False, too, where nothing is known yet; known: where something is. seen: whether the
    service met the payment at all.
    """

    X: np.ndarray
    fraud: np.ndarray
    known: np.ndarray
    customer: np.ndarray
    terminal: np.ndarray
    seen: np.ndarray


def kept_of(batch: Batch, seen: Seen, X: np.ndarray) -> Kept:
    """A day as it is kept: each payment that did not fail once, and no label yet."""
    rows, first = np.unique(seen.row[~seen.failed], return_index=True)
    kept = np.zeros((len(batch), X.shape[1]), np.float32)
    kept[rows] = X[~seen.failed][first]
    there = np.zeros(len(batch), bool)
    there[rows] = True
    fraud, known = np.zeros((2, len(batch)), bool)
    return Kept(kept, fraud, known, batch.customer, batch.terminal, there)
