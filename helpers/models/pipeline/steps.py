"""The work of each step, on files: plain functions that run, and are tested, without Kubeflow.

Each reads what the steps before it wrote (Parquet, skops, JSON) and writes its own.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.payments import features

from .contract import require_contract

if TYPE_CHECKING:
    from helpers.models import GateReport

DAY = pd.Timedelta(days=1)
DELAY, TEST = 7, 7  # days: until a label is known; to test on
PAYMENTS, LABELS = "payments.parquet", "labels.parquet"


class StoppedAtGate(RuntimeError):
    """The candidate did not pass; the message is the gate's verdict, with figures and reasons."""


def ingest(source: str, payments_to: str, labels_to: str) -> int:
    """Copy a delivery out of its folder, as it is, and give its number of payments.

    Raises FileNotFoundError that names the folder and the file that is missing.
    """
    for name, to in ((PAYMENTS, payments_to), (LABELS, labels_to)):
        file = Path(source, name)
        if not file.exists():
            raise FileNotFoundError(f"{source} holds no {name}")
        pd.read_parquet(file).to_parquet(to)
    return len(pd.read_parquet(payments_to))


def validate(payments: str, labels: str) -> None:
    """Raise BrokenContract unless the delivery is as agreed."""
    require_contract(pd.read_parquet(payments), pd.read_parquet(labels))


def build_features(payments: str, labels: str, to: str) -> int:
    """Write the 15 features of each payment, of what was known when it was made; give the rows."""
    X = features(pd.read_parquet(payments), pd.read_parquet(labels))
    X.to_parquet(to)
    return len(X)


def split(payments: str, labels: str, train_days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Payments to train on and to test on, by the labels that have come in.

    The test is the last week of which the labels are known; a week before it is left out, because
    on the first test day its labels were not known; the `train_days` before that are to train on.
    Raises ValueError where one of them is empty.
    """
    from helpers.models import time_split

    known = pd.read_parquet(labels)[["transaction_id", "is_fraud"]]
    labelled = pd.read_parquet(payments).merge(known, on="transaction_id", how="left")
    complete = labelled[labelled["is_fraud"].notna()]
    complete = complete.assign(is_fraud=complete["is_fraud"].astype(bool))
    last = complete["time"].max().normalize()  # known in part only
    start = last - (train_days + DELAY + TEST) * DAY
    return time_split(complete, start, train_days, DELAY, TEST)


def train(X: str, payments: str, labels: str, to: str, train_days: int, trees: int) -> int:
    """Train the candidate, write it in skops' format, and give the number of frauds it has seen.

    Raises ValueError where the training days hold one kind of payment alone.
    """
    import skops.io
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, _ = split(payments, labels, train_days)
    frauds = int(rows["is_fraud"].sum())
    if frauds in (0, len(rows)):
        raise ValueError(f"{frauds} of {len(rows)} payments to train on are fraud; both are needed")
    model = HistGradientBoostingClassifier(
        max_iter=trees, max_leaf_nodes=15, l2_regularization=1.0, early_stopping=False,
        learning_rate=0.1, random_state=0,
    )  # fmt: skip
    model.fit(pd.read_parquet(X).loc[rows.index], rows["is_fraud"])
    skops.io.dump(model, to)
    return frauds


def gate(
    model: str, X: str, payments: str, labels: str, report_to: str, **wanted: Any
) -> GateReport:
    """Judge the candidate on the test week, beside the champion of the registry if there is one.

    wanted: train_days, registry (the tracking URI), and bounds of the gate by their names. The
    report is written as JSON whether it passes or not. Raises StoppedAtGate where it does not.
    """
    from helpers.models import Bounds, registry, release_gate

    _, test = split(payments, labels, wanted.pop("train_days"))
    _use(wanted.pop("registry"))
    try:
        champion = registry.load(registry.CHAMPION).model
    except registry.NoSuchVersion:
        champion = None
    rows = pd.read_parquet(X).loc[test.index]
    # Kubeflow hands on every number of a parameter as a float, also a count.
    counts = {field.name for field in fields(Bounds) if field.type == "int"}
    bounds = Bounds(**{name: int(v) if name in counts else v for name, v in wanted.items()})
    report = release_gate(_load(model), champion, test, rows, bounds=bounds)
    Path(report_to).write_text(json.dumps(report.to_dict(), indent=1), encoding="utf-8")
    if not report.passed:
        reasons = "; ".join(f"{check.name}: {check.reason}" for check in report.failed)
        raise StoppedAtGate(f"{report.verdict()} {reasons}")
    return report


def register(model: str, X: str, report: str, registry_uri: str) -> int:
    """Put the candidate into the registry as its next version and make it the champion.

    Gives the version. The gate's figures go with it. Raises UnsafeModel or RegistryUnreachable.
    """
    import mlflow

    from helpers.models import registry
    from helpers.models.tracking import log_model, new_experiment

    _use(registry_uri)
    new_experiment("retraining pipeline")
    checks = json.loads(Path(report).read_text(encoding="utf-8"))["checks"]
    figures = {_key(one["name"]): one["figure"] for one in checks if one["figure"] is not None}
    with mlflow.start_run(run_name="retraining pipeline"):
        mlflow.log_metrics(figures)
        logged = log_model(_load(model))
    usual = pd.read_parquet(X).median()
    version = registry.register(logged, usual=usual, tags={"gate": "passed"})
    registry.promote(version)
    return version


def _use(uri: str) -> None:
    import mlflow

    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)


def _load(path: str) -> Any:
    from helpers.models.safe import load_model

    return load_model(Path(path).read_bytes())


def _key(name: str) -> str:
    return name.replace(" ", "_").replace("'", "")
