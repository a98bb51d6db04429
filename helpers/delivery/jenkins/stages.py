"""The stages of a Jenkinsfile run: one after the other or side by side, with options and post."""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from .expressions import shown, value
from .model import Block, Call, JenkinsfileError, Stage
from .result import StageResult, worse
from .steps import Place, StepFailed, TimedOut, take

_UNITS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}


def checked(block: Block) -> None:
    """Find what is wrong in any block's options before anything runs."""
    _timeout(block), _attempts(block)
    for stage in block.stages:
        checked(stage)


def run_block(block: Block, place: Place, name: str) -> tuple[str, str]:
    """Run a pipeline or a stage with its options, then what its `post` says."""
    env = dict(place.env)
    outer = place
    try:
        for key, one in block.environment.items():
            env[key] = shown(value(one, env, place.params))
    except JenkinsfileError as error:
        place.log(f"ERROR: {error}")
        return "FAILURE", str(error)
    place = replace(place, env=env, until=min(place.until, time.monotonic() + _timeout(block)))
    for attempt in range(attempts := _attempts(block)):
        if attempt:
            place.log(f"[{name}] Retrying")
        status, error = _body(block, place)
        if status != "FAILURE" or attempt == attempts - 1:
            break
    # What tidies up after a timeout has the time of the block outside it.
    return _post(block, replace(place, until=outer.until), status, error)


def _timeout(block: Block) -> float:
    for call in block.options:
        if call.name == "timeout":
            given = {key: value(one, {}, {}) for key, one in call.given.items()}
            unit = str(given.get("unit", "MINUTES"))
            amount = given.get("", given.get("time"))
            if unit not in _UNITS or not isinstance(amount, int):
                raise JenkinsfileError(call.line, f"timeout needs a time and {', '.join(_UNITS)}.")
            return amount * _UNITS[unit]
    return float("inf")


def _attempts(block: Block) -> int:
    for call in block.options:
        if call.name == "retry":
            count = value(next(iter(call.given.values())), {}, {})
            if not isinstance(count, int) or count < 1:
                raise JenkinsfileError(call.line, "retry needs a number of attempts from 1.")
            return count
    return 1


def _body(block: Block, place: Place) -> tuple[str, str]:
    if isinstance(block, Stage) and block.stages:
        with ThreadPoolExecutor(len(block.stages)) as pool:
            done = list(pool.map(lambda one: _branch(one, place), block.stages))
        status = "SUCCESS"
        for one, _ in done:
            status = worse(status, one)
        return status, next((error for _, error in done if error), "")
    if isinstance(block, Stage):
        return _attempt(block.steps, place)
    return _in_turn(block, place)


def _in_turn(pipeline: Block, place: Place) -> tuple[str, str]:
    status, error = "SUCCESS", ""
    for stage in pipeline.stages:
        if status in ("FAILURE", "ABORTED"):
            place.log(f'Stage "{stage.name}" skipped due to earlier failure(s)')
            place.build.stages.append(StageResult(stage.name, "SKIPPED"))
            continue
        came, why = _stage(stage, place)
        status, error = worse(status, came), error or why
    return status, error


def _stage(stage: Stage, place: Place) -> tuple[str, str]:
    result = StageResult(stage.name, "SKIPPED")
    place.build.stages.append(result)
    try:
        wanted = all(_holds(condition, place) for condition in stage.when)
    except (StepFailed, JenkinsfileError) as error:
        place.log(f"ERROR: {error}")
        result.status = "FAILURE"
        return "FAILURE", str(error)
    if not wanted:
        place.log(f'Stage "{stage.name}" skipped due to when conditional')
        return "SKIPPED", ""
    place.log(f"[Pipeline] {{ ({stage.name})")
    begun = time.monotonic()
    result.status, error = run_block(stage, place, stage.name)
    result.seconds = time.monotonic() - begun
    place.log(f"[Pipeline] }} ({stage.name}: {result.status})")
    return result.status, error


def _branch(stage: Stage, place: Place) -> tuple[str, str]:
    """A stage beside others: its lines begin with its name, as in Jenkins."""
    return _stage(stage, replace(place, log=place.log.branch(stage.name)))


def _attempt(steps: Sequence[Call], place: Place) -> tuple[str, str]:
    place = replace(place, failures=[])
    try:
        take(steps, place)
    except (StepFailed, JenkinsfileError) as error:
        place.log(f"ERROR: {error}")
        return ("ABORTED" if isinstance(error, TimedOut) else "FAILURE"), str(error)
    return ("UNSTABLE" if place.failures else "SUCCESS"), ""


def _post(block: Block, place: Place, status: str, error: str) -> tuple[str, str]:
    # A report read in `always` may make the build unstable, so that one comes first.
    for when in ("always", "success", "failure", "unstable"):
        if when in block.post and when in ("always", status.lower()):
            came, why = _attempt(block.post[when], place)
            status, error = worse(status, came), error or why
    return status, error


def _holds(condition: Call, place: Place) -> bool:
    if condition.name == "branch":
        pattern = place.text(condition, "pattern")
        return fnmatch.fnmatchcase(place.env["BRANCH_NAME"], pattern)
    if condition.name == "environment":
        return place.env.get(place.text(condition, "name")) == place.text(condition, "value")
    return bool(place.given(condition, ""))
