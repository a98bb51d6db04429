"""A lesson put back as it was, with the learner's own kept beside it."""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from helpers.lesson.steps import step
from helpers.workspace import ROOT


class CannotRestore(RuntimeError):
    """The lesson's original cannot be had here; the message says what to do."""


def reset(number: str, root: Path = ROOT, revision: str = "HEAD") -> Path | None:
    """Put a lesson's notebook back as it is in `revision`; give the path of the learner's copy.

    The learner's own becomes a dated copy beside it, such as
    22_clean_and_prepare.2026-11-24-193300.ipynb. None where the two do not differ.

    Raises CannotRestore where git or the original is missing, KeyError for an unknown lesson.
    """
    name = f"notebooks/{step(number).notebook}"
    original, here = _original(root, revision, name), root / name
    if here.exists() and here.read_bytes() == original:
        return None
    kept = _kept(here) if here.exists() else None
    _replace(here, original)
    return kept


def _kept(here: Path) -> Path:
    """A dated copy beside the notebook; never one that is there already."""
    now = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    for number in itertools.count(1):
        copy = here.with_suffix(f".{now}{'' if number == 1 else f'-{number}'}.ipynb")
        try:
            with open(copy, "xb") as file:
                file.write(here.read_bytes())
            return copy
        except FileExistsError:
            continue
    raise AssertionError("there is always a next number")


def _original(root: Path, revision: str, name: str) -> bytes:
    try:
        shown = subprocess.run(
            ["git", "-C", str(root), "show", f"{revision}:{name}"], capture_output=True, timeout=60
        )
    except FileNotFoundError:
        raise CannotRestore("git is not here; download the course anew to get the lesson") from None
    if shown.returncode:
        raise CannotRestore(
            f"git has no {name} at {revision} ({shown.stderr.decode(errors='replace').strip()}). "
            "If you got the course as an archive, unpack it again elsewhere and copy the lesson."
        )
    return shown.stdout


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".reset-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(name, 0o644)
    os.replace(name, path)
