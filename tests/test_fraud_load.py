"""Under load: models exchanged, the process killed, the registry away; no payment is lost."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from helpers.models import registry
from helpers.payments import World, features
from helpers.programs import free_port
from helpers.workspace import ROOT

NOW = 1_530_000_000
CLIENTS, SWAPS = 4, 20


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A registry with three versions: the first is champion, the last challenger."""
    import mlflow

    from helpers.models.tracking import log_model, new_experiment, open_store

    folder = tmp_path_factory.mktemp("store")
    before = os.environ.get("TWO_LOOPS_WORKSPACE")
    os.environ["TWO_LOOPS_WORKSPACE"] = str(folder)
    uri = open_store()
    new_experiment("load")
    transactions = World.small(0.05, days=40).transactions()
    X = features(transactions)
    for trees in (10, 11, 12):
        model = HistGradientBoostingClassifier(max_iter=trees, random_state=0)
        with mlflow.start_run():
            info = log_model(model.fit(X, transactions["is_fraud"]))
        registry.register(info, usual=X.median())
    registry.promote(1)
    yield uri
    if before is not None:
        os.environ["TWO_LOOPS_WORKSPACE"] = before


class Service:
    """The service as a process that can be killed and started again on the same port and files."""

    def __init__(self, folder, uri):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            "PYTHONPATH": str(ROOT),
            "CHECKOUT_LEDGER": str(folder / "ledger.sqlite"),
            "FRAUD_FOLDER": str(folder),
            "FRAUD_EVERY": "0",
            "MLFLOW_TRACKING_URI": uri,
        }

    def start(self):
        with open(self.folder / "log", "a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "helpers.serving.fraud", "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=out,
                stderr=out,
            )
        until = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{self.url}/readyz", trust_env=False).raise_for_status()
                return self
            except httpx.HTTPError:
                assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
                assert time.monotonic() < until, "it did not come up"
                time.sleep(0.1)

    def refresh(self):
        return httpx.post(f"{self.url}/fraud/models/refresh", timeout=30, trust_env=False).json()

    def kill(self):
        self.process.kill()
        self.process.wait()


class Till(threading.Thread):
    """Sends payments until it is told to stop; repeats one with its key until it is answered."""

    def __init__(self, number, port):
        super().__init__(daemon=True)
        self.number, self.port = number, port
        self.paid, self.statuses, self.repeats, self.going = {}, [], 0, True

    def run(self):
        connection, count = None, 0
        while self.going:
            key = f"till-{self.number}-{count:06}"
            while True:
                try:
                    if connection is None:
                        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                    status, answer = self.send(connection, key, count)
                    self.statuses.append(status)
                    break
                except (OSError, http.client.HTTPException):  # killed: ask again, same key
                    connection, self.repeats = None, self.repeats + 1
                    time.sleep(0.05)
            self.paid[key] = answer
            count += 1

    def send(self, connection, key, count):
        body = {
            "items": [{"sku": "tea", "unit_price_cents": 100 + count % 5000}],
            "customer_id": self.number * 1000 + count % 50,
            "terminal_id": count % 70,
            "card_token": "tok_12345678",
            "taken_at": NOW + count,
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        connection.request("POST", "/payments", json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def under_load(service, store, between):
    """20 swaps, a registry that goes away, a kill and a start without it; what the tills saw."""
    tills = [Till(number, service.port) for number in range(CLIENTS)]
    for till in tills:
        till.start()
    database = Path(store.removeprefix("sqlite:///"))
    champions = set()
    for number in range(SWAPS):
        time.sleep(between)
        registry.promote(1 + number % 2)
        champions.add(service.refresh()["champion"])
    away = database.rename(database.with_suffix(".away"))
    try:
        told = service.refresh()
        time.sleep(between)
        service.kill()
        service.start()
        time.sleep(between)
        kept = service.refresh()
    finally:
        away.rename(database)
    assert service.refresh()["problem"] is None
    time.sleep(between)
    for till in tills:
        till.going = False
    for till in tills:
        till.join(30)
    return tills, champions, told, kept


def check(service, store, between):
    tills, champions, told, kept = under_load(service, store, between)
    assert champions == {1, 2}
    for models in (told, kept):
        assert models["champion"] == 2 and "does not answer" in models["problem"]
    assert {status for till in tills for status in till.statuses} <= {200, 201}
    assert all(till.repeats for till in tills), "every till noticed the kill"
    answers = {key: answer for till in tills for key, answer in till.paid.items()}
    with sqlite3.connect(service.folder / "ledger.sqlite") as book:
        rows = book.execute("SELECT idempotency_key, payment_id, decided_by FROM payments")
        kept_rows = rows.fetchall()
    assert {key: id for key, id, _ in kept_rows} == {
        key: answer["payment_id"] for key, answer in answers.items()
    }
    assert len(kept_rows) == len(answers), "none is lost and none is there twice"
    assert {by for *_, by in kept_rows} <= {"fraud 1", "fraud 2"}, "the rule was never needed"
    counted = httpx.get(f"{service.url}/metrics", trust_env=False).text
    since = [line for line in counted.splitlines() if line.startswith("checkout_payments_total")]
    assert 0 < sum(float(line.rsplit(" ", 1)[1]) for line in since) <= len(kept_rows)
    return answers


def counted_anew(service):
    """How many payments the windows count after a start from the files alone."""
    from prometheus_client import CollectorRegistry

    from helpers.serving.fraud.counters import Counters
    from helpers.serving.fraud.memory import Memory

    memory = Memory(
        str(service.folder / "ledger.sqlite"),
        str(service.folder / "fraud.sqlite"),
        Counters(CollectorRegistry()),
    )
    memory.close()
    return sum(len(timeline.times) for timeline in memory.windows.customers.values())


@pytest.fixture
def service(store, tmp_path):
    service = Service(tmp_path, store).start()
    yield service
    service.kill()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX systems")
def test_swaps_a_kill_and_an_absent_registry_cost_no_payment(service, store):
    answers = check(service, store, between=0.05)
    assert len(answers) > 100
    assert counted_anew(service) == len(answers)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a thing of POSIX systems")
def test_the_same_for_a_minute(service, store):
    answers = check(service, store, between=2.5)
    assert len(answers) > 3_000
    assert counted_anew(service) == len(answers)
