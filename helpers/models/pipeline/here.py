"""Run the pipeline on this machine: Kubeflow's local runner, and its log read into a table."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.models.page import give_back_memory
from helpers.models.tracking import DATABASE
from helpers.programs import run, uncoloured
from helpers.workspace import python_path, workspace

from .definition import pipeline

STEPS = ("ingest", "validate", "features", "train", "gate", "register")
_ENDED = re.compile(r"Task '([\w-]+)' finished with status (\w+)")


@dataclass(frozen=True)
class Step:
    """One step of a run: finished, failed or not started; the reason where it failed."""

    name: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class Ran:
    """A run that has ended. Its folder keeps the log, and what each finished step made.

    version: the model's number in the registry, None where no model was registered. seconds: by
    the clock.
    """

    steps: tuple[Step, ...]
    folder: Path
    version: int | None
    seconds: float

    @property
    def finished(self) -> bool:
        """Whether every step finished."""
        return all(step.state == "finished" for step in self.steps)

    @property
    def failed(self) -> Step | None:
        """The step that failed, or None."""
        return next((step for step in self.steps if step.state == "failed"), None)

    def table(self) -> pd.DataFrame:
        """A row for each step: state and reason; the index is its name."""
        rows = {step.name: (step.state, step.reason) for step in self.steps}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["state", "reason"])

    def made(self, step: str, output: str) -> Path:
        """The file that a step made. Raises FileNotFoundError that names those there are."""
        path = self.folder / step / output
        if not path.is_file():
            there = ", ".join(f"{one.parent.name}/{one.name}" for one in self.files()) or "nothing"
            raise FileNotFoundError(f"there is no {step}/{output}; this run made: {there}")
        return path

    def files(self) -> list[Path]:
        """All that the run's steps made."""
        outputs = self.folder.glob("*/*")
        return sorted(one for one in outputs if one.is_file() and one.suffix != ".json")

    def __str__(self) -> str:
        return "\n".join(
            f"{step.name:<9} {step.state}{': ' if step.reason else ''}{step.reason}"
            for step in self.steps
        )

    __repr__ = __str__


def run_here(source: str | Path, registry: str, root: Path | None = None, **parameters: Any) -> Ran:
    """Run the pipeline on this machine, each step as a process of its own, and tell how it went.

    source: the folder of a delivery. registry: MLflow's tracking URI. root: where runs are kept,
    else the workspace. parameters: train_days, trees, bounds. A step that fails stops the rest; it
    raises nothing here, and the reason stands in the step.
    """
    from kfp import local

    give_back_memory()  # the steps run beside the kernel
    root = root or workspace("pipeline")
    before = set(root.glob("*"))
    local.init(local.SubprocessRunner(use_venv=False), str(root), raise_on_error=True)
    given = {"source": str(source), "registry": registry, **parameters}
    heard, begun, outputs = io.StringIO(), time.monotonic(), {}
    # What kfp raises says no more than that a step failed; its log says which, and why.
    quiet = contextlib.suppress(RuntimeError)
    with contextlib.redirect_stdout(heard), _course_importable(), _python_quoted(), quiet:
        outputs = pipeline()(**given).outputs
    log = uncoloured(heard.getvalue())
    steps = read_log(log)
    # A step that could not even be started has made no folder.
    made = set(root.glob("*")) - before or {Path(tempfile.mkdtemp(prefix="unstarted-", dir=root))}
    (folder,) = made
    (folder / "log.txt").write_text(log, encoding="utf-8")
    version = outputs.get("Output")
    return Ran(steps, folder, version and int(version), time.monotonic() - begun)


def empty_registry(lesson: str) -> str:
    """A new registry without a model, in the workspace; gives its tracking URI.

    It is made by a process of its own, for MLflow would stay in this one's memory.
    """
    give_back_memory()
    folder = Path(tempfile.mkdtemp(prefix=f"{lesson}-", dir=workspace("registries")))
    make = "import sys; from helpers.models.tracking import open_store; open_store(*sys.argv[1:])"
    with _course_importable():
        run(sys.executable, "-c", make, "registries", folder.name, limit=120, quiet=True)
    return f"sqlite:///{(folder / DATABASE).as_posix()}"


def read_log(log: str) -> tuple[Step, ...]:
    """The steps' states out of the text that Kubeflow's local runner prints."""
    ended: Mapping[str, str] = dict(_ENDED.findall(log))
    return tuple(
        Step(name, "finished")
        if ended.get(name) == "SUCCESS"
        else Step(name, "failed", _reason(log))
        if name in ended
        else Step(name, "not started")
        for name in STEPS
    )


def _reason(log: str) -> str:
    """The exception at the end of the last traceback, without its module's name.

    Kubeflow moves each line of a step's output in by four spaces.
    """
    lines = log.rpartition("Traceback (most recent call last):")[2].splitlines()[1:]
    own = [line[4:] for line in lines if line.startswith("    ") and line[4:5].strip()]
    return re.sub(r"^(?:\w+\.)+(?=\w+:)", "", own[0]) if own else "it did not start; see log.txt"


@contextlib.contextmanager
def _course_importable():
    """Steps import the course; a notebook's kernel may have found it by its own path alone."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = python_path()
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


@contextlib.contextmanager
def _python_quoted():
    """Kubeflow's local runner writes Python's path into a line for the shell: spaces cut it."""
    python = sys.executable
    sys.executable = shlex.quote(python)
    try:
        yield
    finally:
        sys.executable = python
