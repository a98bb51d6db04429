"""A Jenkinsfile run on this machine with no server: `run_jenkinsfile`."""

from __future__ import annotations

import fnmatch
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from helpers.delivery.git import asked
from helpers.workspace import workspace

from .expressions import shown, value
from .model import Block, Call, JenkinsfileError, Pipeline, Stage
from .parse import parse
from .result import Build, Log, StageResult, worse
from .steps import Place, StepFailed, TimedOut, take

_UNITS = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600}


def run_jenkinsfile(
    repository: Path,
    *,
    parameters: Mapping[str, object] | None = None,
    credentials: Mapping[str, str] | None = None,
    branch: str | None = None,
    number: int = 1,
    limit: float = 600.0,
    say: Callable[[str], None] = print,
) -> Build:
    """Build what is committed in a repository, as its Jenkinsfile says; the log is streamed.

    parameters: values for the file's parameters. credentials: secrets by their id. branch: what
    the build takes itself to be on (the repository's own). number: BUILD_NUMBER. limit: seconds.

    A failed build is a result, not an error. Raises JenkinsfileError, which names the line, for a
    broken file or one outside the subset (nothing has run then); FileNotFoundError without one.
    """
    kept = Path(tempfile.mkdtemp(prefix=f"{repository.name}-", dir=workspace("jenkins")))
    root = kept / "workspace"
    asked(repository, "clone", "--quiet", "--no-hardlinks", str(repository), str(root))
    branch = branch or asked(repository, "rev-parse", "--abbrev-ref", "HEAD").strip()
    pipeline = parse((root / "Jenkinsfile").read_text(encoding="utf-8"))
    _checked(pipeline)
    build, log = Build(folder=root), Log(say)
    params = _parameters(pipeline, parameters or {})
    env = {"BRANCH_NAME": branch, "BUILD_NUMBER": str(number), "WORKSPACE": str(root)}
    env |= {name: shown(one) for name, one in params.items()}
    until = time.monotonic() + limit
    place = Place(root, kept, root, env, params, credentials or {}, until, log, build)
    log.hide((credentials or {}).values())
    build.status, build.error = _block(pipeline, place, "Pipeline")
    log(f"Finished: {build.status}")
    build.log = "\n".join(log.lines)
    build.error = log.masked(build.error)
    shutil.rmtree(kept / "stash", ignore_errors=True)
    return build


def _checked(block: Block) -> None:
    """Find what is wrong in any block's options before anything runs."""
    _timeout(block), _attempts(block)
    for stage in block.stages:
        _checked(stage)


def _parameters(pipeline: Pipeline, given: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for call in pipeline.parameters:
        options = {key: value(one, {}, {}) for key, one in call.given.items()}
        if "name" not in options:
            raise JenkinsfileError(call.line, f"{call.name} needs a name.")
        name, choices = str(options["name"]), options.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else ""
        found[name] = given.get(name, options.get("defaultValue", first))
        if choices is not None and found[name] not in choices:
            raise ValueError(f"{name} is one of {choices}, not {found[name]!r}")
    if unknown := set(given) - set(found):
        raise ValueError(f"the Jenkinsfile has no parameter {', '.join(sorted(unknown))}")
    return found


def _block(block: Block, place: Place, name: str) -> tuple[str, str]:
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
            done = list(pool.map(lambda one: _stage(one, place), block.stages))
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
    result.status, error = _block(stage, place, stage.name)
    result.seconds = time.monotonic() - begun
    place.log(f"[Pipeline] }} ({stage.name}: {result.status})")
    return result.status, error


def _attempt(steps: tuple[Call, ...], place: Place) -> tuple[str, str]:
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
            came, why = _attempt(tuple(block.post[when]), place)
            status, error = worse(status, came), error or why
    return status, error


def _holds(condition: Call, place: Place) -> bool:
    if condition.name == "branch":
        pattern = place.text(condition, "pattern")
        return fnmatch.fnmatchcase(place.env["BRANCH_NAME"], pattern)
    if condition.name == "environment":
        return place.env.get(place.text(condition, "name")) == place.text(condition, "value")
    return bool(place.given(condition, ""))
