"""A Dockerfile read into instructions, and which of them run again when a file has changed.

The rule of the build cache: an instruction is taken from the cache as long as it and all before
it are unchanged; for COPY and ADD the copied files count too. Source: Docker's documentation on
the build cache, https://docs.docker.com/build/cache/.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

LAYERS = ("RUN", "COPY", "ADD")  # the instructions that change files, and so make a layer


@dataclass(frozen=True)
class Instruction:
    """One instruction: the line it begins at (from 1), its word in capitals, and the rest."""

    line: int
    word: str
    rest: str

    def __str__(self) -> str:
        return f"{self.word} {self.rest}"


def instructions(dockerfile: str) -> list[Instruction]:
    """The instructions of a Dockerfile; continued lines are joined, comments left out."""
    found, held, begun = [], [], 0
    for number, line in enumerate(dockerfile.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        begun = begun if held else number
        held.append(text.removesuffix("\\").strip())
        if not text.endswith("\\"):
            word, _, rest = " ".join(held).partition(" ")
            found.append(Instruction(begun, word.upper(), rest.strip()))
            held = []
    return found


def rebuilt(steps: Sequence[Instruction], changed: str) -> list[Instruction]:
    """The instructions that make a layer and have to run again when the file `changed` has.

    changed: a path in the build's folder, such as checkout/app.py. None run where no COPY or ADD
    takes the file.
    """
    first = next((n for n, step in enumerate(steps) if _takes(step, changed)), len(steps))
    return [step for step in steps[first:] if step.word in LAYERS]


def _takes(step: Instruction, path: str) -> bool:
    if step.word not in ("COPY", "ADD"):
        return False
    words = [word for word in shlex.split(step.rest) if not word.startswith("--")]
    return any(_covers(source.removeprefix("./").rstrip("/"), path) for source in words[:-1])


def _covers(source: str, path: str) -> bool:
    return source in ("", ".") or fnmatch(path, source) or fnmatch(path, f"{source}/*")
