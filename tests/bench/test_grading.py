"""Thirty submissions of one lesson, graded, beside the same thirty run bare on all cores.

Bare: nbclient alone, as many processes as cores, each with nbclient imported once and its kernels
one after the other; no limits, no questions, no report. In turns, so that a busy machine meets
both. LESSON=22 takes another lesson, SUBMISSIONS=60 another number of them.
"""

import os
import resource
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
import pytest

from helpers.grading.folder import grade_folder
from helpers.grading.settings import Settings, usual_jobs
from helpers.notebooks import named, with_solutions

LESSON = os.environ.get("LESSON", "21")
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", 30))
ROUNDS = int(os.environ.get("ROUNDS", 1))
MOST = 1.2  # times the seconds of the bare run


def bare(path: Path) -> None:
    """Run one notebook with nbclient and nothing else."""
    from nbclient import NotebookClient

    nb = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as scratch:
        env = os.environ | {"TWO_LOOPS_WORKSPACE": scratch}
        client = NotebookClient(nb, timeout=300, resources={"metadata": {"path": scratch}})
        client.execute(env=env)


def run_bare(root: Path) -> None:
    with ProcessPoolExecutor(usual_jobs()) as pool:
        list(pool.map(bare, sorted(root.rglob("*.ipynb"))))


def run_graded(root: Path) -> None:
    into = Path(tempfile.mkdtemp(dir=root.parent))
    done = grade_folder(root, Settings(into=into, jobs=usual_jobs()))
    states = {verdict.state for one in done for verdict in one.graded.verdicts}
    assert states == {"solved"} and len(done) == SUBMISSIONS


def cpu_seconds() -> float:
    """What this process and all of its children that have ended took of the processors."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@pytest.fixture
def room(tmp_path):
    path = named([LESSON])[0]
    solved = with_solutions(nbformat.read(path, as_version=4))
    for number in range(SUBMISSIONS):
        folder = tmp_path / "room" / f"learner {number:02}"
        folder.mkdir(parents=True)
        nbformat.write(solved, folder / path.name)
    yield tmp_path / "room"
    shutil.rmtree(tmp_path)


def test_thirty_graded_are_at_most_a_fifth_slower_than_bare(benchmark, room, capsys):
    spent = {run_bare: [], run_graded: []}

    def both():
        for run, rounds in spent.items():
            begun, used = time.perf_counter(), cpu_seconds()
            run(room)
            rounds.append((time.perf_counter() - begun, cpu_seconds() - used))

    benchmark.pedantic(both, rounds=ROUNDS, iterations=1)
    bare_seconds, graded_seconds = (
        statistics.median(r[0] for r in rounds) for rounds in spent.values()
    )
    bare_cpu, graded_cpu = (statistics.median(r[1] for r in rounds) for rounds in spent.values())
    figures = {
        "lesson": LESSON,
        "submissions": SUBMISSIONS,
        "at once": usual_jobs(),
        "bare seconds": round(bare_seconds, 1),
        "graded seconds": round(graded_seconds, 1),
        "graded / bare": round(graded_seconds / bare_seconds, 3),
        "CPU seconds, bare": round(bare_cpu, 1),
        "CPU seconds, graded": round(graded_cpu, 1),
        "CPU, graded / bare": round(graded_cpu / bare_cpu, 3),
    }
    benchmark.extra_info |= figures
    with capsys.disabled():
        print(f"\n{figures}")
    assert graded_seconds < MOST * bare_seconds
