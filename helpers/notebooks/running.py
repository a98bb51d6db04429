"""Run a lesson from top to bottom, in a clean place, and see what it costs."""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
from nbformat import NotebookNode

from helpers.notebooks.memory import higher
from helpers.notebooks.stored import dumps, normalised, output_problems
from helpers.programs import uncoloured
from helpers.tools import tool
from helpers.workspace import python_path

CELL_SECONDS = 300
LOOK_EVERY = 0.1  # seconds between two looks at the memory


class LessonError(Exception):
    """A lesson that cannot be run or stored; the message says which cell and why."""


@dataclass
class Usage:
    """What a run took: wall time in seconds, and the peak memory of the kernel and its children
    together in bytes (each process's proportional share, so that shared pages count once).
    """

    seconds: float = 0.0
    peak: int = 0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.peak / 1e6:.0f} MB"


def run(path: Path) -> Usage:
    """Run a lesson and store it in its normal form, in one step or not at all.

    Raises LessonError where a tool is missing, a cell raises or an output shows this machine; the
    stored file is then as it was.
    """
    before = nbformat.read(path, as_version=4)
    lacking = missing_tools(before)
    if lacking:
        raise LessonError(f"{path.name} needs {', '.join(lacking)}, which this machine lacks.")
    nb, usage = execute(before, path.parent)
    nb = normalised(nb, before)
    faults = output_problems(nb)
    if faults:
        raise LessonError(f"{path.name} is left as it was:\n  " + "\n  ".join(faults))
    _write(path, dumps(nb))
    return usage


def measure(path: Path) -> Usage:
    """Run a lesson as it stands, store nothing, and say what it took."""
    return execute(nbformat.read(path, as_version=4), path.parent)[1]


def execute(nb: NotebookNode, folder: Path) -> tuple[NotebookNode, Usage]:
    """A copy of a notebook with the outputs of a fresh run in `folder`, and what the run took.

    The kernel is the running interpreter's and has an empty workspace of its own, so that no
    author's progress gets into an output. Raises LessonError at the first cell that raises.
    """
    from nbclient import NotebookClient

    nb = nbformat.from_dict(nb)
    with tempfile.TemporaryDirectory(prefix="two-loops-") as scratch:
        client = NotebookClient(
            nb,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
        )
        began = time.perf_counter()
        with client.setup_kernel(env=environment(scratch)), _watch(client) as usage:
            for number, cell in enumerate(nb.cells):
                _execute_cell(client, number, cell)
            usage.seconds = time.perf_counter() - began
    return nb, usage


def missing_tools(nb: NotebookNode) -> list[str]:
    """The tools that cells are tagged with, as in `needs-docker`, and that do not answer here."""
    tags = {tag for cell in nb.cells for tag in cell.metadata.get("tags", [])}
    tools = sorted(tag.removeprefix("needs-") for tag in tags if tag.startswith("needs-"))
    return [name for name in tools if not has_tool(name)]


def has_tool(command: str) -> bool:
    """Whether a program is here and, where the course knows how to ask it, says its version."""
    try:
        return tool(command).found_version() is not None
    except KeyError:
        return shutil.which(command, path=_path()) is not None


def _execute_cell(client, number: int, cell: NotebookNode) -> None:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        client.execute_cell(cell, number)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}\n{uncoloured(error.traceback)}"
    except CellTimeoutError:
        reason = f"it was still running after {CELL_SECONDS} s"
    except DeadKernelError:
        reason = "the kernel died, perhaps for want of memory"
    else:
        return
    raise LessonError(f"Cell {number} stopped the run: {reason}\n\nThe cell:\n{cell.source}")


def environment(scratch: str) -> dict[str, str]:
    """The variables of a lesson's run: it keeps its things in `scratch` and reports to nobody."""
    return os.environ | {
        "PATH": _path(),
        "PYTHONPATH": python_path(),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(Path(scratch, "ipython")),
        "TWO_LOOPS_WORKSPACE": str(Path(scratch, "workspace")),
        "DO_NOT_TRACK": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def _path() -> str:
    """PATH with the running interpreter's folder first: its tools are the ones of the lock."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@contextmanager
def _watch(client) -> Iterator[Usage]:
    usage, ended = Usage(), threading.Event()
    kernel = psutil.Process(client.km.provisioner.process.pid)

    def look() -> None:
        while not ended.wait(LOOK_EVERY):
            usage.peak = higher(usage.peak, kernel)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield usage
    finally:
        ended.set()
        watcher.join()
        usage.peak = higher(usage.peak, kernel)


def _write(path: Path, text: str) -> None:
    """Put the text in place in one step, so that a stop in the middle leaves the old file."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
