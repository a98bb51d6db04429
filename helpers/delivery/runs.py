"""A workflow run by act, read from the events that act prints: its jobs, their steps, their times.

act prints one JSON object a line (`--json`). Here each becomes a plain line to be shown, and what
it says of jobs and steps is kept.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from helpers.programs import Ran

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OWN = ("Set up job", "Complete job")  # steps that every job has


@dataclass
class StepRun:
    """One step that was run: its name, "success" or "failure", and its seconds."""

    name: str
    result: str
    seconds: float


@dataclass
class JobRun:
    """One run of a job. name: its key, and a number where a matrix made several of it.

    begun, ended: seconds since act was started. result: "success", "failure", or "" where it was
    stopped in between.
    """

    name: str
    begun: float
    ended: float = 0.0
    result: str = ""
    steps: list[StepRun] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.begun


@dataclass(frozen=True)
class WorkflowRun(Ran):
    """A workflow that has ended. jobs: what was run, in the order of beginning.

    output: the plain lines, in which act has replaced secrets by ***. A job that was skipped is
    not in `jobs`.
    """

    jobs: list[JobRun] = field(default_factory=list)

    def job(self, name: str) -> JobRun:
        """The run of a job by its name. Raises KeyError that names those there are."""
        for one in self.jobs:
            if one.name == name:
                return one
        raise KeyError(f"no job {name!r} was run; there are {', '.join(j.name for j in self.jobs)}")

    def text(self, name: str = "") -> str:
        """The log, or one job's part of it, which does not depend on what ran beside it."""
        lines = self.output.splitlines()
        return "\n".join(line for line in lines if line.startswith(f"[{name}" if name else ""))


class Reader:
    """Takes act's lines as they come, shows them plainly, and keeps jobs and steps."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._begun = say, time.monotonic()
        self._runs: dict[str, JobRun] = {}
        self._key: dict[str, str] = {}
        self._named: dict[tuple[str, ...], str] = {}
        self.lines: list[str] = []

    @property
    def jobs(self) -> list[JobRun]:
        """What has been run so far; where a matrix made several of a job, in its order."""
        keys = list(dict.fromkeys(self._key.values()))
        return sorted(
            self._runs.values(), key=lambda one: (keys.index(self._key[one.name]), one.name)
        )

    def __call__(self, line: str) -> None:
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            event = {"msg": line}
        if not isinstance(event, dict):
            event = {"msg": line}
        shown = self._of_job(event) if "job" in event else self._of_act(event)
        for one in shown:
            self.lines.append(one)
            self._say(one)

    def _of_act(self, event: dict) -> list[str]:
        # That there is no Docker, and where act's own servers listen, is nobody's concern.
        known = ("docker connection", "docker host", "Start server on")
        text = str(event.get("msg", "")).rstrip("\n")
        return [] if any(words in text for words in known) else [text]

    def _of_job(self, event: dict) -> list[str]:
        name = event["job"].rsplit("/", 1)[-1].strip()
        now = time.monotonic() - self._begun
        run = self._runs.setdefault(name, JobRun(name, now))
        self._key[name] = str(event.get("jobID", name))
        run.ended = now
        said, text = f"[{name}]", str(event.get("msg", "")).rstrip("\n")
        if event.get("raw_output"):
            return [f"{said} | {line}" for line in text.split("\n")]
        if "jobResult" in event:
            run.result = event["jobResult"]
            return [f"{said} Job {'succeeded' if run.result == 'success' else 'failed'}"]
        number = event.get("stepID", ())
        inside = len(number) > 1  # a step of an action, not of the workflow
        if event.get("step") in _OWN or inside or event.get("stage", "Main") != "Main":
            return []
        # act masks its message and not the field "step", so the name is taken from the message.
        if " Run Main " in text:
            self._named[name, *number] = text.split(" Run Main ", 1)[1].split("\n")[0]
            return [f"{said} Run {self._named[name, *number]}"]
        step = self._named.get((name, *number), "")
        if "stepResult" in event:
            seconds = event.get("executionTime", 0) / 1e9
            run.steps.append(StepRun(step, event["stepResult"], seconds))
            return [f"{said} Failed: {step}"] if event["stepResult"] == "failure" else []
        if event.get("level") == "error":
            return [f"{said} {text}"]
        return []


def timeline(run: WorkflowRun, ax: Axes) -> Axes:
    """Draw when each job of a run began and ended, one bar a job, the first at the top."""
    for row, job in enumerate(run.jobs):
        colour = "#E8A0A0" if job.result == "failure" else "#A9BCDD"
        ax.barh(row, job.seconds, left=job.begun, color=colour, edgecolor="0.35")
    ax.set_yticks(range(len(run.jobs)), [job.name for job in run.jobs])
    ax.invert_yaxis()
    ax.set_xlim(0, max(job.ended for job in run.jobs) * 1.05)
    return ax
