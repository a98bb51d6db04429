"""The retraining pipeline: what stops it, what it keeps, what it makes of a good night."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.models import registry
from helpers.models.pipeline import (
    IMAGE,
    BrokenContract,
    NoPipelines,
    StoppedAtGate,
    compile_to,
    empty_registry,
    run_here,
    steps,
    submit,
)
from helpers.models.pipeline.contract import require_contract
from helpers.models.pipeline.here import STEPS, read_log
from helpers.payments import World

BOUNDS = {"cards": 10, "slice_recall": 0.0, "more_alarms": 50}


@pytest.fixture(scope="module")
def night():
    world = World.small(0.1, days=70, seed=3)
    payments = world.transactions().drop(columns=["is_fraud", "scenario"])
    return payments, world.labels(at=world.first_day + np.timedelta64(70, "D"))


def delivered(folder, payments, labels):
    folder.mkdir(exist_ok=True)
    payments.to_parquet(folder / "payments.parquet")
    labels.to_parquet(folder / "labels.parquet")
    return folder


def without_a_day(payments):
    return payments[payments["time"].dt.normalize() != pd.Timestamp("2018-04-09")]


BROKEN = {
    "no payment": (lambda pay, lab: (pay[:0], lab[:0]), "holds no payment"),
    "an empty day": (
        lambda pay, lab: (
            without_a_day(pay),
            lab[lab["transaction_id"].isin(without_a_day(pay)["transaction_id"])],
        ),
        "2018-04-09 is empty",
    ),
    "one class": (
        lambda pay, lab: (pay, lab[~lab["is_fraud"]]),
        r"0 of \d+ say fraud; .* both kinds",
    ),
    "a NaN": (
        lambda pay, lab: (pay.assign(amount=pay["amount"].where(pay.index != 3)), lab),
        "'amount' has 1 missing values, first in row 3",
    ),
    "a renamed column": (
        lambda pay, lab: (pay.rename(columns={"amount": "value"}), lab),
        "'value' was not agreed on; transactions has no column 'amount'",
    ),
    "a new column": (lambda pay, lab: (pay.assign(shop=1), lab), "'shop' was not agreed on"),
    "another type": (
        lambda pay, lab: (pay.assign(time=pay["time"].astype(str)), lab),
        "'time' has type .* expected datetime64",
    ),
    "a payment twice": (
        lambda pay, lab: (pd.concat([pay, pay[5:6]], ignore_index=True), lab),
        "'transaction_id' has 1 repeated values",
    ),
    "cents": (
        lambda pay, lab: (pay.assign(amount=pay["amount"] * 100), lab),
        "amounts are not from 0 to 3,000",
    ),
    "labels of nobody": (
        lambda pay, lab: (pay, lab.assign(transaction_id=lab["transaction_id"] + 10**6)),
        "of payments that were not delivered",
    ),
    "labels too early": (
        lambda pay, lab: (pay, lab.assign(known_at=lab["known_at"] - pd.Timedelta(days=9))),
        "known before their payment",
    ),
    "labels without a verdict": (
        lambda pay, lab: (pay, lab.drop(columns="is_fraud")),
        "labels has no column 'is_fraud'",
    ),
}


def test_a_night_as_agreed_passes(night):
    require_contract(*night)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_delivery_is_named(night, name):
    break_it, words = BROKEN[name]
    with pytest.raises(BrokenContract, match=words):
        require_contract(*break_it(*night))


def test_a_delivery_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no payments\.parquet"):
        steps.ingest(str(tmp_path), "a", "b")


@pytest.fixture
def files(night, tmp_path):
    return delivered(tmp_path / "night", *night)


def test_the_split_leaves_out_the_days_whose_labels_are_on_their_way(files, night):
    train, test = steps.split(files / "payments.parquet", files / "labels.parquet", 20)
    labelled = night[0].merge(night[1], on="transaction_id")["time"].max()
    assert test["time"].max() < labelled
    assert test["time"].min() - train["time"].max() > pd.Timedelta(days=7)
    assert train["time"].dt.normalize().nunique() == 20


def test_a_training_of_one_class_says_so(night, tmp_path):
    payments, labels = night
    folder = delivered(tmp_path / "night", payments, labels.assign(is_fraud=False))
    X = tmp_path / "X"
    steps.build_features(folder / "payments.parquet", folder / "labels.parquet", X)
    with pytest.raises(ValueError, match=r"^0 of \d+ payments to train on are fraud"):
        steps.train(
            X, folder / "payments.parquet", folder / "labels.parquet", tmp_path / "m", 20, 5
        )


@pytest.fixture(scope="module")
def runs(night, tmp_path_factory):
    """A good night, a night of cents and a hasty candidate, one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("runs")
        patch.setenv("TWO_LOOPS_WORKSPACE", str(folder / "workspace"))
        payments, labels = night
        good = delivered(folder / "good", payments, labels)
        cents = delivered(
            folder / "cents", payments.assign(amount=payments["amount"] * 100), labels
        )
        uri = empty_registry("test")
        yield {
            "registry": uri,
            "good": run_here(good, uri, bounds=BOUNDS),
            "cents": run_here(cents, uri, bounds=BOUNDS),
            "hasty": run_here(good, uri, bounds=BOUNDS, train_days=2, trees=3),
        }


