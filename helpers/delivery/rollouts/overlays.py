"""The image that an overlay runs, read and written: the one line that a release changes."""

from __future__ import annotations

from pathlib import Path

import yaml

from .packing import NAME


def pinned(overlay: Path) -> str:
    """The image that the overlay in this folder runs, such as corner/checkout@sha256:...

    Raises ValueError where it names none.
    """
    for image in _read(overlay).get("images", []):
        if image["name"] == NAME:
            return f"{NAME}@{image['digest']}" if "digest" in image else f"{NAME}:{image['newTag']}"
    raise ValueError(f"{overlay.name} names no image for {NAME}")


def pin(overlay: Path, image: str) -> None:
    """Make the overlay run this image, by digest or by tag; nothing else in the file changes."""
    file = overlay / "kustomization.yaml"
    _, sign, value = image.partition("@") if "@" in image else image.partition(":")
    key = "digest" if sign == "@" else "newTag"
    lines = file.read_text(encoding="utf-8").splitlines()
    there = [n for n, line in enumerate(lines) if line.strip().startswith(f"- {{name: {NAME},")]
    if len(there) != 1:
        raise ValueError(f"{overlay.name} names {len(there)} images for {NAME}, not one")
    lines[there[0]] = f"  - {{name: {NAME}, {key}: {value}}}"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read(overlay: Path) -> dict:
    return yaml.safe_load((overlay / "kustomization.yaml").read_text(encoding="utf-8"))
