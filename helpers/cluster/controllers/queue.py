"""One queue of work for all controllers: which object wants to be looked at again, and when.

A key names a controller and an object. However often a key is added before its turn, it is worked
on once: a controller reads the state as it is by then and never the change that woke it. A key
whose work failed comes back, after a pause that doubles.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
from collections.abc import Callable
from typing import NamedTuple

from ..times import now

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 30.0  # seconds before a failed key is tried again


class Key(NamedTuple):
    """The controller that shall look, and the object that it shall look at."""

    controller: str
    namespace: str
    name: str


class WorkQueue:
    """Keys in the order in which they were added, each at most once, and those due later."""

    def __init__(self, work: Callable[[Key], None]) -> None:
        """work: looks at one key; what it raises is logged, and the key is tried again."""
        self._work = work
        self._ready: dict[Key, None] = {}  # a dict keeps the order and knows each key once
        self._later: list[tuple[float, int, Key]] = []
        self._number = itertools.count()
        self._failures: dict[Key, int] = {}
        self._wake = asyncio.Event()

    def add(self, key: Key) -> None:
        """Look at it soon."""
        self._ready.setdefault(key)
        self._wake.set()

    def add_after(self, key: Key, seconds: float) -> None:
        """Look at it after some seconds."""
        due = now().timestamp() + seconds
        heapq.heappush(self._later, (due, next(self._number), key))
        self._wake.set()

    def run_due(self) -> int:
        """Work on all that is due, also on what comes up meanwhile, and say how many it was."""
        done = 0
        while key := self._next():
            self._one(key)
            done += 1
        return done

    async def run(self) -> None:
        """Work for ever, a turn at a time, so that others on the loop get theirs."""
        while True:
            self._wake.clear()
            while key := self._next():
                self._one(key)
                await asyncio.sleep(0)
            await self._sleep()

    def _next(self) -> Key | None:
        moment = now().timestamp()
        while self._later and self._later[0][0] <= moment:
            self._ready.setdefault(heapq.heappop(self._later)[2])
        key = next(iter(self._ready), None)
        if key:
            del self._ready[key]
        return key

    def _one(self, key: Key) -> None:
        try:
            self._work(key)
        except Exception as error:  # one object's fault must not stop the work on all others
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            log.warning("%s %s/%s: %r", *key, error, exc_info=failures == 1)
            self.add_after(key, min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))
        else:
            self._failures.pop(key, None)

    async def _sleep(self) -> None:
        wait = self._later[0][0] - now().timestamp() if self._later else None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), wait if wait is None else max(wait, 0))
