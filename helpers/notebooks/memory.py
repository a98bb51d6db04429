"""What a kernel and all that it started take of the memory, as the machine counts it."""

from collections.abc import Callable
from contextlib import suppress

import psutil


def higher(peak: int, kernel: psutil.Process) -> int:
    """The peak, or what the kernel and its children take now, if that is more. Bytes."""
    try:
        family = [kernel, *kernel.children(recursive=True)]
    except psutil.NoSuchProcess:
        return peak
    # What is shared counts once, as the machine counts it; to ask for that is slow, so first the
    # quick figure, which is never below it.
    if _sum(family, _resident) <= peak:
        return peak
    return max(peak, _sum(family, _share))


class Peak:
    """The most memory that processes took together at any look, in bytes, to 2 %."""

    def __init__(self) -> None:
        self.bytes = 0
        self._resident = 0.0

    def look(self, family: list[psutil.Process]) -> int:
        """Look at the processes, and give the peak so far."""
        resident = _sum(family, _resident)
        if resident > 1.02 * self._resident:  # to ask for the shares takes as long as a cell
            self._resident = resident
            self.bytes = max(self.bytes, _sum(family, _share))
        return self.bytes


def _resident(process: psutil.Process) -> int:
    return process.memory_info().rss


def _share(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        return process.memory_info().rss
    return getattr(memory, "pss", memory.uss)


def _sum(family: list[psutil.Process], of: Callable[[psutil.Process], int]) -> int:
    total = 0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            total += of(process)
    return total
