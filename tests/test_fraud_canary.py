"""The canary as a second Deployment: a model in its image, one ledger, a share by pods."""

import sqlite3
import sys
import threading
import time
from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest
from prometheus_client import CollectorRegistry
from sklearn.ensemble import HistGradientBoostingClassifier
from skops.io import dumps

from helpers.delivery.rollouts import champion_and_canary, linted
from helpers.models.registry import Loaded
from helpers.notebooks import named
from helpers.payments import World, features
from helpers.payments.features import COLUMNS
from helpers.serving.fraud.carried import Carried
from helpers.serving.fraud.counters import Counters
from helpers.serving.fraud.history import write_history
from helpers.serving.fraud.kept import Kept
from helpers.serving.fraud.memory import Memory
from helpers.serving.fraud.till import Till
from helpers.serving.ledger import Ledger
from helpers.workspace import python_path
from tests.cluster_typing import running

TODAY = pd.Timestamp("2018-05-15")


@pytest.fixture(scope="module")
def world():
    """Payments and their features, in a world whose labels are known after a week."""
    payments = World.small(0.1, days=50).transactions()
    return payments, features(payments)


def carry(folder, version, world):
    """A model of its own kind for each version, as `carried.carry` would put it there."""
    payments, X = world
    model = HistGradientBoostingClassifier(max_iter=5 * version, random_state=0)
    model.fit(X, payments["is_fraud"])
    folder.mkdir()
    Kept(folder).keep(Loaded(version, model, usual=X.median().to_dict(), data=dumps(model)))
    return folder


def write_past(folder, payments, until):
    labels = payments[["transaction_id", "is_fraud"]].assign(
        known_at=payments["time"] + pd.Timedelta(days=7)
    )
    write_history(folder, payments[payments["time"] < until], labels)


def test_the_model_of_a_folder_is_served_and_none_is_an_error(tmp_path, world):
    carried = Carried(carry(tmp_path / "image", 2, world))
    assert carried.refresh().champion.version == 2 and carried.problem is None
    with pytest.raises(FileNotFoundError, match="No model is carried"):
        Carried(tmp_path)


def test_those_who_share_a_ledger_count_alike(tmp_path, world):
    payments, _ = world
    write_past(tmp_path, payments, TODAY)
    path = str(tmp_path / "ledger.sqlite")
    made = {"ledger_path": path, "labels_path": ":memory:", "clock": tomorrow}
    one, other = (
        Memory(**made, counters=Counters(CollectorRegistry()), shared=True) for _ in range(2)
    )
    alone = Memory(**made, counters=Counters(CollectorRegistry()))
    ledger, again = Ledger(path), Ledger(path)
    last = payments.loc[payments["time"] < TODAY, "transaction_id"].iloc[-1]
    template = again.find(f"{int(last):032x}")
    for number in range(20):
        paid = replaced(template, number, int(TODAY.timestamp()) + 60 * number)
        rows = [memory.features(paid) for memory in (one, other, alone)]
        assert rows[0] == rows[1] == rows[2]
        (ledger if number % 2 else again).take(paid)
        (one if number % 2 else other).take(paid)  # it is in the ledger: counted from there
        alone.take(paid)
    assert rows[0][COLUMNS.index("customer_count_1d")] >= 20
    for each in (one, other, alone, ledger, again):
        each.close()


def tomorrow():
    return TODAY.timestamp() + 86_400


def replaced(payment, number, at):
    """Another payment of the same customer at the same till."""
    return replace(
        payment, payment_id=f"new{number:029x}", idempotency_key=f"k{number}", taken_at=at
    )


def test_the_manifest_is_sound():
    text = champion_and_canary("model-1", "model-2", pods=(3, 1))
    assert linted(text) == []
    assert text.count("replicas: 3") == text.count("replicas: 1") == 1


