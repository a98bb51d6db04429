"""The registry: numbered versions of the fraud model, and which of them decides.

Two names (aliases) point at versions: `champion` decides, `challenger` is the candidate. A service
asks for the champion and never for a number, so a release and a rollback are each one move of a
name. Which versions were champion is kept in their tags.

The registry is MLflow's current store; `tracking.open_store()` points it at the course's own.
MLflow is imported when a function here is called.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from helpers.models.loading import SHA, USUAL, Loaded, checked, folder_of, load
from helpers.models.reaching import (
    CHALLENGER,
    CHAMPION,
    NAME,
    NoSuchVersion,
    RegistryUnreachable,
    alias_of,
    asking,
    versions_of,
)
from helpers.models.safe import UnsafeModel, digest, read_model
from helpers.models.standing import (
    FROM,
    UNTIL,
    Standing,
    canary,
    history,
    standing,
    version_of,
    withdraw,
)
from helpers.models.tracking import _quiet

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.models.model import ModelInfo

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "NAME",
    "Loaded",
    "NoSuchVersion",
    "RegistryUnreachable",
    "Standing",
    "UnsafeModel",
    "canary",
    "history",
    "load",
    "promote",
    "register",
    "roll_back",
    "standing",
    "version_of",
    "withdraw",
]

TURN = "champion_turn"


def register(
    model: ModelInfo | str,
    usual: Mapping[str, float] | None = None,
    tags: Mapping[str, Any] | None = None,
    name: str = NAME,
) -> int:
    """Make a logged model the next version, and the challenger. Gives the version's number.

    model: what `tracking.log_model` gave, or its URI. usual: the usual value of each feature, such
    as `X_train.median()`; the service explains its decisions by them. tags: what else to keep with
    the version, such as the gate's figures.

    Raises UnsafeModel for a file that could not be loaded safely later; nothing is registered
    then. Raises RegistryUnreachable.
    """
    import mlflow

    uri = model if isinstance(model, str) else model.model_uri
    with asking() as client, _quiet("mlflow.tracking._model_registry.fluent"):
        data = read_model(folder_of(uri))
        kept = {SHA: digest(data), **{key: str(value) for key, value in (tags or {}).items()}}
        if usual is not None:
            kept[USUAL] = json.dumps({key: float(value) for key, value in dict(usual).items()})
        with contextlib.redirect_stderr(io.StringIO()):  # MLflow says there that it has done so
            made = mlflow.register_model(uri, name, tags=kept)
        version = int(made.version)
        client.set_registered_model_alias(name, CHALLENGER, str(version))
    return version


def promote(version: int, name: str = NAME) -> None:
    """Make a version the champion. It stops being the challenger, if it was.

    Raises UnsafeModel, NoSuchVersion or RegistryUnreachable; the champion is then who it was.
    """
    with asking(name, version) as client:
        found = client.get_model_version(name, str(version))
        checked(found)
        turn = max((_turn(one) for one in versions_of(client, name)), default=0) + 1
        if UNTIL in found.tags:
            client.delete_model_version_tag(name, str(version), UNTIL)
        client.set_model_version_tag(name, str(version), TURN, str(turn))
        client.set_model_version_tag(name, str(version), FROM, _now())
        client.set_registered_model_alias(name, CHAMPION, str(version))
        if alias_of(client, name, CHALLENGER) == version:
            client.delete_registered_model_alias(name, CHALLENGER)


def roll_back(name: str = NAME) -> int:
    """Go back to the last good version in one call, and give its number.

    That is the champion before the present one, leaving out versions that were rolled back
    themselves. The present champion is marked in its tags.

    Raises NoSuchVersion where there is none before it, and RegistryUnreachable.
    """
    with asking(name, CHAMPION) as client:
        present = client.get_model_version_by_alias(name, CHAMPION)
        before = [
            one
            for one in versions_of(client, name)
            if 0 < _turn(one) < _turn(present) and UNTIL not in one.tags
        ]
        if not before:
            raise NoSuchVersion(f"Before version {present.version} no good version was champion.")
        last = max(before, key=_turn)
        checked(last)
        client.set_registered_model_alias(name, CHAMPION, str(last.version))
        client.set_model_version_tag(name, str(present.version), UNTIL, _now())
    return int(last.version)


def _turn(version: ModelVersion) -> int:
    """Its place among the champions, counted from 1; 0 for one that never was."""
    return int(version.tags.get(TURN, 0))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
