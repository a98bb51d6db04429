"""The checkout service as a process: how it starts, drains, ends, and what a kill leaves."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import psutil
import pytest

from helpers.programs import Server, free_port
from helpers.workspace import ROOT

PAYMENT = {
    "items": [{"sku": "tea", "unit_price_cents": 400}],
    "customer_id": 1,
    "terminal_id": 1,
    "card_token": "tok_12345",
}
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


def start(log, port=None, module="helpers.serving", cwd=ROOT, **settings):
    """The process, ready to be sent signals; its address; `settings` are environment variables."""
    port = port or free_port()
    variables = {f"CHECKOUT_{name.upper()}": str(value) for name, value in settings.items()}
    with open(log, "w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", str(port)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(cwd), **variables},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{url}/readyz", trust_env=False).raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.05)
    return process, url


@pytest.fixture
def started(tmp_path):
    running = []

    def begin(**settings):
        process, url = start(tmp_path / f"log{len(running)}", **settings)
        running.append(process)
        return process, url

    yield begin
    for process in running:
        process.kill()
        process.wait()


def soon(holds, limit=20):
    """Wait until it holds; what is asked right after a signal may come before it."""
    until = time.monotonic() + limit
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)


def get(url, path):
    return httpx.get(url + path, trust_env=False)


def refuses(url):
    try:
        get(url, "/healthz")
    except httpx.ConnectError:
        return True
    return False


def pay(url, number):
    key = {"Idempotency-Key": f"till-1-{number:04}"}
    return httpx.post(f"{url}/payments", json=PAYMENT, headers=key, trust_env=False)


@posix
def test_it_drains_before_it_ends_and_finishes_what_is_under_way(started):
    process, url = started(drain_seconds=3)
    body = json.dumps({"items": PAYMENT["items"]}).encode()
    head = (
        "POST /basket/price HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", httpx.URL(url).port)) as slow:
        slow.sendall(head.encode() + body[:5])
        soon(lambda: "checkout_requests_in_flight 2.0" in get(url, "/metrics").text)
        process.send_signal(signal.SIGTERM)
        soon(lambda: get(url, "/readyz").json() == {"status": "draining"})
        assert pay(url, 1).status_code == 201  # the balancer may not have noticed yet
        soon(lambda: refuses(url))
        slow.sendall(body[5:])
        assert b'"total_cents":400' in b"".join(iter(lambda: slow.recv(4096), b""))
    assert process.wait(10) == -signal.SIGTERM


@posix
def test_a_second_signal_cuts_the_draining_short(started):
    process, url = started(drain_seconds=60)
    process.send_signal(signal.SIGTERM)
    soon(lambda: get(url, "/readyz").status_code == 503)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == -signal.SIGTERM


def test_a_restart_forgets_no_payment_and_no_key(started, tmp_path):
    ledger = tmp_path / "ledger.sqlite"
    process, url = started(ledger=ledger)
    first = pay(url, 1).json()
    process.kill()
    process.wait()
    _, url = started(ledger=ledger)
    assert get(url, f"/payments/{first['payment_id']}").json() == first
    again = pay(url, 1)
    assert (again.status_code, again.json()) == (200, first)


def test_it_is_open_to_this_machine_alone_and_logs_json(started, tmp_path):
    process, url = started()
    assert pay(url, 1).status_code == 201
    connections = psutil.Process(process.pid).net_connections()
    assert {c.laddr.ip for c in connections if c.status == "LISTEN"} == {"127.0.0.1"}
    process.terminate()
    process.wait()
    lines = [json.loads(line) for line in (tmp_path / "log0").read_text().splitlines()]
    assert any(line.get("route") == "/payments" for line in lines)
    assert "tok_12345" not in (tmp_path / "log0").read_text()


def test_a_bad_setting_is_said_and_ends_it():
    run = subprocess.run(
        [sys.executable, "-m", "helpers.serving"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CHECKOUT_PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    assert "A setting cannot be used" in run.stderr and "port" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_lesson_starts_and_stops_it(tmp_path):
    port = free_port()
    command = (sys.executable, "-m", "helpers.serving", "--port", port)
    with Server(*command, port=port, log=tmp_path / "log", cwd=ROOT, quiet=True) as server:
        server.wait("/readyz")
        assert pay(server.url, 1).status_code == 201
    assert not server.running