def test_a_good_night_ends_with_a_new_champion(runs):
    import mlflow

    ran = runs["good"]
    assert ran.finished and ran.failed is None, str(ran)
    assert ran.version == 1
    mlflow.set_tracking_uri(runs["registry"])
    mlflow.set_registry_uri(runs["registry"])
    loaded = registry.load(registry.CHAMPION)
    assert loaded.version == 1 and loaded.tags["gate"] == "passed"
    X = pd.read_parquet(ran.made("features", "X"))
    scores = loaded.model.predict_proba(X[:100])[:, 1]
    assert np.isfinite(scores).all() and set(loaded.usual) == set(X)


def test_a_faulty_batch_stops_at_the_door_and_what_came_is_kept(runs):
    ran = runs["cents"]
    states = ran.table()["state"].tolist()
    assert states == ["finished", "failed", *["not started"] * 4]
    assert ran.failed.reason.startswith("BrokenContract: payments: ")
    assert "amounts are not from 0 to 3,000" in ran.failed.reason
    assert pd.read_parquet(ran.made("ingest", "payments"))["amount"].max() > 3_000
    with pytest.raises(FileNotFoundError, match="ingest/payments"):
        ran.made("train", "model")
    assert "Traceback" in (ran.folder / "log.txt").read_text()


def test_a_bad_candidate_stops_at_the_gate_and_its_report_is_kept(runs):
    ran = runs["hasty"]
    assert ran.failed.name == "gate" and ran.version is None
    assert ran.steps[-1].state == "not started"
    assert ran.failed.reason.startswith("StoppedAtGate: Stopped by")
    report = json.loads(ran.made("gate", "report").read_text())
    assert not report["passed"]
    assert "not worse than the champion" in [check["name"] for check in report["checks"]]
    assert ran.made("train", "model").stat().st_size > 0


def test_nothing_but_the_good_night_reached_the_registry(runs):
    import mlflow

    mlflow.set_tracking_uri(runs["registry"])
    mlflow.set_registry_uri(runs["registry"])
    assert [row["version"] for row in registry.history()] == [1]


def test_the_gate_raises_with_figures(runs, tmp_path):
    made = runs["good"].made
    data = made("validate", "checked"), made("validate", "checked_labels")
    with pytest.raises(StoppedAtGate, match="ranks well: average precision"):
        steps.gate(
            made("train", "model"),
            made("features", "X"),
            *data,
            tmp_path / "report",
            train_days=28,
            registry=runs["registry"],
            average_precision=0.999,
        )
    assert (tmp_path / "report").exists()


def test_it_compiles_for_a_cluster_with_the_image_and_no_pip(tmp_path):
    path = compile_to(tmp_path / "fraud.yaml", image="registry.example/python-fraud:2.1")
    text = path.read_text(encoding="utf-8")
    spec = yaml.safe_load(text)
    executors = spec["deploymentSpec"]["executors"]
    assert {name.removeprefix("exec-") for name in executors} == set(STEPS)
    images = {one["container"]["image"] for one in executors.values()}
    assert images == {"registry.example/python-fraud:2.1"}
    assert "pip install" not in text
    tasks = spec["root"]["dag"]["tasks"]
    assert tasks["register"]["dependentTasks"] == ["features", "gate", "train"]


