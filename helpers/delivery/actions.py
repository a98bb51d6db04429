"""A GitHub Actions workflow on this machine: its jobs read and drawn, and run by act.

Source of the workflow file's meaning: "Workflow syntax for GitHub Actions",
https://docs.github.com/actions/reference/workflow-syntax-for-github-actions.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.programs import free_port, run, shown
from helpers.workspace import workspace

from .runs import Reader, WorkflowRun

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CI = ".github/workflows/ci.yml"
# act gives its steps a terminal, and a log is plain text.
_PLAIN = {
    "NO_COLOR": "1",
    "FORCE_COLOR": None,
    "CLICOLOR_FORCE": None,
    "PY_COLORS": None,
    "COLUMNS": "80",
}


@dataclass(frozen=True)
class Job:
    """One job of a workflow: what it waits for, and how many runs its matrix makes of it."""

    name: str
    needs: tuple[str, ...] = ()
    runs: int = 1


def workflow(
    repository: Path,
    *,
    event: str = "push",
    job: str | None = None,
    only: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    at_once: int | None = None,
    caches: Path | None = None,
    limit: float = 300.0,
    say: Callable[[str], None] = print,
) -> WorkflowRun:
    """Run the repository's workflows for an event with act, with no Docker and no network.

    act reads the repository's own .actrc, which replaces remote actions by local folders. job:
    this one and what it needs. only: of a matrix these values alone, by name. secrets: by name;
    they reach act through the environment, never the command line, and act masks them. at_once:
    how many jobs may run side by side (as many as there are processors). caches: the folder that
    act's cache server keeps its files in (the repository's own .act/cache). A failed job is a
    result: look at `code` and `jobs`.

    Raises ProgramMissing without act, ProgramFailed where it takes longer than `limit` seconds.
    """
    secrets = secrets or {}
    more = ["--job", job] if job else []
    for name, value in (only or {}).items():
        more += ["--matrix", f"{name}:{value}"]
    more += ["--concurrent-jobs", str(at_once)] if at_once else []
    for name in secrets:
        more += ["--secret", name]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    say(f"$ {shown(('act', event, *more))}")
    reader = Reader(say)
    # Each run has a configuration and a port of its own: two lessons at once do not meet.
    with tempfile.TemporaryDirectory(prefix="run-", dir=workspace("act")) as home:
        _configure(Path(home), caches or repository / ".act" / "cache")
        env = {"PATH": path, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, **_PLAIN, **secrets}
        heard = _after_the_command(reader)
        ran = run("act", event, *more, cwd=repository, env=env, limit=limit, check=False, say=heard)
    output = "\n".join(reader.lines)
    return WorkflowRun(ran.code, output, ran.seconds, reader.jobs)


def _configure(home: Path, caches: Path) -> None:
    """What act needs beside the repository's .actrc: plain events, and servers of its own."""
    (home / "act").mkdir()
    options = (
        "--json",
        f"--artifact-server-port {free_port()}",
        f"--cache-server-path {caches.resolve()}",
    )
    (home / "act" / "actrc").write_text("\n".join(options) + "\n", encoding="utf-8")


def _after_the_command(reader: Reader) -> Callable[[str], None]:
    """`run` says the command line first, which has been shown already."""
    lines = iter([lambda _: None])
    return lambda line: next(lines, reader)(line)


def jobs(text: str) -> list[Job]:
    """The jobs of a workflow file, in its order.

    Raises ValueError where it is no workflow, or a job needs one that is not there or itself.
    """
    import yaml

    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"the workflow is no YAML: {error}") from error
    found = read.get("jobs") if isinstance(read, dict) else None
    if not isinstance(found, dict) or not found:
        raise ValueError("a workflow has jobs: with at least one job in it.")
    if odd := [name for name, body in found.items() if not isinstance(body, dict)]:
        raise ValueError(f"job {odd[0]} holds nothing to do.")
    made = [Job(name, _needs(body), _runs(body)) for name, body in found.items()]
    levels(made)
    return made


def levels(made: list[Job]) -> list[list[str]]:
    """The names of the jobs that can run at once, wave after wave.

    Raises ValueError where a job needs one that is not there, or jobs wait for each other.
    """
    left, done, waves = {job.name: job for job in made}, set(), []
    for job in made:
        if missing := set(job.needs) - set(left):
            raise ValueError(f"job {job.name} needs {missing.pop()}, which is not there.")
    while left:
        wave = [name for name, job in left.items() if set(job.needs) <= done]
        if not wave:
            raise ValueError(f"these jobs wait for each other: {', '.join(left)}.")
        waves.append(wave)
        done.update(wave)
        left = {name: job for name, job in left.items() if name not in done}
    return waves


def draw(made: list[Job]) -> Figure:
    """The job graph: time goes to the right, an arrow leads from what is needed to who needs it."""
    import matplotlib.pyplot as plt

    waves = levels(made)
    height = max(map(len, waves))
    size = (2.4 * len(waves) + 0.4, 0.9 * height + 0.4)
    # Made by pyplot, so that a notebook knows how to show it, and closed, so that it does so once.
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    plt.close(figure)
    axes.set(xlim=(-0.6, len(waves) - 0.4), ylim=(-height / 2, height / 2))
    axes.set_axis_off()
    at = {
        name: (column, (len(wave) - 1) / 2 - row)
        for column, wave in enumerate(waves)
        for row, name in enumerate(wave)
    }
    boxes = {job.name: _box(axes, job, at[job.name]) for job in made}
    for job in made:
        for need in job.needs:
            ends = {"patchA": boxes[need], "patchB": boxes[job.name], "color": "0.35"}
            axes.annotate(
                "", at[job.name], at[need], arrowprops={"arrowstyle": "-|>", "shrinkB": 2, **ends}
            )
    return figure


def _box(axes: object, job: Job, at: tuple[float, float]) -> object:
    label = job.name if job.runs == 1 else f"{job.name} x {job.runs}"
    frame = {"boxstyle": "round,pad=0.5", "facecolor": "#e8eef7", "edgecolor": "0.35"}
    text = axes.text(*at, label, ha="center", va="center", color="black", bbox=frame)
    return text.get_bbox_patch()


def _needs(body: Mapping[str, object]) -> tuple[str, ...]:
    needs = body.get("needs") or ()
    return (needs,) if isinstance(needs, str) else tuple(needs)


def _runs(body: Mapping[str, object]) -> int:
    matrix = (body.get("strategy") or {}).get("matrix")
    if not isinstance(matrix, dict):
        return 1
    if {"include", "exclude"} & set(matrix):
        raise ValueError("include and exclude in a matrix are not counted here.")
    return len(list(product(*matrix.values())))
