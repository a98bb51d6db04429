"""What the checkout service costs beside a bare FastAPI route that returns a constant.

Both run as processes of their own, on the same uvicorn, and are sent the same requests in turns
over kept connections, by a client on raw sockets, so that the client's own time is small.
The service's own share is what it adds at the median: (service - bare) / service.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import httpx
import pytest

from helpers.programs import free_port
from helpers.workspace import ROOT

BARE = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/basket/price")
@app.post("/payments")
async def constant():
    return {"total_cents": 3000}
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
"""
ITEMS = [{"sku": f"item-{i}", "unit_price_cents": 199 + i, "quantity": 2} for i in range(5)]
ROUNDS, REQUESTS, CONNECTIONS = 5, 600, 8


def request(method, path, body=None, **headers):
    """The bytes of one HTTP request."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(content)}"]
    lines += ["Content-Type: application/json"] if content else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def price(number):
    return request("POST", "/basket/price", {"items": ITEMS})


def payment(number):
    body = {"items": ITEMS, "customer_id": 1, "terminal_id": 7, "card_token": "tok_12345678"}
    return request("POST", "/payments", body, Idempotency_Key=f"{time.time_ns()}-{number}")


def ask(connection, sent):
    """Send one request, read its whole answer. Raises AssertionError where it is no success."""
    connection.sendall(sent)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    assert head[9:10] == b"2", head


def latencies(port, make, requests=REQUESTS):
    """Seconds of each request over one connection, the first tenth left out."""
    seconds = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(requests):
            sent = make(number)
            begun = time.perf_counter()
            ask(connection, sent)
            seconds.append(time.perf_counter() - begun)
    return seconds[requests // 10 :]


def throughput(port, make):
    """Requests per second over several connections at once."""
    each = REQUESTS // CONNECTIONS
    work = [
        threading.Thread(target=latencies, args=(port, lambda n, c=c: make(c * each + n), each))
        for c in range(CONNECTIONS)
    ]
    begun = time.perf_counter()
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    return each * CONNECTIONS / (time.perf_counter() - begun)


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """Ports of the bare route, of the service in memory, and of the service with a file."""
    folder = tmp_path_factory.mktemp("bench")
    service = [sys.executable, "-m", "helpers.serving", "--port"]
    started = {
        "bare": ([sys.executable, "-c", BARE], {}),
        "memory": (service, {}),
        "file": (service, {"CHECKOUT_LEDGER": str(folder / "ledger.sqlite")}),
    }
    found, processes = {}, []
    for name, (command, settings) in started.items():
        found[name] = free_port()
        with open(folder / name, "w") as out:
            processes.append(
                subprocess.Popen(
                    [*command, str(found[name])],
                    cwd=ROOT,
                    env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
                    stdout=out,
                    stderr=out,
                )
            )
    for port in found.values():
        wait(port)
    yield found
    for process in processes:
        process.terminate()
        process.wait()


def wait(port):
    until = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
            return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


CASES = {
    "price": ("memory", price),
    "payment in memory": ("memory", payment),
    "payment in a file": ("file", payment),
}


@pytest.mark.parametrize("case", CASES)
def test_the_service_beside_a_bare_route(benchmark, ports, case):
    """In turns, round by round; the medians of the rounds are compared."""
    where, make = CASES[case]
    sides = {"bare": ports["bare"], "service": ports[where]}
    for port in sides.values():
        latencies(port, make)
    rounds = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side, port in sides.items():
            rounds[side].append((sorted(latencies(port, make)), throughput(port, make)))
    figures = {side: summary(of) for side, of in rounds.items()}
    own = 1 - figures["bare"]["p50_us"] / figures["service"]["p50_us"]
    benchmark.extra_info.update(figures, own_share=round(own, 3))
    print(case, figures, f"own share {own:.2f}")
    benchmark.pedantic(latencies, args=(sides["service"], make, 100), rounds=3)
    if case == "price":  # what a payment adds is its transaction, on the disk
        assert own < 0.5


def summary(rounds):
    """Median over the rounds of p50 and p99 in microseconds, and of requests per second."""
    median = statistics.median
    return {
        "p50_us": round(median(s[len(s) // 2] for s, _ in rounds) * 1e6),
        "p99_us": round(median(s[len(s) * 99 // 100] for s, _ in rounds) * 1e6),
        "per_second": round(median(rate for _, rate in rounds)),
    }
