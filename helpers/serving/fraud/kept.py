"""A copy of the champion on the service's own disk, for a start while the registry is away."""

from __future__ import annotations

import json
import os
from math import isnan, nan
from pathlib import Path

from helpers.models.registry import Loaded
from helpers.models.safe import UnsafeModel, digest, load_model

ABOUT = "champion.json"


class Kept:
    """One model in a folder. It is read as carefully as one from the registry."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, loaded: Loaded) -> None:
        """Put this model in the place of the one before; a kill in between leaves that one."""
        name = f"{digest(loaded.data)}.skops"
        about = {"version": loaded.version, "usual": dict(loaded.usual), "file": name}
        about["registered"] = None if isnan(loaded.registered) else loaded.registered
        self._write(name, loaded.data)
        self._write(ABOUT, json.dumps(about).encode())
        for old in self._folder.glob("*.skops"):
            if old.name != name:
                old.unlink()

    def bring_back(self) -> Loaded | None:
        """The model that was kept, or None. Raises UnsafeModel where its files do not fit."""
        try:
            about = json.loads((self._folder / ABOUT).read_text(encoding="utf-8"))
            name = str(about["file"])
            data = (self._folder / Path(name).name).read_bytes()
            version, usual = int(about["version"]), dict(about["usual"])
            registered = nan if about.get("registered") is None else float(about["registered"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnsafeModel(f"The model kept in {self._folder} cannot be read.") from error
        if name != f"{digest(data)}.skops":
            raise UnsafeModel(f"The model kept in {self._folder} is not the one described there.")
        return Loaded(version, load_model(data), usual=usual, data=data, registered=registered)

    def _write(self, name: str, content: bytes) -> None:
        half = self._folder / f".{name}.new"
        half.write_bytes(content)
        os.replace(half, self._folder / name)
