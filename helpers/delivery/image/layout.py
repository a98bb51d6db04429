"""An image as a folder: the OCI image layout, and the archive that `docker load` reads.

Source: the OCI Image Format Specification, https://github.com/opencontainers/image-spec, its
chapters on the layout, the index, the manifest and the configuration.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.delivery.image.layers import Layer, digest

OCI = "application/vnd.oci.image"
LAYER, CONFIG = f"{OCI}.layer.v1.tar+gzip", f"{OCI}.config.v1+json"
MANIFEST, INDEX = f"{OCI}.manifest.v1+json", f"{OCI}.index.v1+json"
REFERENCE = "org.opencontainers.image.ref.name"
EPOCH = "1970-01-01T00:00:00Z"  # a real time would give another digest at each build


@dataclass(frozen=True)
class Image:
    """What an image is made of: layers from the lowest up, and how its program is started.

    run: what a container of it runs by default, such as Cmd, Env, User and WorkingDir (the
    specification's names).
    """

    layers: Sequence[Layer]
    run: Mapping[str, Any] = field(default_factory=dict)
    architecture: str = "amd64"

    def config(self) -> bytes:
        """The configuration: JSON with the platform, the defaults and each layer's diff_id."""
        history = [{"created": EPOCH, "created_by": one.created_by} for one in self.layers]
        rootfs = {"type": "layers", "diff_ids": [one.diff_id for one in self.layers]}
        platform = {"architecture": self.architecture, "os": "linux"}
        return _json({"created": EPOCH, **platform, "config": dict(self.run)}, rootfs, history)

    def manifest(self) -> bytes:
        """The manifest: JSON that names the configuration and each layer by digest and size."""
        config = _descriptor(CONFIG, self.config())
        layers = [_descriptor(LAYER, one.blob) for one in self.layers]
        head = {"schemaVersion": 2, "mediaType": MANIFEST}
        return json.dumps({**head, "config": config, "layers": layers}, indent=1).encode()

    @property
    def digest(self) -> str:
        """The digest of the manifest, which is the image's own."""
        return digest(self.manifest())


def write(image: Image, folder: Path, tag: str = "latest") -> Path:
    """Write the image into the folder as an OCI layout, under a tag; gives the folder.

    A tag that is there already is moved to this image, and the blobs of others are left alone.
    Raises OSError where the folder cannot be written.
    """
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    for data in (*(one.blob for one in image.layers), image.config(), image.manifest()):
        (blobs / digest(data).removeprefix("sha256:")).write_bytes(data)
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}\n', encoding="utf-8")
    index = folder / "index.json"
    named = json.loads(index.read_text(encoding="utf-8"))["manifests"] if index.exists() else []
    others = [one for one in named if one["annotations"][REFERENCE] != tag]
    this = _descriptor(MANIFEST, image.manifest()) | {"annotations": {REFERENCE: tag}}
    content = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [*others, this]}
    index.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return folder


def archive(image: Image, path: Path, name: str) -> Path:
    """Write the image as one file for `docker load`, under a name such as checkout:1.0.

    It is the layout as a tar file, with the manifest.json that older Engines look for.
    Raises OSError where the file cannot be written.
    """
    folder = write(image, path.with_suffix(".layout"), tag=name.rpartition(":")[2])
    layers = [_blob_path(one.blob) for one in image.layers]
    old = {"Config": _blob_path(image.config()), "RepoTags": [name], "Layers": layers}
    (folder / "manifest.json").write_text(json.dumps([old]), encoding="utf-8")
    with tarfile.open(path, "w") as tar:
        for file in sorted(folder.rglob("*")):
            tar.add(file, arcname=file.relative_to(folder).as_posix(), recursive=False)
    return path


def _json(head: dict[str, Any], rootfs: dict[str, Any], history: list[dict[str, str]]) -> bytes:
    return json.dumps({**head, "rootfs": rootfs, "history": history}, indent=1).encode()


def _descriptor(kind: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": kind, "digest": digest(data), "size": len(data)}


def _blob_path(data: bytes) -> str:
    return "blobs/sha256/" + digest(data).removeprefix("sha256:")
