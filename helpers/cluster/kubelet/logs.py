"""What a container wrote: one file for each of its runs, of which the last two are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

POLL = 0.05  # seconds between looks at a file that may grow
CHUNK = 1 << 16


@dataclass(frozen=True)
class Log:
    """The output of one run. ended: whether nothing will be added to it."""

    path: Path
    ended: Callable[[], bool]

    def read(self, tail: int | None = None) -> bytes:
        """All of it, or its last `tail` lines."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return data if tail is None else last_lines(data, tail)

    async def follow(self, tail: int | None = None) -> AsyncIterator[bytes]:
        """What is there (or its last `tail` lines), then what is added, until the run has ended."""
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:  # stays readable when the pod's folder is deleted
            data = file.read()
            yield data if tail is None else last_lines(data, tail)
            while True:
                ended = self.ended()  # asked before reading, so that the last words are not missed
                while more := file.read(CHUNK):
                    yield more
                if ended:
                    return
                await asyncio.sleep(POLL)


def last_lines(data: bytes, number: int) -> bytes:
    """The last lines of a text."""
    return b"".join(data.splitlines(keepends=True)[-number:]) if number else b""
