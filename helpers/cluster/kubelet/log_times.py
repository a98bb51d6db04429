"""When each line of a log was written.

A container writes straight into its file, with nothing between that could look at a clock. So the
file's size and the moment of its last change are noted ten times a second: a line is as old as the
first note of a file that held all of it.
"""

from __future__ import annotations

import asyncio
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path

LOOK = 0.1  # seconds between two looks
MOST = 4096  # notes of one file; then every second of the older half is forgotten


class Times:
    """Notes of one file: its size in bytes, and when it had grown to that, in Unix seconds."""

    def __init__(self) -> None:
        self._sizes, self._moments = array("q"), array("d")

    def look(self, path: Path) -> None:
        """Note what the file is now. Raises OSError where it is gone."""
        found = os.stat(path)
        if found.st_size > (self._sizes[-1] if self._sizes else 0):
            self._sizes.append(found.st_size)
            self._moments.append(found.st_mtime)
        if len(self._sizes) > MOST:
            del self._sizes[: MOST // 2 : 2], self._moments[: MOST // 2 : 2]

    def of(self, end: int) -> float:
        """When the byte before `end` was written."""
        place = bisect_left(self._sizes, end)
        return self._moments[min(place, len(self._moments) - 1)]


class LogTimes:
    """Notes of all logs there are."""

    def __init__(self) -> None:
        self._times: dict[Path, Times] = {}

    async def run(self, growing: Callable[[], Iterable[Path]]) -> None:
        """Look at the logs that grow, until cancelled; forget those that are gone."""
        while True:
            for path in {*growing(), *self._times}:
                self.of(path)
            await asyncio.sleep(LOOK)

    def of(self, path: Path) -> Times:
        """The notes of one log, up to now."""
        times = self._times.setdefault(path, Times())
        try:
            times.look(path)
        except OSError:
            self._times.pop(path, None)
        return times
