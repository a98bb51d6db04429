"""What hadolint says of a Dockerfile, or what it said elsewhere where this machine lacks it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.delivery.image.dockerfile import instructions
from helpers.programs import run
from helpers.tools import tool

# What hadolint 2.15 says of the instructions that lesson 14 begins with.
RECORDED = {
    "FROM python:latest": (
        "DL3007 warning: Using latest is prone to errors if the image will ever update. "
        "Pin the version explicitly to a release tag",
    ),
    "RUN cd /srv && pip install -r requirements.txt": (
        "DL3003 warning: Use WORKDIR to switch to a directory",
        "DL3042 warning: Avoid use of cache directory with pip. "
        "Use `pip install --no-cache-dir <package>`",
    ),
    "RUN cd /srv && pip install --no-cache-dir -r requirements.txt": (
        "DL3003 warning: Use WORKDIR to switch to a directory",
    ),
    "CMD python3 -m checkout": (
        "DL3025 warning: Use arguments JSON notation for CMD and ENTRYPOINT arguments",
    ),
}


def linted(recipe: str) -> list[str]:
    """The findings of hadolint on the text of a Dockerfile, such as "Dockerfile:1 DL3007 ...".

    Without hadolint, how to get it is said, and what it said on another machine about the
    instructions that lesson 14 begins with is given.
    """
    hadolint = tool("hadolint")
    if hadolint.find() is None:
        print(f"hadolint is not on this machine: {hadolint.how_to_get()}. Recorded findings:")
        return recorded(recipe)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(recipe, encoding="utf-8")
        command = ("hadolint", "--no-color", "Dockerfile")
        return run(*command, cwd=Path(folder), check=False, quiet=True).output.splitlines()


def recorded(recipe: str) -> list[str]:
    """The recorded findings on those instructions of a recipe that lesson 14 begins with."""
    return [
        f"Dockerfile:{step.line} {finding}"
        for step in instructions(recipe)
        for finding in RECORDED.get(str(step), ())
    ]
