"""The steps that a Jenkinsfile of this course may take. Each raises StepFailed where it fails."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

from helpers.programs import ProgramFailed, run

from .expressions import shown, value
from .model import Call
from .result import TESTS, Build, Log

_SHELL = ("sh", "-xe", "-c")  # as Jenkins does: show each command, stop at the first that fails


class StepFailed(RuntimeError):
    """A step failed, and with it its stage."""


class TimedOut(StepFailed):
    """The time that `options { timeout(...) }` allows is over."""


@dataclass(frozen=True)
class Place:
    """Where and with what a step runs. until: the clock (time.monotonic) at which it must end."""

    root: Path
    kept: Path
    folder: Path
    env: Mapping[str, str]
    params: Mapping[str, object]
    secrets: Mapping[str, str]
    until: float
    log: Log
    build: Build
    failures: list[str] = field(default_factory=list)

    def given(self, call: Call, name: str) -> object:
        """The value of an argument by its name, or None."""
        one = call.given.get(name)
        return None if one is None else value(one, self.env, self.params)

    def text(self, call: Call, name: str) -> str:
        """The value of the argument that a step cannot do without, with or without its name."""
        found = self.given(call, name if name in call.given else "")
        if found is None:
            raise StepFailed(f"line {call.line}: {call.name} needs {name}.")
        return shown(found)

    def below(self, name: str, call: Call) -> Path:
        """A folder in the build's workspace; nothing outside it is touched."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise StepFailed(f"line {call.line}: {name} lies outside the workspace.")
        return path

    def files(self, patterns: str, call: Call) -> list[Path]:
        """The files that a pattern, or several with commas between, means."""
        found = set()
        for pattern in filter(None, map(str.strip, patterns.split(","))):
            self.below(pattern, call)
            if Path(pattern).is_absolute():
                raise StepFailed(f"line {call.line}: {pattern} is not a path in the workspace.")
            found.update(path for path in self.folder.glob(pattern) if path.is_file())
        return sorted(found)


def take(steps: Sequence[Call], place: Place) -> None:
    """Take the steps one after the other."""
    for call in steps:
        if time.monotonic() >= place.until:
            raise TimedOut("Timeout has been exceeded")
        _STEPS[call.name](call, place)


def _sh(call: Call, place: Place) -> None:
    script = place.text(call, "script")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    left = max(place.until - time.monotonic(), 0.01)
    try:
        env = {"PATH": path, **place.env}
        ran = run(
            *_SHELL, script, cwd=place.folder, env=env, limit=left, check=False, say=place.log
        )
    except ProgramFailed as error:
        if time.monotonic() >= place.until:
            raise TimedOut("Timeout has been exceeded") from error
        raise StepFailed(str(error)) from error
    if ran.code:
        raise StepFailed(f"line {call.line}: script returned exit code {ran.code}")


def _echo(call: Call, place: Place) -> None:
    place.log(place.text(call, "message"))


def _dir(call: Call, place: Place) -> None:
    folder = place.below(place.text(call, "path"), call)
    folder.mkdir(parents=True, exist_ok=True)
    take(call.steps, replace(place, folder=folder))


def _stash(call: Call, place: Place) -> None:
    found = place.files(shown(place.given(call, "includes") or "**/*"), call)
    if not found:
        raise StepFailed(f"line {call.line}: No files included in stash")
    _copy(found, place.folder, place.kept / "stash" / _plain(place.text(call, "name"), call))
    place.log(f"Stashed {len(found)} file(s)")


def _unstash(call: Call, place: Place) -> None:
    name = place.text(call, "name")
    kept = place.kept / "stash" / _plain(name, call)
    if not kept.is_dir():
        raise StepFailed(f"line {call.line}: No such saved stash '{name}'")
    shutil.copytree(kept, place.folder, dirs_exist_ok=True)


def _archive(call: Call, place: Place) -> None:
    place.log("Archiving artifacts")
    patterns = place.text(call, "artifacts")
    found = place.files(patterns, call)
    if not found and not place.given(call, "allowEmptyArchive"):
        raise StepFailed(
            f'line {call.line}: No artifacts found that match the file pattern "{patterns}"'
        )
    place.build.artifacts += _copy(found, place.folder, place.kept / "archive")


def _junit(call: Call, place: Place) -> None:
    place.log("Recording test results")
    found = place.files(place.text(call, "testResults"), call)
    if not found and not place.given(call, "allowEmptyResults"):
        raise StepFailed(f"line {call.line}: No test report files were found")
    counts = dict.fromkeys(TESTS, 0)
    for case in (case for path in found for case in _cases(path, call)):
        inner = {child.tag for child in case}
        kind = "failed" if inner & {"failure", "error"} else "passed"
        counts["skipped" if "skipped" in inner else kind] += 1
        if kind == "failed":
            place.failures.append(f"{case.get('classname')}.{case.get('name')}")
            place.log(f"Failed test: {place.failures[-1]}")
    place.build.count(counts)
    place.log(", ".join(f"{counts[name]} {name}" for name in TESTS))


def _cases(path: Path, call: Call) -> list[ElementTree.Element]:
    try:
        return list(ElementTree.parse(path).iter("testcase"))
    except ElementTree.ParseError as error:
        raise StepFailed(f"line {call.line}: {path.name} is no test report: {error}") from error


def _credentials(call: Call, place: Place) -> None:
    env = dict(place.env)
    for one in call.credentials:
        name, variable = place.text(one, "credentialsId"), place.text(one, "variable")
        if name not in place.secrets:
            raise StepFailed(f"line {one.line}: Could not find credentials entry with ID '{name}'")
        env[variable] = place.secrets[name]
    take(call.steps, replace(place, env=env))


def _plain(name: str, call: Call) -> str:
    if not name or {"/", "\\"} & set(name) or name.startswith("."):
        raise StepFailed(f"line {call.line}: {name!r} is no name for a stash.")
    return name


def _copy(files: Sequence[Path], origin: Path, target: Path) -> list[Path]:
    copies = []
    for path in files:
        copy = target / path.relative_to(origin)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
        copies.append(copy)
    return copies


_STEPS = {
    "sh": _sh,
    "echo": _echo,
    "dir": _dir,
    "stash": _stash,
    "unstash": _unstash,
    "archiveArtifacts": _archive,
    "junit": _junit,
    "withCredentials": _credentials,
}
