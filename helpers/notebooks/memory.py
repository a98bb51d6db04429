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
    return highest(peak, family)


def highest(peak: int, family: list[psutil.Process]) -> int:
    """The peak, or what these processes take together now, if that is more. Bytes."""
    # What is shared counts once, as the machine counts it; to ask for that is slow, so first the
    # quick figure, which is never below it.
    if _sum(family, lambda process: process.memory_info().rss) <= peak:
        return peak
    return max(peak, _sum(family, _share))


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
