"""Sums over windows of time, for each customer or terminal, without a loop.

Group and moment are packed into one whole number, so that the start of a window is one binary
search among the events sorted by group and time. Where moments are too fine or too many to fit
beside the group in 64 bits, their rank among the events stands for them: "at or before t" is then
"of a rank below the number of events until t".
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

RANK_BITS = 32
RANK = (1 << RANK_BITS) - 1
BLOCK = 1 << 16  # rows
ROOM = 1 << 62  # packed numbers stay below


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


def _in_order(time: np.ndarray, tie: np.ndarray) -> bool:
    later, same = time[1:] > time[:-1], time[1:] == time[:-1]
    return bool(np.all(later | (same & (tie[1:] > tie[:-1]))))


class Grouped:
    """Events by group and then time; `group` is given in order of time, whole numbers from 0.

    `rank` is each event's place in order of time, `group` its group.
    """

    def __init__(self, group: np.ndarray):
        key = group.astype(np.int64) << RANK_BITS
        key |= np.arange(len(group))
        key.sort()
        self.rank = (key & RANK).astype(np.uint32)
        self.group = (key >> RANK_BITS).astype(np.int32)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Running sums of whole numbers given in order of time, over the grouped order, from 0.

        They may wrap around: a difference of two is exact all the same.
        """
        total = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values[self.rank], dtype=np.int64, out=total[1:])
        return total


@dataclass(frozen=True)
class Block:
    """Some rows in grouped order: their stretch of it, place in the input, group and time."""

    stretch: slice
    place: np.ndarray
    group: np.ndarray
    time: np.ndarray


def blocks(clock: Clock, rows: Grouped) -> Iterator[Block]:
    """All rows, some at a time, so that what is worked out of them stays in the cache."""
    for start in range(0, len(rows.rank), BLOCK):
        stretch = slice(start, min(start + BLOCK, len(rows.rank)))
        rank = rows.rank[stretch]
        place = rank if clock.order is None else clock.order[rank]
        yield Block(stretch, place, rows.group[stretch], clock.time[rank])


class Timeline:
    """Counts a clock's events up to moments; `groups` is how many groups there are in all."""

    def __init__(self, clock: Clock, events: Grouped, groups: int):
        self._ticks = clock.time.view(np.int64)
        count = len(self._ticks)
        self._first, last = (int(self._ticks[0]), int(self._ticks[-1])) if count else (0, 0)
        self._span = last - self._first + 1
        self._by_rank = groups * self._span > ROOM
        if self._by_rank:
            self._span, number = count, events.rank
        else:
            number = self._ticks[events.rank] - self._first
        self._key = events.group * np.int64(self._span)
        self._key += number

    def until(self, groups: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """For each group and moment: all events of earlier groups, and its own up to the moment.

        Moments have the clock's unit. Fastest where groups, and in them moments, rise.
        """
        moments = moments.view(np.int64)
        if self._by_rank:
            number = np.searchsorted(self._ticks, moments, side="right") - 1
        else:
            number = moments - self._first
            np.clip(number, -1, self._span - 1, out=number)
        number += groups * np.int64(self._span)
        return np.searchsorted(self._key, number, side="right")
