"""Starting a grader's worker for one submission, and reading what it found."""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path

from helpers.exercises import lesson
from helpers.grading.ending import remove
from helpers.grading.limits import Limits
from helpers.grading.submissions import Submission
from helpers.grading.verdicts import Graded, Verdict
from helpers.programs import Server

_BESIDE = 180  # seconds that a worker may take beyond the notebook's own


class Stopped(Exception):
    """The grading was stopped before this submission was done."""


def grade_in_a_process(
    one: Submission,
    limits: Limits,
    seed: int | None,
    fonts: Path,
    threads: int,
    stop: threading.Event,
) -> Graded:
    """Grade a submission in a process of its own; it and all it started end with this one.

    seed: of the learner's own data, where a progress file says it. fonts, threads: see
    `surroundings`. Raises Stopped once `stop` is set.
    """
    folder = Path(tempfile.mkdtemp(prefix="two-loops-"))
    try:
        (folder / "notebook.ipynb").write_bytes(one.content)
        told = {
            "lesson": one.lesson,
            "personal": {each.id: each.trial.personal for each in lesson(one.lesson).exercises},
            "limits": asdict(limits),
            "seed": secrets.randbits(31) if seed is None else seed,
            "fonts": str(fonts),
            "threads": threads,
        }
        (folder / "task.json").write_text(json.dumps(told), encoding="utf-8")
        return _worked(folder, limits.seconds + _BESIDE, stop)
    finally:
        remove(folder)


def _worked(folder: Path, seconds: float, stop: threading.Event) -> Graded:
    until, log = time.monotonic() + seconds, folder / "log.txt"
    command = (sys.executable, "-m", "helpers.grading.worker", folder)
    with Server(*command, log=log, quiet=True) as worker:
        while worker.running and time.monotonic() < until:
            if stop.wait(0.05):
                raise Stopped
    found = folder / "graded.json"
    if not found.exists():
        last = (worker.tail(1) if log.exists() else "") or "it left no word"
        return Graded(ended=f"the grader's own process ended: {last}")
    return graded_from(found.read_text(encoding="utf-8"))


def graded_from(text: str) -> Graded:
    """What a worker has written. Raises ValueError, TypeError or KeyError for anything else."""
    state = json.loads(text)
    state["verdicts"] = [Verdict(**one) for one in state["verdicts"]]
    return Graded(**state)
