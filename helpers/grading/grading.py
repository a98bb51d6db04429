"""From one or several runs of a notebook to what is said of it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import nbformat

from helpers.grading.asking import (
    exercises_named,
    lines_that_read_the_exercises,
    solutions_asked,
)
from helpers.grading.ending import remove
from helpers.grading.running import Run, Task, run_once
from helpers.grading.verdicts import Graded, Verdict, best
from helpers.notebooks.lessons import named

RUNS = 3  # a cell that ends the kernel is left out of the next run, so that the rest is graded


async def grade(task: Task, folder: Path) -> Graded:
    """Run a notebook and try its answers.

    folder: where it may write; what it wrote is removed again.
    """
    begun, runs, left_out = time.monotonic(), [], {}
    while len(runs) < RUNS:
        place = folder / f"run {len(runs) + 1}"
        left = task.limits.seconds - (time.monotonic() - begun)
        runs.append(await run_once(task, place, left, set(left_out)))
        remove(place)
        if runs[-1].fatal is None:
            break
        left_out[runs[-1].fatal] = runs[-1].ended
    return Graded(
        verdicts=_verdicts(task, runs),
        seconds=round(time.monotonic() - begun, 1),
        memory=max(run.peak for run in runs),
        notes=_notes(task, runs),
        ended=runs[-1].ended,
        stopped=any(run.stopped for run in runs),
    )


def _verdicts(task: Task, runs: list[Run]) -> list[Verdict]:
    asked = solutions_asked(task.nb).union(*(run.asked for run in runs))
    return [replace(best(_seen(task, runs, id)), asked=id in asked) for id in task.personal]


def _seen(task: Task, runs: list[Run], id: str) -> list[Verdict]:
    cells = {
        place: exercises_named(cell)
        for place, cell in enumerate(task.nb.cells)
        if cell.cell_type == "code"
    }
    if not any(id in named for named in cells.values()):
        return [Verdict(id, "not there", message="The notebook has no check of it any more.")]
    seen = [Verdict(id, "not reached", message=_sentence(runs[-1].ended))]
    for run in runs:
        seen += run.found.get(id, [])
        if run.fatal is not None and id in cells[run.fatal]:
            seen.append(Verdict(id, "wrong", "ended the kernel", _sentence(run.ended)))
    return seen


def _notes(task: Task, runs: list[Run]) -> list[str]:
    notes = []
    for run in runs:
        if run.fatal is not None:
            rest = "the run ended there" if run is runs[-1] else "the rest was run without it"
            notes.append(f"Cell {run.fatal + 1}: {run.ended}; {rest}.")
        elif run.ended:
            notes.append(_sentence(run.ended))
    for place in sorted(set().union(*(run.stopped for run in runs))):
        notes.append(f"Cell {place + 1} was stopped: it took too long.")
    changed = sorted(set().union(*(run.changed for run in runs)))
    if changed:
        notes.append(f"It changes the course's own checks ({', '.join(changed[:3])}).")
    if _reads_the_exercises(task):
        notes.append("It reads helpers.exercises, where the solutions are.")
    return notes


def _reads_the_exercises(task: Task) -> bool:
    """Whether it reads them where the lesson itself does not, as 43 does."""
    lines = lines_that_read_the_exercises(task.nb)
    if lines:
        lesson = nbformat.read(named([task.lesson])[0], as_version=4)
        lines -= lines_that_read_the_exercises(lesson)
    return bool(lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "." if text else ""
