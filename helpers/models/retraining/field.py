"""The truth of a world as arrays: what happens, and when it would become known by itself."""

from __future__ import annotations

import numpy as np

from helpers.payments import World, features
from helpers.payments.labels import unaided

WINDOWS = (1, 7, 30)  # days
STILL = 9  # features that no decision moves come first; the terminal's six follow


class Field:
    """One world, laid out once so that many policies can be played on it.

    still: the nine features that no decision moves (amount, calendar, customer's windows), float32.
    day: each payment's day number. edges: the first row of each day. known: the first day number
    at whose midnight the label is known where the payment is approved and nobody looks into it.

    Raises ValueError for a world without payments.
    """

    def __init__(self, world: World):
        truth = world.transactions()
        if truth.empty:
            raise ValueError("this world has no payments, so there is nothing to decide")
        self.world = world
        columns = features(truth)
        self.names = tuple(columns)
        self.still = columns.iloc[:, :STILL].to_numpy(np.float32)
        self.amount = truth["amount"].to_numpy()
        self.is_fraud = truth["is_fraud"].to_numpy()
        self.scenario = truth["scenario"].to_numpy()
        self.terminal = truth["terminal_id"].to_numpy()
        self.day = np.floor(_days(truth["time"].to_numpy(), world)).astype(int)
        self.edges = np.searchsorted(self.day, np.arange(world.days + 1))
        self.known = np.ceil(_days(unaided(world, truth), world)).astype(int)

    def rows(self, first: int, end: int) -> slice:
        """The rows of the days from `first` up to and without `end`; days before 0 are none."""
        return slice(*self.edges[[max(first, 0), max(end, 0)]])


def _days(moments: np.ndarray, world: World) -> np.ndarray:
    return (moments - world.first_day.astype("datetime64[us]")) / np.timedelta64(1, "D")
