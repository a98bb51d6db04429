"""The record of training runs: MLflow on one SQLite file, models in a format that is safe to load.

MLflow is imported when a function here is called, for it takes seconds.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.workspace import workspace

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo

DATABASE = "mlflow.db"
# skops runs no code of a file that it loads. It asks for a yes by name where a type could do harm
# in a forged file: the trees' nodes hold indices that scikit-learn follows unchecked.
TRUSTED_TYPES = (
    "sklearn.tree._tree.Tree",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


def open_store(*parts: str) -> str:
    """Point MLflow at the course's record, made if it is missing, and give its tracking URI.

    It is the SQLite file mlflow.db in the workspace's folder `parts` ("mlflow" where none is
    named); models lie beside it. Making it takes some seconds, once.

    Raises OSError where the folder cannot be written.
    """
    import mlflow
    from filelock import FileLock

    folder = workspace(*(parts or ("mlflow",)))
    with FileLock(str(folder / ".making.lock"), timeout=120):
        if not (folder / DATABASE).exists():
            _make(folder)
    uri = tracking_uri(folder)
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    return uri


def tracking_uri(folder: Path) -> str:
    """The address by which MLflow knows the record in `folder`."""
    return f"sqlite:///{(folder / DATABASE).as_posix()}"


def new_experiment(title: str) -> str:
    """A new experiment of that title and the present moment; runs go there from now on.

    Gives its id. What is recorded goes into MLflow's current store; models go beside it.
    """
    import mlflow

    store = Path(mlflow.get_tracking_uri().removeprefix("sqlite:///"))
    name = f"{title}, {datetime.now():%Y-%m-%d %H:%M:%S.%f} ({os.getpid()})"
    place = (store.parent / "artifacts").as_uri()
    id = mlflow.create_experiment(name, artifact_location=place)
    mlflow.set_experiment(experiment_id=id)
    return id


def log_model(model: Any, name: str = "model") -> ModelInfo:
    """Store a scikit-learn model with the run that is open, in skops' format, and describe it.

    The libraries that it needs are written down with their versions. Raises MlflowException for a
    model that holds a type beyond scikit-learn's own and TRUSTED_TYPES.
    """
    import mlflow.sklearn

    from helpers.models.page import give_back_memory

    with _quiet("mlflow.utils.environment", "mlflow.models.model"):
        info = mlflow.sklearn.log_model(
            model,
            name=name,
            serialization_format="skops",
            skops_trusted_types=list(TRUSTED_TYPES),
            pip_requirements=_requirements(),
        )
    give_back_memory()  # a model is packed and unpacked several times over while it is stored
    return info


def _requirements() -> list[str]:
    from importlib.metadata import version

    # Given by name, or MLflow would look for them in a process of its own for ten seconds.
    return [f"{name}=={version(name)}" for name in ("scikit-learn", "pandas", "skops")]


def _make(folder: Path) -> None:
    """Make the database beside its place, so that a stop in the middle leaves none and no half."""
    from mlflow import MlflowClient

    for left in folder.glob(f".{DATABASE}.*"):
        left.unlink()
    # Another name at each try, for MLflow keeps a connection to each file that it has opened.
    half = folder / f".{DATABASE}.{secrets.token_hex(4)}"
    with _quiet("mlflow.store.db.utils", "alembic"):
        client = MlflowClient(tracking_uri=f"sqlite:///{half.as_posix()}")
        client.search_experiments()
        client._tracking_client.store.engine.dispose()
    os.replace(half, folder / DATABASE)


@contextlib.contextmanager
def _quiet(*names: str) -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
