"""What is known of each terminal, kept up day by day from the labels that have come in."""

from __future__ import annotations

import numpy as np

from .field import STILL, WINDOWS, Field


class Terminals:
    """Counts of known labels, and of frauds among them, for each terminal and midnight."""

    def __init__(self, field: Field):
        self._terminal, self._is_fraud = field.terminal, field.is_fraud
        shape = (field.world.days, field.world.terminals)
        self._labels, self._frauds = np.zeros(shape, np.float32), np.zeros(shape, np.float32)

    def learn(self, day: int, rows: np.ndarray) -> None:
        """Take in the labels that this day's midnight brought."""
        count = self._labels.shape[1]
        places, frauds = self._terminal[rows], self._is_fraud[rows]
        self._labels[day] = np.bincount(places, minlength=count)
        self._frauds[day] = np.bincount(places, weights=frauds, minlength=count)
        if day:
            self._labels[day] += self._labels[day - 1]
            self._frauds[day] += self._frauds[day - 1]

    def fill(self, day: int, rows: slice, X: np.ndarray) -> None:
        """Write count and risk of the three windows into the features of the day's payments."""
        places = self._terminal[rows]
        for number, days in enumerate(WINDOWS):
            count, frauds = self._labels[day], self._frauds[day]
            if day >= days:
                count, frauds = count - self._labels[day - days], frauds - self._frauds[day - days]
            X[rows, STILL + 2 * number] = count[places]
            X[rows, STILL + 2 * number + 1] = (frauds / np.maximum(count, 1))[places]
