"""Sums over windows of time, for each customer or terminal, without a loop.

Time is replaced by rank: event number r of all events in order of time. "Up to time t" is then
"rank below the number of events until t", a whole number whatever the unit of time. Group and rank
packed into one 64-bit number sort in one go, and a window is two binary searches in the result.
"""

import numpy as np

RANK_BITS = 32
RANK = (1 << RANK_BITS) - 1


class Clock:
    """Events in order of time, of ties in the order of `tie`.

    `order` holds the place of each event in the input; None if the input is in order already.
    """

    def __init__(self, time: np.ndarray, tie: np.ndarray):
        if tie.dtype == object:  # strings: their order is all that counts
            tie = np.unique(tie, return_inverse=True)[1]
        self.order = None if _in_order(time, tie) else np.lexsort((tie, time))
        self.time = time if self.order is None else time[self.order]

    def later(self, delay: np.timedelta64) -> "Clock":
        """The same events in the same order, each `delay` later."""
        clock = object.__new__(Clock)
        clock.order, clock.time = self.order, self.time + delay
        return clock

    def sort(self, values: np.ndarray) -> np.ndarray:
        """Values in the input's order, brought into the order of time."""
        return values if self.order is None else values[self.order]

    def until(self, moments: np.ndarray) -> np.ndarray:
        """How many events lie at or before each moment."""
        unit = np.result_type(self.time, moments)
        ticks, moments = self.time.astype(unit, copy=False), moments.astype(unit, copy=False)
        return np.searchsorted(ticks.view(np.int64), moments.view(np.int64), side="right")


def _in_order(time: np.ndarray, tie: np.ndarray) -> bool:
    later, same = time[1:] > time[:-1], time[1:] == time[:-1]
    return bool(np.all(later | (same & (tie[1:] > tie[:-1]))))


class Grouped:
    """Events of a clock, by group: `code` is each event's group in order of time."""

    def __init__(self, code: np.ndarray):
        key = code.astype(np.int64) << RANK_BITS
        key |= np.arange(len(code))
        key.sort()
        self.key = key

    @property
    def rank(self) -> np.ndarray:
        """Rank in time of each event, sorted by group and then by time."""
        return self.key & RANK

    def place(self, below: np.ndarray) -> np.ndarray:
        """For each query (group, rank) packed as a key: how many events sort before it."""
        return np.searchsorted(self.key, below)

    def queries(self, keys: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Keys of another grouping with their rank replaced by `until` (indexed by that rank)."""
        packed = until[keys & RANK]
        packed |= (keys >> RANK_BITS) << RANK_BITS
        return self.place(packed)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Running sums of whole numbers, in order of time, over the grouped order, from 0.

        They may wrap around: a difference of two is exact all the same.
        """
        total = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values[self.rank], dtype=np.int64, out=total[1:])
        return total
