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
        if tail is None:
            return data
        return b"".join(data.splitlines(keepends=True)[-tail:]) if tail else b""

    async def follow(self, tail: int | None = None) -> AsyncIterator[bytes]:
        """What is there, then what is added, until the run has ended."""
        data = self.read()
        yield self.read(tail) if tail is not None else data
        at = len(data)
        while True:
            ended = self.ended()  # asked before reading, so that the last words are not missed
            if self.path.exists():
                with open(self.path, "rb") as file:
                    file.seek(at)
                    while more := file.read(CHUNK):
                        at += len(more)
                        yield more
            if ended:
                return
            await asyncio.sleep(POLL)
