"""A workflow and a Jenkinsfile beside each other, line by line, as read from the two files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .jenkins.model import Call, Literal, Pipeline, Stage
from .jenkins.parse import parse

if TYPE_CHECKING:
    import pandas as pd
    import yaml


@dataclass(frozen=True)
class Pair:
    """One part of a pipeline: the number of its line in each file, 0 where a file has none."""

    part: str
    workflow: int = 0
    jenkinsfile: int = 0


def beside(workflow: str, jenkinsfile: str) -> pd.DataFrame:
    """The parts of a workflow with those of a Jenkinsfile, each as the line of its file.

    Jobs and stages belong together by their names, steps by the command that they run. What the
    other file does not say stays blank. Raises JenkinsfileError and YAMLError for broken files.
    """
    import pandas as pd
    import yaml

    root = _keys(yaml.compose(workflow))
    pipeline = parse(jenkinsfile)
    together = [Pair("side by side", 0, one.line) for one in pipeline.stages if one.stages]
    pairs = [*_whole(root, jenkinsfile), *together, *_jobs(root, pipeline)]
    columns = {
        "workflow": [_line(workflow, pair.workflow) for pair in pairs],
        "Jenkinsfile": [_line(jenkinsfile, pair.jenkinsfile) for pair in pairs],
    }
    return pd.DataFrame(columns, index=pd.Index([pair.part for pair in pairs], name="part"))


def _whole(root: dict[str, tuple[int, Any]], jenkinsfile: str) -> Iterator[Pair]:
    lines = [line.split("{")[0].strip() for line in jenkinsfile.splitlines()]
    first = {word: lines.index(word) + 1 for word in ("agent any", "environment") if word in lines}
    yield Pair("begins when", root["on" if "on" in root else "True"][0])
    if "env" in root or "environment" in first:
        yield Pair("variables", root.get("env", (0,))[0], first.get("environment", 0))
    job = next(iter(_keys(root["jobs"][1]).values()))[1]
    yield Pair("runs on", _keys(job)["runs-on"][0], first.get("agent any", 0))


def _jobs(root: dict[str, tuple[int, Any]], pipeline: Pipeline) -> Iterator[Pair]:
    stages = {stage.name.lower(): stage for stage in _stages(pipeline.stages)}
    for name, (line, body) in _keys(root["jobs"][1]).items():
        stage = stages.get(name.lower(), Stage())
        yield Pair(f"{name}", line, stage.line)
        keys = _keys(body)
        if "needs" in keys:
            yield Pair(f"{name}: waits", keys["needs"][0])
        if "strategy" in keys:
            yield Pair(f"{name}: several", keys["strategy"][0])
        if "if" in keys or stage.when:
            condition = stage.when[0].line if stage.when else 0
            yield Pair(f"{name}: only if", keys.get("if", (0,))[0], condition)
        yield from _steps(name, keys["steps"][1], stage)


def _steps(job: str, steps: yaml.SequenceNode, stage: Stage) -> Iterator[Pair]:
    left = {_said(call): call for call in _taken(stage)}
    for node in steps.value:
        keys = _keys(node)
        what = keys.get("run") or keys["uses"]
        command = what[1].value.split(" >> ")[0]
        # What a file that keeps an artifact is called differs; that it does is the same.
        kept = "archiveArtifacts" if "upload-artifact" in command else command
        call = left.pop(kept, None)
        yield Pair(f"{job}: step", what[0], call.line if call else 0)
    for call in left.values():
        yield Pair(f"{job}: step", 0, call.line)


def _stages(stages: Any) -> Iterator[Stage]:
    for stage in stages:
        yield stage
        yield from _stages(stage.stages)


def _taken(stage: Stage) -> list[Call]:
    return [*stage.steps, *(call for calls in stage.post.values() for call in calls)]


def _said(call: Call) -> str:
    given = call.given.get("", call.given.get("script"))
    command = isinstance(given, Literal) and call.name == "sh"
    return str(given.value) if command else call.name


def _keys(node: yaml.MappingNode) -> dict[str, tuple[int, Any]]:
    return {key.value: (key.start_mark.line + 1, worth) for key, worth in node.value}


def _line(text: str, number: int) -> str:
    return f"{number:2}  {text.splitlines()[number - 1].strip()}" if number else ""
