"""One layer of an image: a tar file that is the same, byte for byte, whoever makes it.

Source: the OCI Image Format Specification, https://github.com/opencontainers/image-spec, its
chapter on layers. A file that a layer takes away is an empty file with `.wh.` before its name.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

WHITEOUT = ".wh."


@dataclass(frozen=True)
class Layer:
    """A layer as bytes: `tar` as it is unpacked, `blob` as it is stored; `created_by` says why."""

    tar: bytes
    blob: bytes
    created_by: str

    @property
    def diff_id(self) -> str:
        """The digest of the tar file: what the layer holds."""
        return digest(self.tar)

    @property
    def digest(self) -> str:
        """The digest of the compressed blob: what a registry stores and sends."""
        return digest(self.blob)


def digest(data: bytes) -> str:
    """The name of some bytes in the world of images: sha256 and its 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(
    files: Mapping[str, str | bytes],
    removed: Iterable[str] = (),
    created_by: str = "by hand",
    executable: Iterable[str] = (),
) -> Layer:
    """A layer that adds `files` (path to content) and takes away the `removed` paths.

    Names are sorted, and times, owners and rights are fixed, so that the same files give the same
    tar on every machine, and the same blob with the same zlib. executable: those of the files that
    may be run.

    Raises ValueError for a path that is absolute or climbs out of the image with `..`.
    """
    named = {_inside(path): _bytes(content) for path, content in files.items()}
    for path in map(PurePosixPath, map(_inside, removed)):
        named[str(path.with_name(WHITEOUT + path.name))] = b""
    tar = _tar(named, {_inside(path) for path in executable})
    return Layer(tar, _compressed(tar), created_by)


def _compressed(tar: bytes) -> bytes:
    """gzip, with the byte that names the system set to "unknown": Python 3.13 does so, 3.12 not."""
    blob = gzip.compress(tar, mtime=0)
    return blob[:9] + b"\xff" + blob[10:]


def _tar(files: Mapping[str, bytes], executable: set[str]) -> bytes:
    out = io.BytesIO()
    folders = {str(one) for path in files for one in PurePosixPath(path).parents} - {"."}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(folders | files.keys()):
            entry = tarfile.TarInfo(name)  # its time is 0, its owner root
            if name in folders:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            else:
                entry.mode, entry.size = 0o755 if name in executable else 0o644, len(files[name])
                tar.addfile(entry, io.BytesIO(files[name]))
    return out.getvalue()


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise ValueError(f"a path in a layer looks like srv/app.py, not {path!r}")
    return str(pure)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
