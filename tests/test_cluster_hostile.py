"""What a careless or hostile client sends to the cluster's server, and what kills leave behind."""

import http.client
import json
import os
import ssl
import time
from contextlib import ExitStack, contextmanager

import psutil
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cluster_typing import Typist, deployment, running, server_of, until

JSON, MERGE = "application/json", "application/merge-patch+json"
PODS = "/api/v1/namespaces/default/pods"
MAPS = "/api/v1/namespaces/default/configmaps"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


class Client:
    """One kept connection to the server."""

    def __init__(self, cluster):
        config = json.loads(cluster.kubeconfig.read_text())
        self.token = config["users"][0]["user"]["token"]
        trusted = ssl.create_default_context(cafile=str(cluster.folder / "certificate.pem"))
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", cluster.port, timeout=20, context=trusted
        )

    def open(self, method, path, body=None, kind=JSON):
        """Send a request; the answer is still to be read."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()

    def __call__(self, method, path, body=None, kind=JSON):
        """The status and the object of an answer."""
        sent = json.dumps(body) if isinstance(body, dict | list) else body
        answer = self.open(method, path, sent, kind)
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else text


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("hostile"), quiet=True) as cluster:
        yield cluster
        assert "Traceback" not in (cluster.folder / "server.log").read_text()


@pytest.fixture(scope="module")
def client(cluster):
    return Client(cluster)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ("{", JSON, 400),
        ("[]", JSON, 400),
        ("null", JSON, 400),
        ('{"metadata": 7}', JSON, 400),
        ('{"metadata": null, "spec": null}', JSON, 422),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, JSON, 400),
        ("\xff\xfe", JSON, 400),
        ("a: [", "application/yaml", 400),
        ("a: &a [*a, *a]", "application/yaml", 400),
        (b"k8s\0\xff\xff\xff", "application/vnd.kubernetes.protobuf", 415),
        ("{" + " " * 4 * 2**20 + "}", JSON, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client, cluster, body, kind, code):
    body = body if isinstance(body, bytes) else body.encode("latin-1")
    own = Client(cluster)  # the server may close on a body that is too large
    status, answer = own("POST", PODS, body, kind)
    assert (status, answer["kind"], answer["status"]) == (code, "Status", "Failure")
    assert client("GET", "/readyz")[0] == 200


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(-9, 9)
WORDS = """metadata spec status name labels selector matchLabels template containers image ports
replicas strategy rollingUpdate maxSurge data volumes env resources limits schedule jobTemplate
finalizers ownerReferences managedFields annotations involvedObject"""
NAMES = st.sampled_from(WORDS.split())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=5)
PATHS = st.sampled_from(
    [PODS, MAPS, DEPLOYMENTS, "/api/v1/namespaces", "/api/v1/namespaces/default/services",
     "/apis/batch/v1/namespaces/default/jobs", "/apis/batch/v1/namespaces/default/cronjobs",
     "/api/v1/namespaces/default/events", "/api/v1/namespaces/default/secrets",
     "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "/api/v1/nodes"]
)  # fmt: skip
PARAMETERS = [
    "labelSelector", "fieldSelector", "resourceVersion", "limit", "gracePeriodSeconds",
    "timeoutSeconds",
]  # fmt: skip
often = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(PATHS, BODIES, st.booleans())
def test_no_object_breaks_the_server(client, path, body, named):
    if named:
        body["metadata"] = {"name": "odd", "namespace": "default"}
    status, _ = client("POST", f"{path}?dryRun=All", body)
    assert status < 500


@often
@given(VALUES, st.sampled_from(["json", "merge", "strategic-merge", "apply"]))
@example("", "json")
def test_no_patch_breaks_the_server(client, patch, form):
    client("POST", DEPLOYMENTS, json.loads(_as_json(deployment(replicas=0))))
    kind = f"application/{form}-patch+{'yaml' if form == 'apply' else 'json'}"
    path = f"{DEPLOYMENTS}/web?dryRun=All&fieldManager=odd"
    status, _ = client("PATCH", path, json.dumps(patch), kind)
    assert status < 500


def _as_json(manifest):
    import yaml

    return json.dumps(yaml.safe_load(manifest))


@often
@given(st.text(max_size=30), st.sampled_from(PARAMETERS))
def test_no_question_breaks_the_server(client, text, name):
    from urllib.parse import quote

    assert client("GET", f"{MAPS}?{name}={quote(text)}")[0] < 500
    assert client("GET", f"/api/v1/namespaces/{quote(text, safe='')}/pods/{quote(text)}")[0] < 500
    watching = f"{MAPS}?watch=true&timeoutSeconds=0&{name}={quote(text)}"
    assert name == "timeoutSeconds" or client("GET", watching)[0] < 500


@contextmanager
def watches(cluster, number):
    """Open watches on ConfigMaps, each on a connection of its own."""
    with ExitStack() as stack:
        opened = []
        for _ in range(number):
            one = Client(cluster)
            stack.callback(one.connection.close)
            opened.append(one.open("GET", f"{MAPS}?watch=true"))
        yield opened


def test_two_hundred_watches_hear_a_change_and_leave_nothing(cluster, client):
    server = server_of(cluster)
    before = server.num_fds()
    with watches(cluster, 200) as opened:
        name = f"heard-{time.time_ns()}"
        client("POST", MAPS, {"metadata": {"name": name}})
        for answer in opened:
            heard = iter(answer.readline, b"")
            assert any(json.loads(line)["object"]["metadata"]["name"] == name for line in heard)
        assert server.num_fds() >= before + 200
    until(lambda: server.num_fds() <= before + 2, 20)
    assert server.memory_info().rss < 80e6


def test_a_watcher_that_does_not_read_is_cut_off_and_holds_nobody_up(cluster, client):
    with watches(cluster, 1):
        client("POST", MAPS, {"metadata": {"name": "big"}})
        took = []
        for number in range(30):  # 6 MB that nobody takes
            begun = time.monotonic()
            body = {"data": {"text": str(number) * 200_000}}
            assert client("PATCH", f"{MAPS}/big", body, MERGE)[0] == 200
            took.append(time.monotonic() - begun)
        assert client("GET", "/readyz")[0] == 200
        assert sorted(took)[len(took) // 2] < 1


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
def test_a_killed_server_comes_back_with_its_objects_and_leaves_no_pod(tmp_path):
    with running(tmp_path, keep="kept", quiet=True) as cluster:
        kubectl = Typist(cluster)
        kubectl("create configmap cm --from-literal=a=b")
        kubectl("apply -f -", deployment(command="exec sleep 1000"))
        kubectl("rollout status deploy/web --timeout=20s")
        pids = [cluster.pid(name) for name in _pods(kubectl)]
        server_of(cluster).kill()
        until(lambda: not any(_runs(pid) for pid in pids))
        cluster.start()
        assert kubectl("get cm cm -o jsonpath={.data.a}") == "b"
        until(lambda: all(_runs(cluster.pid(name)) for name in _pods(kubectl)))
        kubectl("rollout status deploy/web --timeout=20s")
        pids = [cluster.pid(name) for name in _pods(kubectl)]
        cluster.stop()
        until(lambda: not any(_runs(pid) for pid in pids), 5)


def _pods(kubectl):
    return kubectl("get pods -o jsonpath={.items[*].metadata.name}").split()


def _runs(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
