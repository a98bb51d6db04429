"""The teaching cluster: how soon pods are ready, come back and roll over, and what it costs.

Seconds are by the clock from a client's side, kubectl's own start included; on a busy machine
they say little.
"""

import http.client
import statistics
import time

import psutil
import pytest

from helpers.workspace import ROOT
from tests.cluster_typing import Typist, deployment, running, server_of, until

SLEEP = "exec sleep 1000"
SERVE = f"exec python3 {ROOT}/tests/bench/small_server.py $POD_IP 8000"
PROBED = """        env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
        readinessProbe: {httpGet: {port: 8000, path: /}, periodSeconds: 1}
"""
MEMORY, GET, READY, REPLACED = 80e6, 0.1, 2.0, 1.5  # bytes, seconds


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory):
    with running(tmp_path_factory.mktemp("cluster"), quiet=True) as cluster:
        yield Typist(cluster)


@pytest.fixture
def server(kubectl):
    yield server_of(kubectl.cluster)
    kubectl("delete deploy,svc --all --timeout=60s")
    until(lambda: kubectl("get pods -o name") == "", 60)


def seconds(call, *arguments):
    begun = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - begun


def roll_out(kubectl, manifest):
    kubectl("apply -f -", manifest)
    kubectl("rollout status deploy/web --timeout=120s")


def test_three_pods_ready_and_a_killed_one_replaced(benchmark, kubectl, server):
    ready = seconds(roll_out, kubectl, deployment(replicas=3, command=SLEEP))
    name = kubectl("get pods -o jsonpath={.items[0].metadata.name}")
    process = psutil.Process(kubectl.cluster.pid(name))
    restarted = f"get pod {name} -o jsonpath={{.status.containerStatuses[*].restartCount}}"
    killed = time.perf_counter()
    process.kill()
    until(lambda: kubectl(restarted) == "1" and kubectl.try_(f"exec {name} -- true").code == 0)
    again = time.perf_counter() - killed
    deleted = seconds(kubectl, f"delete pod {name} --grace-period=1")
    took = [seconds(kubectl, "get pods") for _ in range(20)]
    figures = {
        "3_pods_ready_s": round(ready, 2),
        "killed_and_running_again_s": round(again, 2),
        "pod_deleted_s": round(deleted, 2),
        "get_median_ms": round(statistics.median(took) * 1000),
        "get_fastest_quarter_ms": round(sorted(took)[4] * 1000),
        "memory_mb": round(server.memory_info().rss / 1e6),
    }
    report(benchmark, figures, kubectl, "get pods")
    assert ready < READY and again < REPLACED and sorted(took)[4] < GET
    assert server.memory_info().rss < MEMORY


def test_a_hundred_pods_in_one_rollout(benchmark, kubectl, server):
    up = seconds(roll_out, kubectl, deployment(replicas=100, command=SLEEP))
    over = seconds(roll_out, kubectl, deployment(replicas=100, command=SLEEP, image="web:2"))
    figures = {
        "100_pods_ready_s": round(up, 1),
        "100_pods_rolled_over_s": round(over, 1),
        "server_cpu_s": round(sum(server.cpu_times()[:2]), 1),
        "memory_mb": round(server.memory_info().rss / 1e6),
    }
    report(benchmark, figures, kubectl, "get pods")
    assert "Traceback" not in (kubectl.cluster.folder / "server.log").read_text()
    assert server.memory_info().rss < MEMORY


def test_a_thousand_requests_during_a_rollout(benchmark, kubectl, server):
    manifest = deployment(replicas=3, command=SERVE) + PROBED
    roll_out(kubectl, manifest)
    kubectl("expose deploy web --port=80 --target-port=8000")
    url = kubectl.cluster.url("web")
    until(lambda: _status(url) == 200)
    kubectl("set env deploy/web RELEASE=two")
    rolling = kubectl.start("rollout status deploy/web --timeout=120s")
    told, took = [], []
    while len(told) < 1000 or rolling.poll() is None:
        begun = time.perf_counter()
        told.append(_status(url))
        took.append(time.perf_counter() - begun)
    assert "successfully" in rolling.communicate()[0]
    figures = {
        "requests": len(told),
        "failed": sum(one != 200 for one in told),
        "median_ms": round(statistics.median(took) * 1000, 1),
    }
    report(benchmark, figures, kubectl, "get endpoints")
    assert figures["failed"] == 0


def _status(url):
    asking = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        asking.request("GET", "/")
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()


def report(benchmark, figures, kubectl, line):
    """Print the figures, keep them, and time one kubectl line as the benchmark's own."""
    print(figures)
    benchmark.extra_info.update(figures)
    benchmark.pedantic(kubectl, args=(line,), rounds=5)
