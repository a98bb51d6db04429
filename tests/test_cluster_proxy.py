"""Services: requests go to pods that are ready, and a rollout loses none."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import aiohttp
import pytest

from helpers.cluster.addresses import LOCAL
from helpers.cluster.resources import DEPLOYMENTS, ENDPOINTS, ENDPOINTSLICES, PODS, SERVICES
from tests.cluster_node import HERE, PYTHON, on_a_node

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pods are POSIX processes")

# Says its version and its process; takes a moment, dies at once when told to end.
SERVER = """
import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.02)
        body = f"{os.environ['VERSION']} {os.getpid()}".encode()
        self.send_response(200); self.send_header("Content-Length", len(body))
        self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    def server_bind(self):  # without the look-up of a name, which takes time
        self.socket.setsockopt(1, 2, 1); self.socket.bind(self.server_address)
        self.server_name, self.server_port = self.server_address
server = Server((os.environ["POD_IP"], 8080), Handler)
open("up", "w").close()
server.serve_forever()
"""
WEB = [PYTHON, "-c", SERVER]


async def get(url):
    """The answer's words, over a connection of its own."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session, session.get(url) as answer:
        return (await answer.text()).split()


async def ask_on(url, enough, answers, failures):
    """Ask until `enough` is set; an error is noted and not tried again."""
    while not enough.is_set():
        try:
            answers.append(await get(url))
        except (aiohttp.ClientError, OSError) as error:
            failures.append(repr(error))


@on_a_node()
async def test_a_thousand_requests_during_a_rollout_and_none_fails(node):
    node.web("1", server=WEB)
    await node.until(node.rolled_out)
    enough, answers, failures = asyncio.Event(), [], []
    clients = [asyncio.create_task(ask_on(node.url(), enough, answers, failures)) for _ in range(6)]
    await node.until(lambda: len(answers) > 100)
    node.roll_out("2", server=WEB)
    await node.until(node.rolled_out)
    await node.until(lambda: len(answers) >= 1000, 30)
    enough.set()
    await asyncio.gather(*clients)
    assert failures == []
    versions = [version for version, _ in answers]
    assert versions[0] == "1"
    assert versions[-1] == "2"
    assert len({pid for version, pid in answers if version == "2"}) == 3


@on_a_node()
async def test_requests_are_spread_over_ready_pods_only(node):
    node.web(server=WEB, readinessProbe={
        "exec": {"command": ["test", "-f", "up"]}, "periodSeconds": 1, "failureThreshold": 1,
    })  # fmt: skip
    await node.until(node.rolled_out)
    seen = Counter([tuple(await get(node.url())) for _ in range(30)])
    assert sorted(seen.values()) == [10, 10, 10]
    sick = node.store.list(PODS)[0]["metadata"]["name"]
    run = await node.kubelet.exec(HERE, sick, "main", ["rm", "up"])
    assert await run.wait() == 0
    slices = lambda: node.store.list(ENDPOINTSLICES)[0]["endpoints"]  # noqa: E731
    await node.until(lambda: sum(one["conditions"]["ready"] for one in slices()) == 2)
    seen = Counter([tuple(await get(node.url())) for _ in range(20)])
    assert sorted(seen.values()) == [10, 10]
    subset = node.store.get(ENDPOINTS, HERE, "web")["subsets"][0]
    assert (len(subset["addresses"]), len(subset["notReadyAddresses"])) == (2, 1)


@on_a_node()
async def test_without_a_ready_pod_a_connection_is_reset_and_a_deleted_service_is_gone(node):
    node.web(replicas=0)
    await node.until(lambda: node.store.list(ENDPOINTSLICES))
    await asyncio.sleep(0.05)
    with pytest.raises(aiohttp.ClientError):
        await get(node.url())
    url = node.url()
    node.store.remove(SERVICES, HERE, "web")
    await node.until(lambda: not node.store.list(ENDPOINTSLICES))
    await asyncio.sleep(0.05)
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(url)


@on_a_node(aliases=False)
async def test_without_addresses_of_their_own_pods_and_services_get_ports(node):
    """As on macOS, which answers on 127.0.0.1 alone."""
    node.web(replicas=2)
    await node.until(node.rolled_out)
    pods = node.store.list(PODS)
    assert {pod["status"]["podIP"] for pod in pods} == {LOCAL}
    assert len({pod["metadata"]["annotations"]["two-loops/ports"] for pod in pods}) == 2
    async with aiohttp.ClientSession() as session, session.get(node.url()) as answer:
        assert answer.status == 200


@pytest.mark.slow
@on_a_node()
async def test_a_hundred_small_pods_in_one_rollout(node):
    labels = {"app": "many"}
    one = {"name": "main", "image": "x", "command": ["sleep", "60"]}

    def template(version):
        env = [{"name": "VERSION", "value": version}]
        spec = {"terminationGracePeriodSeconds": 1, "containers": [{**one, "env": env}]}
        return {"metadata": {"labels": labels}, "spec": spec}

    node.create(DEPLOYMENTS, "many", spec={
        "replicas": 100, "selector": {"matchLabels": labels}, "template": template("1"),
    })  # fmt: skip
    await node.until(lambda: node.rolled_out("many"), 60)
    d = node.store.get(DEPLOYMENTS, HERE, "many")
    d["spec"]["template"] = template("2")
    node.store.update(DEPLOYMENTS, d)
    await node.until(lambda: node.rolled_out("many"), 90)
    assert sum(pod["status"]["phase"] == "Running" for pod in node.store.list(PODS)) >= 100
