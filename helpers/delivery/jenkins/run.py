"""A Jenkinsfile run on this machine with no server: `run_jenkinsfile`."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.delivery.git import asked
from helpers.workspace import workspace

from .connection import address
from .expressions import shown, value
from .model import JenkinsfileError, Pipeline
from .parse import parse
from .result import Build, Log
from .server import build_on_server
from .stages import checked, run_block
from .steps import Place

KEPT = 5  # the newest builds of a repository
IN_USE = 3600.0  # seconds since a build was begun, for which an older one stays as well


def run_jenkinsfile(
    repository: Path,
    *,
    parameters: Mapping[str, object] | None = None,
    credentials: Mapping[str, str] | None = None,
    branch: str | None = None,
    number: int = 1,
    limit: float = 600.0,
    on_server: bool | None = None,
    say: Callable[[str], None] = print,
) -> Build:
    """Build what is committed in a repository, as its Jenkinsfile says; the log is streamed.

    It runs on this machine, with no server. Where JENKINS_URL, JENKINS_USER and JENKINS_TOKEN are
    set it runs on that server instead, see `server.build_on_server`; on_server=False keeps it
    here.

    parameters: values for the file's parameters. credentials: secrets by their id (a server has
    its own). branch: what the build takes itself to be on (the repository's own). number:
    BUILD_NUMBER, which a server counts itself. limit: seconds.

    A failed build is a result, not an error. Raises JenkinsfileError, which names the line, for a
    broken file or one outside the subset (nothing has run then); FileNotFoundError without one;
    ServerError where a server refuses.
    """
    branch = branch or asked(repository, "rev-parse", "--abbrev-ref", "HEAD").strip()
    server = address() if on_server is not False else None
    if server:
        return build_on_server(
            server, repository, branch, parameters=parameters, limit=limit, say=say
        )
    if on_server:
        raise ValueError("set JENKINS_URL, JENKINS_USER and JENKINS_TOKEN to build on a server.")
    _clear(repository.name)
    kept = Path(tempfile.mkdtemp(prefix=f"{repository.name}-", dir=workspace("jenkins")))
    root = kept / "workspace"
    asked(repository, "clone", "--quiet", "--no-hardlinks", str(repository), str(root))
    pipeline = parse((root / "Jenkinsfile").read_text(encoding="utf-8"))
    checked(pipeline)
    build, log = Build(folder=root), Log(say)
    params = _parameters(pipeline, parameters or {})
    env = {"BRANCH_NAME": branch, "BUILD_NUMBER": str(number), "WORKSPACE": str(root)}
    env |= {name: shown(one) for name, one in params.items()}
    until = time.monotonic() + limit
    place = Place(root, kept, root, env, params, credentials or {}, until, log, build)
    log.hide((credentials or {}).values())
    build.status, build.error = run_block(pipeline, place, "Pipeline")
    log(f"Finished: {build.status}")
    build.log = "\n".join(log.lines)
    build.error = log.masked(build.error)
    shutil.rmtree(kept / "stash", ignore_errors=True)
    return build


def _clear(name: str) -> None:
    """Of earlier builds keep the newest few, and those that may still be running."""
    mine = re.compile(rf"{re.escape(name)}-[a-z0-9_]{{8}}")
    old = [one for one in workspace("jenkins").iterdir() if mine.fullmatch(one.name)]
    for one in sorted(old, key=os.path.getmtime)[: -KEPT or None]:
        if time.time() - one.stat().st_mtime > IN_USE:
            shutil.rmtree(one, ignore_errors=True)


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
