"""How a folder is graded: what the command line says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.grading.limits import LESSON_BYTES


@dataclass(frozen=True)
class Settings:
    """How a folder is graded.

    into: where results are written. jobs: notebooks at once. seconds, memory (bytes): limits of a
    notebook, in place of its lesson's own. again: run also what has been run before.
    """

    into: Path
    jobs: int
    seconds: float | None = None
    memory: int | None = None
    again: bool = False


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def usual_jobs() -> int:
    """As many notebooks at once as there are cores, and as memory holds lessons."""
    return max(1, min(cores(), psutil.virtual_memory().available // LESSON_BYTES))
