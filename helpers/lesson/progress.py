"""What a learner has done so far, in one small file that no crash and no second kernel can spoil.

The file is `progress.json` in the workspace. A change is read, made and written under a lock, into
a new file that then takes the old one's place, so that a reader sees the old state or the new one
and never half of either.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.workspace import workspace

VERSION = 1
_PARTS = ("exercises", "guesses", "quiz")
_RANK = {"not answered": 0, "not yet": 1, "right": 2}


class NotSaved(OSError):
    """Progress could not be written; what was there before is still there."""


class BadProgress(ValueError):
    """A progress file that cannot be read as one."""


def path() -> Path:
    """Where the progress file is, whether or not it is there yet."""
    return workspace() / "progress.json"


def empty() -> dict[str, Any]:
    """The progress of somebody who begins now."""
    return {"version": VERSION, "seed": secrets.randbits(31), **{part: {} for part in _PARTS}}


def read() -> dict[str, Any]:
    """The learner's progress: exercises, guesses and quiz answers by id, and their own seed.

    A file that cannot be read as progress is kept beside as a dated copy, and one begins anew.
    """
    try:
        return parse(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return empty()
    except BadProgress as error:
        kept = path().with_name(f"progress.{datetime.now():%Y-%m-%d-%H%M%S}.unreadable.json")
        os.replace(path(), kept)
        print(f"Your progress file could not be read ({error}). It is kept as {kept.name}.")
        return empty()


def parse(text: str) -> dict[str, Any]:
    """Progress from the text of a file. Raises BadProgress that says what is wrong with it."""
    try:
        state = json.loads(text)
    except ValueError as error:
        raise BadProgress(f"it is not JSON: {error}") from None
    if not isinstance(state, dict) or any(not isinstance(state.get(p), dict) for p in _PARTS):
        raise BadProgress(f"it should hold {', '.join(_PARTS)}")
    if state.get("version") != VERSION:
        raise BadProgress(f"its version is {state.get('version')!r}; this course reads {VERSION}")
    if not isinstance(state.get("seed"), int):
        raise BadProgress("its seed is not a whole number")
    return state


def change(alter: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Read the progress, alter it and write it, with no other kernel in between.

    Raises NotSaved where the file cannot be written (a full or read-only disk).
    """
    try:
        with _locked():
            state = read()
            alter(state)
            _write(state)
            return state
    except OSError as error:
        raise NotSaved(
            f"your progress could not be saved ({error.strerror or error}). "
            "What you had before is safe. Free some disk space, then run this cell again."
        ) from error


def seed() -> int:
    """The learner's own seed, drawn once and kept."""
    if path().exists():
        return read()["seed"]
    return change(lambda state: None)["seed"]


def record(id: str, state: str, **facts: Any) -> None:
    """Note a try of an exercise; an exercise once right stays right."""

    def alter(progress: dict[str, Any]) -> None:
        entry = progress["exercises"].setdefault(id, {"state": "not answered", "tries": 0})
        entry["state"] = max(entry["state"], state, key=_RANK.__getitem__)
        entry["tries"] += state in ("right", "not yet")
        entry["when"] = datetime.now().isoformat(timespec="seconds")
        entry.update(facts)

    change(alter)


def exercise(id: str) -> dict[str, Any]:
    """What is known of the tries of one exercise: state, tries, hints opened, solution seen."""
    nothing = {"state": "not answered", "tries": 0, "hints": 0, "solution": False}
    return nothing | read()["exercises"].get(id, {})


def merge(mine: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two states of one learner in one: the better of each exercise, every guess, every answer."""
    both = {**other, **mine}
    for part in _PARTS:
        both[part] = {**other[part], **mine[part]}
    for id, entry in other["exercises"].items():
        here = mine["exercises"].get(id)
        if here is None or _RANK[entry["state"]] > _RANK[here["state"]]:
            both["exercises"][id] = entry
    both["seed"] = other["seed"]
    return both


def bring_back(text: str) -> dict[str, Any]:
    """Merge a downloaded progress file into the one that is here.

    Raises BadProgress for a text that is no progress file, NotSaved for a full disk.
    """
    other = parse(text)

    def alter(progress: dict[str, Any]) -> None:
        progress.update(merge(dict(progress), other))

    return change(alter)


def _write(state: dict[str, Any]) -> None:
    text = json.dumps(state, indent=1, sort_keys=True) + "\n"
    handle, name = tempfile.mkstemp(prefix=".progress-", suffix=".json", dir=path().parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path())
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    from filelock import FileLock

    with FileLock(str(path()) + ".lock", timeout=30):
        yield
