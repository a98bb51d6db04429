"""A version out of the registry, loaded safely: its file is checked against what was registered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.models.reaching import CHAMPION, NAME, asking
from helpers.models.safe import UnsafeModel, digest, load_model, read_model
from helpers.models.tracking import _quiet

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

SHA, USUAL = "sha256", "usual"


@dataclass(frozen=True)
class Loaded:
    """A model from the registry: its version, the model itself, and its tags.

    usual: the usual value of each feature in its training data, where they were registered.
    data: the model's file. registered: when, in Unix seconds; NaN where that is not known.
    """

    version: int
    model: Any
    tags: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)
    registered: float = nan


def load(which: int | str = CHAMPION, name: str = NAME) -> Loaded:
    """Load a version by its alias or number, safely.

    Raises UnsafeModel for a file of another format, with a type that nobody has named, or changed
    since it was registered; NoSuchVersion; RegistryUnreachable.
    """
    with asking(name, which) as client:
        found = (
            client.get_model_version_by_alias(name, which)
            if isinstance(which, str) and not which.isdigit()
            else client.get_model_version(name, str(which))
        )
        data = checked(found)
    usual = json.loads(found.tags.get(USUAL, "{}"))
    registered = found.creation_timestamp / 1000  # MLflow keeps milliseconds
    return Loaded(int(found.version), load_model(data), dict(found.tags), usual, data, registered)


def checked(version: ModelVersion) -> bytes:
    """The bytes of the version's file. Raises UnsafeModel where it is not what was registered."""
    data = read_model(folder_of(f"models:/{version.name}/{version.version}"))
    wanted = version.tags.get(SHA)
    if wanted is None:
        raise UnsafeModel(
            f"Version {version.version} has no checksum: it was not registered by "
            "helpers.models.registry.register. Register it there."
        )
    if digest(data) != wanted:
        raise UnsafeModel(
            f"The file of version {version.version} is not the one that was registered: its "
            "SHA-256 differs. Find out who changed it, and register the right one anew."
        )
    return data


def folder_of(uri: str) -> Path:
    """The folder with a logged model's files; fetched where it is not on this machine."""
    import mlflow

    with _quiet("mlflow.store.artifact.artifact_repo"):
        return Path(mlflow.artifacts.download_artifacts(uri))