def test_a_log_without_a_reason_is_told_so():
    ended = read_log("Task 'ingest' finished with status FAILURE\n")
    assert [step.state for step in ended] == ["failed", *["not started"] * 5]
    assert "log.txt" in ended[0].reason


API = "/apis/v2beta1"
# What the reference's v2beta1Run lets a client send; the other fields are the server's own.
OF_A_RUN = {
    *("experiment_id", "display_name", "description", "storage_state", "pipeline_version_id"),
    *("pipeline_version_reference", "pipeline_spec", "runtime_config", "service_account"),
}


class Kubeflow(BaseHTTPRequestHandler):
    """Answers as the reference of the API v2beta1 says, and keeps what it was asked.

    Another path, or another field in a run, is refused, as a server would.
    """

    asked: ClassVar[list] = []
    refuses = False

    def answer(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.asked.append(("GET", self.path, None))
        if self.path == f"{API}/healthz":
            return self.answer(200, {"multi_user": False})
        if self.path.partition("?")[0] == f"{API}/experiments":
            return self.answer(200, {"experiments": []})
        return self.answer(404, {"message": "Not Found", "code": 5})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(("POST", self.path, body))
        if self.path.partition("?")[0] == f"{API}/experiments":
            return self.answer(200, {"experiment_id": "e1", "display_name": body["display_name"]})
        if self.path.partition("?")[0] != f"{API}/runs":
            return self.answer(404, {"message": "Not Found", "code": 5})
        if unknown := set(body) - OF_A_RUN:
            return self.answer(400, {"message": f"unknown field {sorted(unknown)}", "code": 3})
        if self.refuses:
            return self.answer(400, {"message": "the pipeline spec is not valid", "code": 3})
        return self.answer(200, {"run_id": "r1", "display_name": body["display_name"]})

    def log_message(self, *_):
        """Stay silent."""


@pytest.fixture
def kubeflow(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))  # kfp keeps its context there
    monkeypatch.setattr(Kubeflow, "asked", [])
    server = HTTPServer(("127.0.0.1", 0), Kubeflow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_same_file_is_submitted_to_a_server(kubeflow, tmp_path, monkeypatch):
    monkeypatch.setenv("KFP_ENDPOINT", kubeflow)
    package = compile_to(tmp_path / "fraud.yaml")
    assert submit(package, source="/data/night", registry="http://mlflow", train_days=30) == "r1"
    (body,) = [body for way, path, body in Kubeflow.asked if "/runs" in path]
    wanted = yaml.safe_load(package.read_text())
    for task in wanted["root"]["dag"]["tasks"].values():
        task["cachingOptions"] = {}  # each night is trained anew, whatever the cluster remembers
    assert body["pipeline_spec"] == wanted, "the file, whole"
    assert body["pipeline_spec"]["pipelineInfo"]["name"] == "fraud-retraining"
    steps_of = body["pipeline_spec"]["deploymentSpec"]["executors"].values()
    assert {one["container"]["image"] for one in steps_of} == {IMAGE} and len(steps_of) == 6
    given = {"source": "/data/night", "registry": "http://mlflow", "train_days": 30}
    assert body["runtime_config"]["parameters"] == given
    assert body["experiment_id"] == "e1"


def test_a_refusal_says_why(kubeflow, tmp_path, monkeypatch):
    monkeypatch.setattr(Kubeflow, "refuses", True)
    package = compile_to(tmp_path / "fraud.yaml")
    with pytest.raises(NoPipelines, match="did not take the run"):
        submit(package, endpoint=kubeflow, source="a", registry="b")


def test_no_server_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("KFP_ENDPOINT", raising=False)
    with pytest.raises(NoPipelines, match="Set KFP_ENDPOINT"):
        submit(Path(tmp_path, "fraud.yaml"), source="a", registry="b")
