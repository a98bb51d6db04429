"""Events of one customer or one terminal in order of time, with running sums beside them."""

from __future__ import annotations

from array import array
from bisect import bisect_right

FEW = 32  # so many old events may lie about before they are cleared away


class Timeline:
    """Moments and amounts; the number and sum of those in a stretch of time by two searches.

    times rise; of equal times the ids rise. totals[i] is the sum of the first i amounts and of all
    that was cleared away before. Looking costs O(log n) and so does adding at the end.
    """

    __slots__ = ("ids", "times", "totals")

    def __init__(self) -> None:
        self.times, self.ids, self.totals = array("q"), array("q"), array("q", (0,))

    def place(self, time: int, id: int) -> int:
        """How many events come before (time, id), or are it."""
        times, ids = self.times, self.ids
        place = bisect_right(times, time)
        while place and times[place - 1] == time and ids[place - 1] > id:
            place -= 1
        return place

    def has(self, place: int, time: int, id: int) -> bool:
        """Whether the last event before `place` is this very one."""
        return place > 0 and self.times[place - 1] == time and self.ids[place - 1] == id

    def add(self, time: int, id: int, amount: int) -> bool:
        """Put an event in its place; False, and nothing changes, where it is there already."""
        place = self.place(time, id)
        if self.has(place, time, id):
            return False
        self.times.insert(place, time)
        self.ids.insert(place, id)
        totals = self.totals
        totals.insert(place + 1, totals[place] + amount)
        for later in range(place + 2, len(totals)):
            totals[later] += amount
        return True

    def forget(self, until: int) -> None:
        """Clear away what happened at `until` or before, once it is worth the move."""
        if not self.times or self.times[0] > until:
            return
        old = bisect_right(self.times, until)
        if old > FEW or old == len(self.times):
            del self.times[:old], self.ids[:old], self.totals[:old]
