"""What a container wrote: one file for each of its runs, of which the last two are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from .log_times import Times

POLL = 0.05  # seconds between looks at a file that may grow
CHUNK = 1 << 16


@dataclass(frozen=True)
class Wanted:
    """Which part of a log, and how. tail: so many lines of its end. since: Unix seconds, before
    which lines are left out. timestamps: each line begins with its moment. limit: bytes at most.
    """

    tail: int | None = None
    since: float | None = None
    timestamps: bool = False
    limit: int | None = None

    @property
    def asks_for_times(self) -> bool:
        """Whether it has to be known when a line was written."""
        return self.timestamps or self.since is not None


ALL = Wanted()


@dataclass(frozen=True)
class Log:
    """The output of one run. ended: whether nothing will be added to it. times: gives the moments
    at which it has grown.
    """

    path: Path
    ended: Callable[[], bool]
    times: Callable[[], Times] = field(default=Times)

    def read(self, wanted: Wanted = ALL) -> bytes:
        """All of it, or what is wanted of it."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return self._shown(data, 0, wanted)[: wanted.limit]

    async def follow(self, wanted: Wanted = ALL) -> AsyncIterator[bytes]:
        """What `read` gives, then what is added, until the run has ended."""
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:  # stays readable when the pod's folder is deleted
            rest, place, tail, left = b"", 0, wanted.tail, wanted.limit
            while True:
                ended = self.ended()  # asked before reading, so that the last words are not missed
                data = rest + file.read()
                whole = len(data) if ended or not wanted.asks_for_times else data.rfind(b"\n") + 1
                now = Wanted(tail, wanted.since, wanted.timestamps)
                shown, rest = self._shown(data[:whole], place, now)[:left], data[whole:]
                place, tail = place + whole, None
                left = None if left is None else left - len(shown)
                if shown:
                    yield shown
                if ended or left == 0:
                    return
                await asyncio.sleep(POLL)

    def _shown(self, data: bytes, place: int, wanted: Wanted) -> bytes:
        """A part of the file that begins at `place`, as it is wanted."""
        if wanted.asks_for_times and data:
            data = self._timed(data, place, wanted)
        return data if wanted.tail is None else last_lines(data, wanted.tail)

    def _timed(self, data: bytes, place: int, wanted: Wanted) -> bytes:
        times, shown = self.times(), []
        for line in data.splitlines(keepends=True):
            place += len(line)
            moment = times.of(place)
            if wanted.since is None or moment >= wanted.since:
                shown.append(_stamp(moment) + line if wanted.timestamps else line)
        return b"".join(shown)


def last_lines(data: bytes, number: int) -> bytes:
    """The last lines of a text."""
    return b"".join(data.splitlines(keepends=True)[-number:]) if number else b""


def _stamp(moment: float) -> bytes:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S.%f}000Z ".encode()
