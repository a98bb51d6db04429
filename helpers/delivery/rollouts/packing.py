"""A revision of the practice repository packed into an image, with no Docker, and unpacked again.

What the Dockerfile copies after its packages are installed makes one layer, as in lesson 14. The
layers below it, Python and the packages, are this machine's own: nothing is pulled here.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from helpers.delivery.git import asked
from helpers.delivery.image import Image, Instruction, instructions, layer, read, visible, write
from helpers.workspace import workspace

NAME = "corner/checkout"


class PackingFailed(RuntimeError):
    """The recipe cannot be followed; the message names its line."""


@dataclass(frozen=True)
class Packed:
    """An image and where it lies unpacked.

    digest: the image's own, "sha256:..."; command: what a container runs; env: its variables;
    folder: the container's working folder.
    """

    digest: str
    command: tuple[str, ...]
    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def named(self, tag: str = "") -> str:
        """Its name in a manifest: by tag, or by digest, which no other image ever has."""
        return f"{NAME}:{tag}" if tag else f"{NAME}@{self.digest}"

    def as_loaded(self) -> dict[str, object]:
        """What the cluster of the lessons has to know of it: `cluster.load(name, **this)`."""
        return {"command": self.command, "env": self.env, "workdir": str(self.folder)}


def pack(repository: Path, revision: str = "HEAD") -> Packed:
    """Pack what git holds at `revision`, as its Dockerfile says.

    The same files give the same digest on every machine. Raises PackingFailed where the recipe
    copies what is not there or starts nothing, ProgramFailed for an unknown revision.
    """
    paths = asked(repository, "ls-tree", "-r", "--name-only", revision).splitlines()
    if "Dockerfile" not in paths:
        raise PackingFailed(f"{revision} holds no Dockerfile.")
    steps = instructions(asked(repository, "show", f"{revision}:Dockerfile"))
    copied = [path for step in _copies(steps) for path in _taken(step, paths)]
    files = {f"srv/{path}": asked(repository, "show", f"{revision}:{path}") for path in copied}
    image = Image([layer(files, created_by="COPY")], run=_settings(steps))
    layout = write(image, workspace("images"), tag=image.digest[7:19])
    return _unpacked(image, layout)


def _copies(steps: list[Instruction]) -> list[Instruction]:
    """The COPY steps of the code: those after the packages."""
    installed = max((n for n, step in enumerate(steps) if step.word == "RUN"), default=-1)
    return [step for step in steps[installed + 1 :] if step.word == "COPY"]


def _taken(step: Instruction, paths: list[str]) -> list[str]:
    *sources, _ = [word for word in shlex.split(step.rest) if not word.startswith("--")]
    taken = []
    for source in sources:
        name = source.removeprefix("./").rstrip("/")
        found = [path for path in paths if fnmatch(path, name) or path.startswith(f"{name}/")]
        if not found:
            raise PackingFailed(f"Dockerfile:{step.line} {step}: {source} is not in the repository")
        taken += found
    return taken


def _settings(steps: list[Instruction]) -> dict[str, object]:
    last = {step.word: step for step in steps}
    start = last.get("ENTRYPOINT") or last.get("CMD")
    if start is None or not start.rest.startswith("["):
        raise PackingFailed("The Dockerfile has no ENTRYPOINT in the form of a list.")
    pairs = [pair for step in steps if step.word == "ENV" for pair in shlex.split(step.rest)]
    user = last["USER"].rest if "USER" in last else "root"
    return {"Entrypoint": json.loads(start.rest), "Env": pairs, "User": user, "WorkingDir": "/srv"}


def _unpacked(image: Image, layout: Path) -> Packed:
    folder = workspace("images", "unpacked") / image.digest[7:19]
    if not folder.exists():
        making = folder.with_name(f".{folder.name}")
        shutil.rmtree(making, ignore_errors=True)
        for path, data in visible(read(layout, image.digest[7:19])).items():
            (making / path).parent.mkdir(parents=True, exist_ok=True)
            (making / path).write_bytes(data)
        making.rename(folder)
    start = [sys.executable if word == "python3" else word for word in image.run["Entrypoint"]]
    env = dict(pair.split("=", 1) for pair in image.run["Env"])
    return Packed(image.digest, tuple(start), folder / "srv", env)
