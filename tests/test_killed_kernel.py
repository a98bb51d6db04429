"""A kernel killed at any cell leaves no process and no port, and the lesson runs again after it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import time
import uuid

import nbformat
import psutil
import pytest

from helpers.lesson import progress
from helpers.notebooks import lessons, named
from helpers.workspace import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
MARK = "TWO_LOOPS_KILL_TEST"


def code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [c.source for c in cells if c.cell_type == "code" and c.source.strip()]


def starts_a_program(source):
    words = ("Server(", "serve", "mlflow", "run(", "on_push(", "run_jenkinsfile(")
    return any(word in source for word in words)


SAMPLE = ("11", "16", "22")  # git alone, servers with Prometheus, no program at all


def sample():
    """For three lessons one cell: the last that starts a program, or the middle one."""
    for path in named(SAMPLE):
        cells = code_cells(path)
        starting = [n for n, source in enumerate(cells) if starts_a_program(source)]
        yield pytest.param(path, starting[-1] if starting else len(cells) // 2, id=path.stem[:2])


def every_cell():
    for path in lessons():
        for n in range(len(code_cells(path))):
            yield pytest.param(path, n, id=f"{path.stem[:2]}-{n}")


def left_over(mark):
    """Processes that were started with our mark in their environment and still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def killed_in(path, place, moment=0.4):
    """Run a lesson up to the cell at `place`, kill the kernel in it, and give what is left."""
    from jupyter_client import KernelManager

    mark = uuid.uuid4().hex
    manager = KernelManager(kernel_name="python3")
    env = {**os.environ, MARK: mark, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    manager.start_kernel(cwd=str(ROOT / "notebooks"), env=env)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        cells = code_cells(path)
        for source in cells[:place]:
            client.execute(source)
            client.get_shell_msg(timeout=120)
        client.execute(cells[place])
        with contextlib.suppress(queue.Empty):  # in the middle of the cell, as meant
            client.get_shell_msg(timeout=moment)
        family = left_over(mark)
        kernel = manager.provisioner.process
        os.kill(kernel.pid, signal.SIGKILL)
        kernel.wait(10)
    finally:
        client.stop_channels()
    until = time.monotonic() + 15
    while (left := left_over(mark)) and time.monotonic() < until:
        time.sleep(0.1)
    manager.cleanup_resources()
    assert family, "the kernel itself should have been seen"
    return left


def check_kill(path, place):
    progress.record("00.1", "right")
    left = killed_in(path, place)
    try:
        assert [" ".join(process.cmdline()) for process in left] == []
    finally:
        for process in left:
            process.kill()
    assert progress.exercise("00.1")["state"] == "right"


@pytest.mark.parametrize(("path", "place"), list(sample()))
def test_a_kernel_killed_in_one_cell_leaves_nothing(path, place):
    check_kill(path, place)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "place"), list(every_cell()))
def test_a_kernel_killed_in_any_cell_leaves_nothing(path, place):
    check_kill(path, place)
