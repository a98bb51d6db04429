"""A cluster with real processes, in the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
import tempfile
from pathlib import Path

import psutil

from helpers.cluster.addresses import listens_at
from helpers.cluster.kubelet.runtime import CLUSTER
from helpers.cluster.manager import Manager
from helpers.cluster.resources import DEPLOYMENTS, EVENTS, NAMESPACES, PODS, SERVICES
from helpers.cluster.store import Store

HERE = "default"
PYTHON = sys.executable
LIMIT = 15.0  # seconds that anything here may take


class Node:
    """A store with a manager on it."""

    def __init__(self, folder, store=None, **options):
        self.folder = Path(folder)
        self.store = store or Store()
        if not self.store.find(NAMESPACES, None, HERE):
            self.store.create(NAMESPACES, {"metadata": {"name": HERE}})
        self.manager = Manager(self.store, self.folder, **options)
        self.kubelet = self.manager.kubelet

    def create(self, resource, name, **fields):
        return self.store.create(
            resource, {"metadata": {"name": name, "namespace": HERE}, **fields}
        )

    def pod(self, name="one", *, command=None, spec=None, **container):
        """Create a pod of one container."""
        one = {"name": "main", "image": "x", **container}
        if command:
            one["command"] = command
        spec = {"terminationGracePeriodSeconds": 2, "containers": [one], **(spec or {})}
        return self.create(PODS, name, spec=spec)

    def web(self, version="1", replicas=3, server=None, **container):
        """Create a Deployment of a web server with a readiness probe, and its Service."""
        labels = {"app": "web"}
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}}
        self.create(
            DEPLOYMENTS, "web", spec={**spec, "template": web(version, server, **container)}
        )
        port = {"port": 8080, "targetPort": "http"}
        return self.create(SERVICES, "web", spec={"selector": labels, "ports": [port]})

    def roll_out(self, version, server=None, **container):
        d = self.store.get(DEPLOYMENTS, HERE, "web")
        d["spec"]["template"] = web(version, server, **container)
        self.store.update(DEPLOYMENTS, d)

    def url(self, name="web"):
        host, port = listens_at(self.store.get(SERVICES, HERE, name), 8080)
        return f"http://{host}:{port}/"

    def status(self, name="one"):
        return self.store.get(PODS, HERE, name)["status"]

    def state(self, name="one"):
        """What the pod's one container is: a word, and the details."""
        (status,) = self.status(name).get("containerStatuses") or [{"state": {"none": {}}}]
        return next(iter(status["state"].items()))

    def restarts(self, name="one"):
        return (self.status(name).get("containerStatuses") or [{"restartCount": 0}])[0][
            "restartCount"
        ]

    def reasons(self, name="one"):
        """The reasons of a pod's events, in order."""
        events = self.store.list(EVENTS, HERE)
        return [one["reason"] for one in events if one["involvedObject"]["name"] == name]

    def rolled_out(self, name="web"):
        d = self.store.get(DEPLOYMENTS, HERE, name)
        status, replicas = d.get("status", {}), d["spec"]["replicas"]
        counts = ("replicas", "updatedReplicas", "availableReplicas")
        return status.get("observedGeneration") == d["metadata"]["generation"] and all(
            status.get(one) == replicas for one in counts
        )

    async def log(self, name="one", previous=False):
        return self.kubelet.logs(HERE, name, "main", previous).read().decode()

    async def until(self, what, limit=LIMIT):
        """Wait until `what()` is true, and give it."""
        async with asyncio.timeout(limit):
            while not (found := what()):
                await asyncio.sleep(0.01)
        return found

    async def ended(self, name="one"):
        """Wait for the pod's last phase, and give it."""
        return await self.until(
            lambda: (p := self.status(name).get("phase")) in ("Succeeded", "Failed") and p
        )


def web(version, server=None, **container):
    """A pod template: http.server, or another program that serves on $POD_IP:8080."""
    field = {"fieldRef": {"fieldPath": "status.podIP"}}
    one = {
        "name": "main", "image": f"corner/web:{version}",
        "command": server or [PYTHON, "-m", "http.server", "8080", "--bind", "$(POD_IP)"],
        "env": [{"name": "POD_IP", "valueFrom": field}, {"name": "VERSION", "value": version}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 1},
        **container,
    }  # fmt: skip
    spec = {"terminationGracePeriodSeconds": 5, "containers": [one]}
    return {"metadata": {"labels": {"app": "web"}}, "spec": spec}


@contextlib.asynccontextmanager
async def running(folder=None, **options):
    """A node that runs while the block does, and leaves no process behind."""
    with tempfile.TemporaryDirectory() as temporary:
        node = Node(folder or temporary, **options)
        await node.manager.start()
        try:
            yield node
        finally:
            await node.manager.stop()
            left = left_over(node.folder)
            assert left == [], left


def on_a_node(**options):
    """Run an async test on a node, which is its first argument."""

    def decorate(test):
        @functools.wraps(test)
        def run():
            async def with_node():
                async with running(**options) as node:
                    await test(node)

            asyncio.run(with_node())

        del run.__wrapped__  # pytest would ask for the argument as a fixture
        return run

    return decorate


def left_over(folder):
    """Command lines of processes that belong to the cluster in this folder."""
    found = []
    for one in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if one.status() != psutil.STATUS_ZOMBIE and one.environ().get(CLUSTER) == str(folder):
                found.append(" ".join(one.cmdline()))
    return found
