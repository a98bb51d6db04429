"""What one notebook may use: twice what the course's own lessons keep to."""

from __future__ import annotations

from dataclasses import dataclass

LESSON_SECONDS = 90.0
LESSON_BYTES = 1_000_000_000
LARGE, LARGE_BYTES = {"31", "41"}, 1_500_000_000  # TensorFlow, and a cluster
TIMES = 2


@dataclass(frozen=True)
class Limits:
    """What a notebook may use; its kernel and all that this starts count together.

    seconds: for the whole notebook, by the clock. memory, files: bytes in memory, on the disk.
    processes: how many at once. shown: characters that a cell may print.
    """

    seconds: float
    memory: int
    files: int = 2_000_000_000
    processes: int = 200
    shown: int = 1_000_000

    @property
    def cell_seconds(self) -> float:
        """What one cell may take, so that a loop without an end leaves time for the others."""
        return self.seconds / 3


def limits_of(lesson: str, seconds: float | None = None, memory: int | None = None) -> Limits:
    """The limits of a lesson; `seconds` and `memory` (bytes) take the place of its own."""
    usual = LARGE_BYTES if lesson in LARGE else LESSON_BYTES
    return Limits(seconds or TIMES * LESSON_SECONDS, memory or TIMES * usual)
