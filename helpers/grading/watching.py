"""The watch over a running kernel: memory, processes and files, and an end above the limits."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from helpers.grading.ending import end_group
from helpers.grading.limits import Limits
from helpers.notebooks.memory import Peak

LOOK_EVERY = 0.1  # seconds between two looks at the kernel itself
FAMILY_EVERY = 5  # looks at the kernel to one at all that it has started


class Watch:
    """Looks after the kernel `pid`, whose files lie in `folder`, until it is told to stop.

    over: the limit that ended the kernel, in words.
    """

    def __init__(self, pid: int, folder: Path, limits: Limits) -> None:
        self.over, self._memory = "", Peak()
        self._kernel, self._folder, self._limits = psutil.Process(pid), folder, limits
        self._free = shutil.disk_usage(folder).free
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._memory.look([self._kernel])  # a short notebook may be through before the next look
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    @property
    def peak(self) -> int:
        """The most memory that the kernel and all that it started took, bytes."""
        return self._memory.bytes

    def end(self, why: str) -> None:
        """End the kernel and its group; the first reason is the one that is told."""
        self.over = self.over or why
        end_group(self._kernel.pid)

    def _look(self) -> None:
        looks = 0
        while not self._stopped.wait(LOOK_EVERY):
            family = [self._kernel]
            if looks % FAMILY_EVERY == 0:
                family = [process for process in _below() if process.is_running()]
            looks += 1
            why = self._too_much(family)
            if why:
                self.end(why)
                return

    def _too_much(self, family: list[psutil.Process]) -> str:
        limits = self._limits
        if self._memory.look(family) > limits.memory:
            return f"it took more than {limits.memory / 1e9:g} GB of memory"
        if len(family) > limits.processes:
            return f"it started more than {limits.processes} processes"
        # To measure a folder is slow, to ask for the free space is not; what others write only
        # makes it look more often.
        if self._fuller() and _size(self._folder) > limits.files:
            return f"it wrote more than {limits.files / 1e9:g} GB of files"
        return ""

    def _fuller(self) -> bool:
        """Whether the disk has lost so much that this notebook may have written too much."""
        with suppress(OSError):  # it may have deleted its own folder
            return self._free - shutil.disk_usage(self._folder).free > self._limits.files / 2
        return False


def _below() -> list[psutil.Process]:
    """All that runs below this process, which adopts what has lost its parent."""
    return psutil.Process().children(recursive=True)


def _size(folder: Path) -> float:
    begun, total = time.monotonic(), 0.0
    for entry in _entries(folder):
        with suppress(OSError):
            found = entry.stat(follow_symlinks=False)
            # What it takes, where the system says so, and not what a file with holes pretends.
            total += getattr(found, "st_blocks", found.st_size / 512) * 512
        if time.monotonic() - begun > 5:  # a million files are too many as well
            break
    return total


def _entries(folder: Path) -> Iterator[os.DirEntry]:
    places = [os.fspath(folder)]
    while places:
        with suppress(OSError), os.scandir(places.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    places.append(entry.path)
                yield entry
