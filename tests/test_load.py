"""The customers of lesson 16: when they come, what they ask, and that they wait for nobody."""

import csv
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from helpers.delivery.load import arrivals, main
from helpers.workspace import ROOT


def test_they_come_as_a_poisson_process_does():
    due = np.array([one.due for one in arrivals(50, 400, seed=3)])
    gaps = np.diff(due)
    assert len(due) == pytest.approx(20_000, rel=0.03)
    assert gaps.min() >= 0 and gaps.mean() == pytest.approx(1 / 50, rel=0.03)
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.05)  # as an exponential's


def test_the_same_seed_asks_the_same_and_another_does_not():
    first, again, other = (list(arrivals(40, 5, seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_half_of_them_pay_and_half_of_those_use_a_voucher():
    asked = list(arrivals(100, 100, seed=1))
    paid = [one.body for one in asked if one.path == "/payments"]
    assert len(paid) / len(asked) == pytest.approx(0.5, abs=0.03)
    assert sum("voucher" in body for body in paid) / len(paid) == pytest.approx(0.5, abs=0.03)
    assert {one.till for one in asked} == set(range(1, 21))


@pytest.mark.parametrize(("rate", "seconds"), [(0, 5), (40, 0), (40, 4000), (1e6, 10), (-1, 5)])
def test_a_load_without_bounds_is_refused(rate, seconds, tmp_path, capsys):
    options = [f"--rate={rate}", f"--seconds={seconds}", f"--out={tmp_path / 'x'}"]
    assert main(["http://127.0.0.1:1", *options]) == 2
    assert "at most" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


class Slow(BaseHTTPRequestHandler):
    """Answers each request after 0.6 seconds."""

    def do_POST(self):
        time.sleep(0.6)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def loaded(url, out, *options):
    command = [sys.executable, "-m", "helpers.delivery.load", url, "--out", str(out), *options]
    begun = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    with open(out, newline="") as file:
        return list(csv.DictReader(file)), time.monotonic() - begun


def test_nobody_waits_for_a_slow_answer(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        rows, took = loaded(url, tmp_path / "load.csv", "--rate=20", "--seconds=2")
    finally:
        server.shutdown()
        server.server_close()
    assert len(rows) == len(list(arrivals(20, 2, 0))) > 20
    assert {row["status"] for row in rows} == {"201"}
    assert min(float(row["seconds"]) for row in rows) >= 0.6
    assert took < 12  # one after the other would take 20 seconds and more


def test_where_nobody_answers_it_says_so(tmp_path):
    rows, _ = loaded("http://127.0.0.1:9", tmp_path / "load.csv", "--rate=20", "--seconds=1")
    assert rows and {row["status"] for row in rows} == {"0"}