@pytest.mark.slow
@pytest.mark.needs_tool("kubectl")
def test_a_canary_gets_its_share_and_takes_over_without_a_loss(tmp_path, world):
    payments, X = world
    place = tmp_path / "pods"
    place.mkdir()
    now = payments[(payments["time"] >= TODAY) & (payments["time"] < TODAY + pd.Timedelta(days=1))]
    write_past(place, payments, TODAY)
    with running(tmp_path, quiet=True) as cluster:
        for version in (1, 2):
            env = {
                "PYTHONPATH": python_path(), "CHECKOUT_LEDGER": str(place / "ledger.sqlite"),
                "FRAUD_FOLDER": str(place), "FRAUD_SHARED": "true", "FRAUD_TIMEOUT": "5",
                "FRAUD_CARRIED": str(carry(tmp_path / f"image-{version}", version, world)),
            }  # fmt: skip
            command = [sys.executable, "-m", "helpers.serving.fraud"]
            cluster.load(f"corner/checkout:model-{version}", command=command, env=env)
        manifest = champion_and_canary("model-1", "model-2", pods=(1, 1))
        cluster.kubectl("apply -f -", stdin=manifest, quiet=True)
        for track in ("champion", "canary"):
            line = f"rollout status deployment/checkout-{track} --timeout=50s"
            cluster.kubectl(line, quiet=True)
        till = Till(cluster.url("checkout"), kept=False)
        first = till.pay(now.iloc[:60])
        assert first["decided_by"].value_counts().to_dict() == {"fraud 1": 30, "fraud 2": 30}
        paid, rest = [first], threading.Event()

        def pay():
            for n in range(60, len(now), 5):
                paid.append(till.pay(now.iloc[n : n + 5]))
                rest.wait(0.1)

        paying = threading.Thread(target=pay)
        paying.start()
        for line in (
            "set image deployment/checkout-champion checkout=corner/checkout:model-2",
            "rollout status deployment/checkout-champion --timeout=50s",
            "scale deployment/checkout-canary --replicas=0",
        ):
            cluster.kubectl(line, quiet=True)
        rest.set()
        paying.join()
        paid = pd.concat(paid)
        assert len(paid) == len(now) and till.repeats == 0
        assert set(paid["decided_by"].iloc[-5:]) == {"fraud 2"}
        time.sleep(0.5)  # until the log is written
    with sqlite3.connect(place / "fraud.sqlite") as book:
        seen = pd.read_sql("SELECT * FROM seen", book).set_index("payment_id")
    online = seen.loc[paid["payment_id"], list(COLUMNS)].to_numpy(float)
    counts = [COLUMNS.index(name) for name in COLUMNS if name.startswith(("customer", "amount"))]
    gap = np.abs(online - X.loc[paid.index].to_numpy(float))[:, counts]
    assert gap.max() < 1e-9, "each pod counts what all have taken"


@pytest.mark.slow
@pytest.mark.needs_tool("kubectl")
def test_the_lesson_with_its_cluster_switched_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    cells = [
        cell.source
        for cell in nbformat.read(named(["25"])[0], as_version=4).cells
        if cell.cell_type == "code"
    ]
    begins = (
        "import pickle", "payments = ", "def train", "import mlflow", "with mlflow.start_run(run_",
        "usual = ", "from helpers.models.page", "settings = ", "from helpers.payments.features",
        "from helpers.serving.fraud.carried", "if ON_CLUSTER:\n    from",
        "if ON_CLUSTER:\n    other", "if ON_CLUSTER:\n    time", "def promote_on_cluster",
        "if ON_CLUSTER:\n    releasing",
    )  # fmt: skip
    space = {"read": None, "till": None}
    for begin in begins:
        source = next(one for one in cells if one.startswith(begin))
        if begin.startswith("from helpers.payments.features"):
            source = source.splitlines()[0]
        if begin.startswith("from helpers.serving.fraud.carried"):
            exec(BETWEEN, space)
        exec(source.replace("ON_CLUSTER = False", "ON_CLUSTER = True"), space)
    said = capsys.readouterr().out
    assert "25% decided by the challenger" in said
    assert "payments, largest difference 0e+00" in said
    evening = len(space["evening"])
    assert f"{evening} of {evening} payments taken, 0 had to be repeated" in said
    assert "the last one was decided by fraud 2" in said


# What stands between the cells that are run: the second model, and the Sunday.
BETWEEN = """
sunday = payments[payments["time"].dt.normalize() == today]
hour = sunday["time"].dt.hour
second = train("2018-05-27", "2018-06-24", trees=50)
with mlflow.start_run(run_name="larger"):
    registry.register(log_model(second), usual=usual)
"""
