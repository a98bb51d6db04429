"""A container's folder, and what stands for its paths and ports on this machine.

There is no chroot: a process sees your whole disk. Its working folder is the container's root, and
a mountPath such as /etc/corner is the folder etc/corner below it. A program that reads
"etc/corner/prices.json" finds it; so does one that is told the path in its command, arguments or
environment, because there "/etc/corner" is replaced by where it really is; and so does one that
puts $CONTAINER_ROOT before the path. A containerPort is replaced in the same way, where pods have
no address of their own (macOS).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..meta import Object

ROOT = "CONTAINER_ROOT"  # the environment variable that tells a program where its root is


@dataclass
class Sandbox:
    """folder: the container's own; volumes: where each volume's files are; ports: by number."""

    folder: Path
    volumes: Mapping[str, Path] = field(default_factory=dict)
    ports: Mapping[int, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """What stands for "/"."""
        return self.folder / "root"

    def prepare(self, container: Object) -> Path:
        """Make the root with its mounts, and give the working folder.

        Raises ValueError for a mount of a volume that the pod has not.
        """
        (self.root / "tmp").mkdir(parents=True, exist_ok=True)
        for mount in container.get("volumeMounts") or []:
            self._mount(mount)
        self._note("/dev/termination-log", self.root / "dev" / "termination-log")
        workdir = container.get("workingDir")
        return self._folder(workdir) if workdir else self.root

    def real(self, text: str) -> str:
        """A text of the manifest with its paths and ports as they are on this machine."""
        for path, there in sorted(self.paths.items(), reverse=True):
            text = re.sub(rf"(?<![\w./-]){re.escape(path)}(?![\w.-])", lambda _, t=there: t, text)
        for port, there in self.ports.items():
            if port != there:
                text = re.sub(rf"(?<![\w.]){port}(?![\w.])", str(there), text)
        return text

    def _mount(self, mount: Object) -> None:
        if mount["name"] not in self.volumes:
            raise ValueError(f'volume "{mount["name"]}" not found')
        source = self.volumes[mount["name"]]
        if mount.get("subPath"):
            source = self._inside(source, mount["subPath"])
            if not source.exists():
                source.mkdir(parents=True)
        link = self._inside(self.root, mount["mountPath"])
        link.parent.mkdir(parents=True, exist_ok=True)
        if link.is_symlink():
            link.unlink()
        elif link.is_dir():
            link.rmdir()
        link.symlink_to(source, target_is_directory=source.is_dir())
        self._note(mount["mountPath"], link)

    def _folder(self, path: str) -> Path:
        """A workingDir: below the root, or the real folder where that is one of this machine."""
        if Path(path).is_dir() and not any(path.startswith(mount) for mount in self.paths):
            return Path(path)
        folder = self._inside(self.root, path)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _note(self, path: str, there: Path) -> None:
        there.parent.mkdir(parents=True, exist_ok=True)
        self.paths["/" + path.strip("/")] = str(there)

    @staticmethod
    def _inside(folder: Path, path: str) -> Path:
        """Where a path leads below a folder. Raises ValueError where it leads out of it."""
        parts = Path(path.lstrip("/")).parts
        if ".." in parts:
            raise ValueError(f"must not contain '..': {path}")
        return folder.joinpath(*parts)
