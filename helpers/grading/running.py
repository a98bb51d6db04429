"""One notebook, run and asked: each cell once, and the grader's question after an exercise."""

from __future__ import annotations

import json
import os
import secrets
import time
import uuid
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.grading.asking import Check, checks, exercises_named
from helpers.grading.client import Client
from helpers.grading.ending import MARK, end_below, end_group, end_marked
from helpers.grading.limits import Limits
from helpers.grading.surroundings import surroundings
from helpers.grading.verdicts import STATES, Verdict
from helpers.grading.watching import Watch
from helpers.lesson import progress

STILL_RUNNING = "still running"
# After these none of the cell has run, so that what an answer's name stands for is not theirs.
_NOTHING_RAN = {"SyntaxError", "IndentationError", "TabError", STILL_RUNNING}


class TimeUp(Exception):
    """The notebook as a whole has taken its time."""


@dataclass(frozen=True)
class Task:
    """A notebook of a lesson and how to run it.

    personal: the lesson's exercises, and of each whether it is asked on the learner's own data.
    seed: of these data, from their progress file where there is one.
    fonts: where Matplotlib keeps its list of fonts. threads: its share of the cores.
    """

    nb: NotebookNode
    lesson: str
    personal: dict[str, bool]
    limits: Limits
    seed: int
    fonts: Path
    threads: int


@dataclass
class Run:
    """One go through a notebook.

    found: the verdicts on each exercise. changed: what it altered in the exercises' own modules.
    stopped: the cells that took too long. asked: the solutions it called for. ended: why it went no
    further; fatal: the cell that ended the kernel. peak: memory, bytes.
    """

    found: dict[str, list[Verdict]] = field(default_factory=lambda: defaultdict(list))
    changed: set[str] = field(default_factory=set)
    stopped: set[int] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    ended: str = ""
    fatal: int | None = None
    peak: int = 0


async def run_once(task: Task, folder: Path, seconds: float, left_out: set[int]) -> Run:
    """Run a notebook in a kernel of its own, without the cells `left_out`.

    folder: a new folder; all that the notebook can write lies in it. Nothing is left running.
    """
    run, mark, inside = Run(), uuid.uuid4().hex, folder / "in"
    env = surroundings(inside, task.fonts, task.threads) | {MARK: mark}
    workspace = Path(env["TWO_LOOPS_WORKSPACE"])
    _begin(workspace, task.seed)
    client = Client(task.nb, folder, _settings(task, inside))
    try:
        pid = await client.start(inside / "notebooks", env)
        with Watch(pid, inside, task.limits) as watch:
            try:
                await _go_through(client, task, run, time.monotonic() + seconds, left_out)
            except TimeUp as error:
                run.ended, run.fatal = str(error), None
            except DeadKernelError as error:
                run.ended = watch.over or client.why(error)
            end_group(pid)
        run.peak = watch.peak
    except DeadKernelError as error:
        run.ended = client.why(error)
    finally:
        end_below()
        end_marked(mark)
        client.stop()
    run.asked = _asked(workspace)
    return run


async def _go_through(
    client: Client, task: Task, run: Run, until: float, left_out: set[int]
) -> None:
    for place, cell in enumerate(task.nb.cells):
        if cell.cell_type != "code" or place in left_out:
            continue
        run.fatal, left = place, until - time.monotonic()
        if left < 1:
            raise TimeUp(f"the time was up: {task.limits.seconds:g} s (--seconds gives more)")
        most, there = min(left, task.limits.cell_seconds), checks(cell)  # before outputs go
        try:
            error = await client.run(place, most)
        except CellTimeoutError:
            error = (STILL_RUNNING, f"After {most:.0f} s its cell was stopped.")
            run.stopped.add(place)
        for id in exercises_named(cell):
            if id in task.personal:
                run.found[id].append(await _judge(client, task, run, id, there, error))
    run.fatal = None


async def _judge(
    client: Client, task: Task, run: Run, id: str, there: list[Check], error: tuple | None
) -> Verdict:
    name, text = error or ("", "")
    check = next((one for one in there if one.exercise == id), None)
    if check is None or name in _NOTHING_RAN:
        name = name or "SyntaxError"
        said = name if name == STILL_RUNNING else f"raised {name}"
        return Verdict(id, "wrong", said, text)
    question = {
        "id": id,
        "answer": check.answer,
        "order": check.order,
        "seed": task.seed if task.personal[id] else secrets.randbits(32),
    }
    try:
        found = await client.ask(question, task.limits.cell_seconds)
    except CellTimeoutError as late:
        return Verdict(id, "wrong", STILL_RUNNING, f"{late}.")
    run.changed |= set(found["changed"])
    state = STATES[found["state"]]
    if error and state != "solved":  # the cell's own error says more than what it left behind
        return Verdict(id, "wrong", f"raised {name}", f"{name}: {text}")
    return Verdict(id, state, found["mistake"] or "", found["message"] if state == "wrong" else "")


def _settings(task: Task, inside: Path) -> dict[str, object]:
    return {
        "lesson": task.lesson,
        "folder": str(inside),
        "largest_file": task.limits.files,
        "shown": task.limits.shown,
        "run_by": os.getpid(),
    }


def _begin(workspace: Path, seed: int) -> None:
    workspace.mkdir(parents=True)
    text = json.dumps(progress.empty() | {"seed": seed})
    (workspace / "progress.json").write_text(text, encoding="utf-8")


def _asked(workspace: Path) -> set[str]:
    """The solutions that were asked for while the notebook ran, under whatever name."""
    with suppress(OSError, ValueError, RecursionError, AttributeError):
        state = progress.parse((workspace / "progress.json").read_text(encoding="utf-8"))
        return {id for id, entry in state["exercises"].items() if entry.get("solution")}
    return set()
