"""Reach MLflow's registry, and say in plain words when it cannot be reached."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

NAME = "fraud"
CHAMPION, CHALLENGER = "champion", "challenger"
MISSING = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


class RegistryUnreachable(ConnectionError):
    """The registry does not answer; the message says where it was looked for and what to do."""


class NoSuchVersion(LookupError):
    """There is no version of that name or number; the message says how one comes to be."""


@contextlib.contextmanager
def asking(name: str = NAME, which: int | str = "") -> Iterator[MlflowClient]:
    """A client of the current store; what fails is said in the course's own words."""
    import mlflow
    from mlflow import MlflowClient, MlflowException

    uri = mlflow.get_registry_uri()
    _require_file(uri)
    try:
        yield MlflowClient()
    except MlflowException as error:
        if error.error_code in MISSING:
            how = "register and promote one" if isinstance(which, str) else "see history()"
            what = f"The registry has no {which} of {name!r}; {how}." if which else str(error)
            raise NoSuchVersion(what) from error
        raise _unreachable(uri, error) from error


def versions_of(client: MlflowClient, name: str) -> list[ModelVersion]:
    versions, page = [], None
    while page != "":
        some = client.search_modelversions_of(f"name='{name}'", page_token=page)
        versions += some
        page = some.token or ""
    return versions


def alias_of(client: MlflowClient, name: str, alias: str) -> int | None:
    from mlflow import MlflowException

    try:
        return int(client.get_model_version_by_alias(name, alias).version)
    except MlflowException as error:
        if error.error_code in MISSING:
            return None
        raise


def _require_file(uri: str) -> None:
    """For a store that is a SQLite file: MLflow would make a missing one anew, empty."""
    if not uri.startswith("sqlite:///"):
        return
    path = Path(uri.removeprefix("sqlite:///"))
    try:
        if not path.is_file():
            raise FileNotFoundError("the file is not there")
        asked = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=2)
        try:
            asked.execute("SELECT 1 FROM registered_models LIMIT 1")
        finally:
            asked.close()
    except (OSError, sqlite3.Error) as error:
        raise _unreachable(uri, error) from error


def _unreachable(uri: str, error: Exception) -> RegistryUnreachable:
    return RegistryUnreachable(
        f"The model registry at {uri} does not answer ({error}). Models that are loaded go on "
        "working; for new ones, see that the address (MLFLOW_TRACKING_URI, or open_store()) is "
        "right and the store is there."
    )
