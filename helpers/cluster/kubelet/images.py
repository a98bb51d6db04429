"""Images: none is pulled. A table says which command stands for an image that the course knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from ..meta import Object


class ImageError(Exception):
    """An image that stands for nothing here."""


@dataclass(frozen=True)
class Image:
    """What runs for an image: its entry point, its environment and its working folder."""

    command: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    workdir: str = ""


def read_table(path: Path) -> dict[str, Image]:
    """The images of a file: {name: {"command": [...], "env": {...}, "workdir": "..."}}.

    None where the file is missing. Raises ImageError where it cannot be read.
    """
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            full(name): Image(
                tuple(map(str, row.get("command") or ())),
                {key: str(value) for key, value in (row.get("env") or {}).items()},
                row.get("workdir") or "",
            )
            for name, row in rows.items()
        }
    except (ValueError, AttributeError, TypeError) as error:
        raise ImageError(f"{path.name} is no table of images: {error}") from error


def full(name: str) -> str:
    """An image's name with its tag, which is latest where none is given."""
    return name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"


def resolve(container: Object, table: dict[str, Image]) -> Image:
    """What runs for a container's image. Raises ImageError, which says what there is instead.

    An unknown image is no hindrance where the container says its command itself; unless other
    tags of it are known: then this tag is one that was never built.
    """
    name = full(container["image"])
    if name in table:
        return table[name]
    tags = sorted(known for known in table if repository(known) == repository(name))
    if tags:
        raise ImageError(f'"{name}" not found; of this image there are: {", ".join(tags)}')
    if not container.get("command"):
        there = ", ".join(sorted(table)) or "none"
        raise ImageError(
            f'"{name}" not found: no image is pulled here, containers run as processes. '
            f"Give the container a command, or use an image that is known: {there}"
        )
    return Image()


def repository(name: str) -> str:
    """An image's name without its tag."""
    head, slash, last = name.partition("@")[0].rpartition("/")
    return head + slash + last.partition(":")[0]
