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


def usual_jobs() -> int:
    """As many notebooks at once as there are cores, and as memory holds lessons."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, psutil.virtual_memory().available // LESSON_BYTES))
