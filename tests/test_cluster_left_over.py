"""Nothing of a cluster outlives it, in whatever way it ends; and what comes back goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from helpers.cluster.resources import PODS
from helpers.cluster.store import Store
from helpers.workspace import ROOT
from tests.cluster_node import HERE, left_over, on_a_node, running

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pods are POSIX processes")

# A pod whose child has a session of its own, as a daemon's has.
ESCAPES = ["sh", "-c", "(setsid sleep 98 &) ; sleep 99"]
SERVER = f"""
import asyncio, sys
from tests.cluster_node import running
async def main():
    async with running(sys.argv[1]) as node:
        node.pod(command={ESCAPES!r})
        await node.until(lambda: node.state()[0] == "running")
        await asyncio.sleep(0.2)
        print(node.kubelet.runtime.shim.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def gone(folder, limit=5.0):
    """Whether no process of the cluster in this folder is left after a moment."""
    until = time.monotonic() + limit
    while (left := left_over(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return left == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux brings stray children back")
def test_a_server_that_is_killed_takes_its_pods_and_their_children_along(tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout.readline().strip().isdigit()
    assert sum("sleep 9" in line for line in left_over(tmp_path)) >= 2
    os.kill(server.pid, signal.SIGKILL)
    server.wait(10)
    assert gone(tmp_path)


@on_a_node()
async def test_a_shim_that_is_killed_is_started_again_and_its_pods_too(node):
    node.pod(command=ESCAPES)
    await node.until(lambda: node.state()[0] == "running")
    os.kill(node.kubelet.runtime.shim.pid, signal.SIGKILL)
    await node.until(lambda: node.restarts() == 1 and node.state()[0] == "running")
    assert sum("sleep 99" in line for line in left_over(node.folder)) <= 2  # sh and sleep


@on_a_node()
async def test_a_container_that_ends_leaves_no_child(node):
    node.pod(
        command=["sh", "-c", "(setsid sleep 98 &) ; sleep 0.1"], spec={"restartPolicy": "Never"}
    )
    assert await node.ended() == "Succeeded"
    assert await asyncio.to_thread(gone, node.folder)


def test_a_restarted_server_starts_its_pods_again_and_counts_on(tmp_path):
    store = Store()

    async def first():
        async with running(tmp_path, store=store) as node:
            node.pod(command=["sleep", "97"])
            await node.until(lambda: node.state()[0] == "running")

    async def second():
        async with running(tmp_path, store=store) as node:
            await node.until(lambda: node.restarts() == 1 and node.state()[0] == "running")
            last = node.status()["containerStatuses"][0]["lastState"]["terminated"]
            assert last["reason"] in ("ContainerStatusUnknown", "Error")
            node.store.delete(PODS, HERE, "one", grace=0)

    asyncio.run(first())
    assert gone(tmp_path)
    asyncio.run(second())
    assert not (tmp_path / "pods").exists()
