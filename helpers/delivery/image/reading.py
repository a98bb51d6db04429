"""An image taken apart: its layers and their files, what is visible, what only seems to be gone."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from helpers.delivery.image.layers import WHITEOUT, digest
from helpers.delivery.image.layout import REFERENCE


@dataclass(frozen=True)
class Stored:
    """A layer as read: its number from 0, digest, bytes as stored, files, and what it removes."""

    number: int
    digest: str
    size: int
    created_by: str
    files: dict[str, bytes]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A file in a layer, and whether somebody inside the container still sees this content."""

    layer: int
    path: str
    visible: bool


def read(folder: Path, tag: str = "latest") -> list[Stored]:
    """The layers of a tagged image in an OCI layout, from the lowest up.

    Raises KeyError that names the tags there are, and ValueError where a blob does not have the
    digest that it is asked for by.
    """
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    tags = {one["annotations"][REFERENCE]: one["digest"] for one in index["manifests"]}
    if tag not in tags:
        raise KeyError(f"no tag {tag!r}; there are {', '.join(sorted(tags))}")
    manifest = json.loads(_blob(folder, tags[tag]))
    history = json.loads(_blob(folder, manifest["config"]["digest"]))["history"]
    why = [one["created_by"] for one in history if not one.get("empty_layer")]
    return [_layer(folder, n, one, why[n]) for n, one in enumerate(manifest["layers"])]


def visible(layers: Sequence[Stored]) -> dict[str, bytes]:
    """The files that a container sees: each layer laid over those below it."""
    seen: dict[str, bytes] = {}
    for one in layers:
        gone = [PurePosixPath(path) for path in one.removed]
        seen = {path: data for path, data in seen.items() if not _within(path, gone)}
        seen |= one.files
    return seen


def layers_with(layers: Sequence[Stored], wanted: str) -> list[Found]:
    """Every file, in every layer, whose path or content holds the text `wanted`."""
    now = visible(layers)
    return [
        Found(one.number, path, now.get(path) == data)
        for one in layers
        for path, data in one.files.items()
        if wanted in path or wanted.encode() in data
    ]


def faults(folder: Path) -> list[str]:
    """The blobs of a layout whose bytes do not have the digest that is their name."""
    return [
        f"{path.name[:12]} holds {digest(path.read_bytes()).removeprefix('sha256:')[:12]}"
        for path in sorted((folder / "blobs" / "sha256").iterdir())
        if digest(path.read_bytes()) != f"sha256:{path.name}"
    ]


def _blob(folder: Path, name: str) -> bytes:
    data = (folder / "blobs" / name.replace(":", "/")).read_bytes()
    if digest(data) != name:
        raise ValueError(f"the blob {name[:19]} has been changed: its bytes give {digest(data)}")
    return data


def _layer(folder: Path, number: int, descriptor: dict[str, Any], created_by: str) -> Stored:
    blob = _blob(folder, descriptor["digest"])
    files = dict(_entries(gzip.decompress(blob)))
    marks = {path for path in files if PurePosixPath(path).name.startswith(WHITEOUT)}
    removed = tuple(_unmarked(path) for path in sorted(marks))
    kept = {path: data for path, data in files.items() if path not in marks}
    return Stored(number, descriptor["digest"], len(blob), created_by, kept, removed)


def _entries(tar: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        for entry in opened:
            file = opened.extractfile(entry) if entry.isfile() else None
            if file is not None:
                yield entry.name, file.read()


def _unmarked(path: str) -> str:
    pure = PurePosixPath(path)
    return str(pure.with_name(pure.name.removeprefix(WHITEOUT)))


def _within(path: str, folders: Sequence[PurePosixPath]) -> bool:
    pure = PurePosixPath(path)
    return any(one == pure or one in pure.parents for one in folders)
