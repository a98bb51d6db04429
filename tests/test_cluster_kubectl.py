"""Each kubectl verb, typed at the teaching server: what it prints, changes, and refuses.

Nothing here needs a running pod: the namespace "still" is one whose Deployments are paused or
have no replicas. What pods do is in test_cluster_pods.py.
"""

import itertools
import json
import os
import socket
import stat

import pytest

from tests.cluster_typing import Typist, deployment, running

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("kubectl")) as cluster:
        yield cluster


@pytest.fixture
def kubectl(cluster):
    """kubectl in a new namespace."""
    namespace = f"test-{next(NUMBERS)}"
    Typist(cluster)(f"create namespace {namespace}")
    return Typist(cluster, namespace)


def read(kubectl, what="deploy web"):
    return json.loads(kubectl(f"get {what} -o json --show-managed-fields"))


def still(**changes):
    return deployment(replicas=0, **changes)


def test_apply_makes_then_leaves_then_changes(kubectl):
    assert kubectl("apply -f -", still()) == "deployment.apps/web created\n"
    first = read(kubectl)
    assert kubectl("apply -f -", still()) == "deployment.apps/web unchanged\n"
    assert kubectl("apply -f -", still(image="web:2")) == "deployment.apps/web configured\n"
    second = read(kubectl)
    assert second["spec"]["template"]["spec"]["containers"][0]["image"] == "web:2"
    assert second["metadata"]["generation"] == first["metadata"]["generation"] + 1
    assert second["metadata"]["uid"] == first["metadata"]["uid"]


def test_apply_takes_away_what_the_manifest_no_longer_names(kubectl):
    two = still() + "      - {name: side, image: 'side:1'}\n"
    kubectl("apply -f -", two)
    kubectl("apply -f -", still())
    assert kubectl("get deploy web -o jsonpath={..containers[*].name}") == "web"


def test_a_dry_run_changes_nothing_but_says_what_would_be(kubectl):
    told = kubectl("apply --dry-run=server -f -", still())
    assert told == "deployment.apps/web created (server dry run)\n"
    assert 'deployments.apps "web" not found' in kubectl.refused("get deploy web")


def test_server_side_apply_owns_fields_and_names_a_conflict(kubectl):
    kubectl("apply --server-side -f -", still())
    kubectl("scale deploy web --replicas=0")
    other = "apply --server-side --field-manager=other -f -"
    said = kubectl.refused(other, still(image="web:9"))
    assert 'conflict with "kubectl"' in said
    assert '.spec.template.spec.containers[name="web"].image' in said
    kubectl(f"{other} --force-conflicts", still(image="web:9"))
    owners = {one["manager"]: one for one in read(kubectl)["metadata"]["managedFields"]}
    mine = owners["other"]["fieldsV1"]["f:spec"]["f:template"]["f:spec"]["f:containers"]
    assert "f:image" in mine['k:{"name":"web"}']
    assert "f:image" not in json.dumps(owners["kubectl"]["fieldsV1"])


def test_server_side_apply_takes_over_from_client_side(kubectl):
    kubectl("apply -f -", still())
    kubectl("apply --server-side -f -", still(image="web:2"))
    managers = [one["manager"] for one in read(kubectl)["metadata"]["managedFields"]]
    assert "kubectl" in managers
    assert kubectl("get deploy web -o jsonpath={..containers[0].image}") == "web:2"


@pytest.mark.parametrize(
    ("form", "patch"),
    [
        (
            "strategic",
            '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"x:2"}]}}}}',
        ),
        (
            "json",
            '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"x:2"}]',
        ),
        ("merge", '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"x:2"}]}}}}'),
    ],
)
def test_patch_in_each_form(kubectl, form, patch):
    kubectl("apply -f -", still())
    assert (
        kubectl(f"patch deploy web --type={form} -p '{patch}'") == "deployment.apps/web patched\n"
    )
    containers = read(kubectl)["spec"]["template"]["spec"]["containers"]
    assert [one["image"] for one in containers] == ["x:2"]
    # A strategic merge keeps what it does not name; a merge patch puts its list in the place.
    assert ("ports" in containers[0]) == (form != "merge")


def test_create_of_each_kind_that_kubectl_sends_in_binary_form(kubectl):
    kubectl("create deployment d --image=web:1 --replicas=0 --port=80")
    kubectl("create configmap cm --from-literal=a=b --from-literal=c=d")
    kubectl("create secret generic s --from-literal=password=sesame")
    kubectl("create service clusterip svc --tcp=80:8000")
    kubectl("create cronjob cj --image=web:1 --schedule='0 3 * * *' -- echo hi")
    kubectl("create serviceaccount robot")
    kubectl("create job j --image=web:1 -- echo hi")
    assert read(kubectl, "cm cm")["data"] == {"a": "b", "c": "d"}
    assert read(kubectl, "secret s")["data"] == {"password": "c2VzYW1l"}
    service = read(kubectl, "svc svc")["spec"]
    assert [(one["port"], one["targetPort"]) for one in service["ports"]] == [(80, 8000)]
    assert service["clusterIP"].startswith("127.96.")
    assert read(kubectl, "cj cj")["spec"]["schedule"] == "0 3 * * *"
    made = read(kubectl, "deploy d")["spec"]["template"]["spec"]["containers"][0]
    assert made["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    job = read(kubectl, "job j")
    uid = {"batch.kubernetes.io/controller-uid": job["metadata"]["uid"]}
    assert job["spec"]["selector"]["matchLabels"] == uid
    assert job["spec"]["template"]["metadata"]["labels"].items() >= uid.items()


def test_two_clusters_on_one_machine_do_not_share_an_address(kubectl):
    kubectl("create service clusterip one --tcp=18765:8000")
    address = read(kubectl, "svc one")["spec"]["clusterIP"]
    kubectl("delete svc one")
    with socket.socket() as another:
        try:
            another.bind((address, 18765))
        except OSError:
            pytest.skip("this system has one loopback address")
        another.listen()
        kubectl("create service clusterip two --tcp=18765:8000")
        assert read(kubectl, "svc two")["spec"]["clusterIP"] != address


def test_expose_makes_a_service_that_selects_the_pods(kubectl):
    kubectl("apply -f -", still())
    kubectl("expose deploy web --port=80 --target-port=8000")
    assert read(kubectl, "svc web")["spec"]["selector"] == {"app": "web"}


def test_get_in_each_form(kubectl):
    kubectl("apply -f -", still())
    head, row = kubectl("get deploy").splitlines()
    assert head.split() == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    assert row.split()[:4] == ["web", "0/0", "0", "0"]
    wide = kubectl("get deploy -o wide").splitlines()[0].split()
    assert wide[-3:] == ["CONTAINERS", "IMAGES", "SELECTOR"]
    assert kubectl("get deploy web -o name") == "deployment.apps/web\n"
    assert kubectl("get deploy web -o jsonpath={.spec.replicas}") == "0"
    assert "replicas: 0" in kubectl("get deploy web -o yaml")
    columns = "-o custom-columns=N:.metadata.name,R:.spec.replicas --no-headers"
    assert kubectl(f"get deploy {columns}").split() == ["web", "0"]
    assert kubectl("get all").count("deployment.apps/web") == 1
    assert "web" in kubectl("get deploy -A") and "web" not in kubectl("get deploy -l app=other")
    assert "web" in kubectl("get deploy -l 'app in (web, x),!tier' --show-labels")
    assert "web" in kubectl("get deploy --field-selector metadata.name=web")
    assert "No resources found" in kubectl.try_("get cronjobs").err


def test_a_watch_tells_each_change_and_ends_when_its_client_does(kubectl):
    kubectl("create configmap before")
    watching = kubectl.start("get cm -w --output-watch-events --no-headers")
    try:
        lines = iter(watching.stdout.readline, "")
        assert next(line for line in lines if "before" in line).split()[0] == "ADDED"
        kubectl("create configmap after")
        assert next(line for line in lines if "after" in line).split()[0] == "ADDED"
        kubectl("delete configmap after")
        assert next(line for line in lines if "after" in line).split()[0] == "DELETED"
    finally:
        watching.kill()
        watching.communicate()


def test_wait_hears_a_condition_and_a_deletion(kubectl):
    kubectl("create configmap cm --from-literal=state=new")
    waiting = kubectl.start("wait cm cm --for=jsonpath={.data.state}=old --timeout=20s")
    kubectl("""patch cm cm -p '{"data":{"state":"old"}}' """)
    assert waiting.communicate(timeout=20)[0] == "configmap/cm condition met\n"
    gone = kubectl.start("wait cm cm --for=delete --timeout=20s")
    kubectl("delete cm cm")
    assert gone.wait(20) == 0
    gone.communicate()


def test_edit_replace_label_annotate_set(kubectl):
    kubectl("apply -f -", still())
    kubectl("label deploy web tier=front")
    kubectl("annotate deploy web note='a b'")
    kubectl("set image deploy web web=web:3")
    kubectl("set env deploy web MODE=fast")
    kubectl("set resources deploy web --limits=memory=64Mi")
    assert kubectl("edit deploy web", KUBE_EDITOR="sed -i s/fast/slow/").endswith("edited\n")
    obj = read(kubectl)
    container = obj["spec"]["template"]["spec"]["containers"][0]
    assert obj["metadata"]["labels"]["tier"] == "front"
    assert obj["metadata"]["annotations"]["note"] == "a b"
    assert container["image"] == "web:3"
    assert container["env"] == [{"name": "MODE", "value": "slow"}]
    assert container["resources"] == {
        "limits": {"memory": "64Mi"}, "requests": {"memory": "64Mi"},
    }  # fmt: skip
    assert "already exists" in kubectl.refused("create -f -", still())
    assert kubectl("replace -f -", still(image="web:4")) == "deployment.apps/web replaced\n"
    stale = json.dumps(obj | {"spec": obj["spec"] | {"replicas": 0, "minReadySeconds": 1}})
    assert "the object has been modified" in kubectl.refused("replace -f -", stale)


def test_diff_shows_the_line_that_would_change(kubectl):
    kubectl("apply -f -", still())
    assert kubectl("diff -f -", still()) == ""
    said = kubectl.try_("diff -f -", still(image="web:2"))
    assert said.code == 1
    assert "-      - image: web:1" in said.out and "+      - image: web:2" in said.out


def test_scale_and_its_precondition(kubectl):
    kubectl("apply -f -", still())
    kubectl("rollout pause deploy/web")
    assert kubectl("scale deploy web --replicas=3") == "deployment.apps/web scaled\n"
    assert read(kubectl)["spec"]["replicas"] == 3
    assert "Expected replicas" in kubectl.refused(
        "scale deploy web --current-replicas=5 --replicas=1"
    )
    kubectl("scale deploy web --replicas=0")


def test_delete_by_name_label_and_kind(kubectl):
    for name in ("a", "b", "c"):
        kubectl(f"create configmap {name}")
    kubectl("label cm b c gone=yes")
    assert "a" in kubectl("delete cm a")
    kubectl("delete cm -l gone=yes")
    assert kubectl("get cm -o name").replace("configmap/kube-root-ca.crt\n", "") == ""
    assert 'configmaps "a" not found' in kubectl.refused("delete cm a")
    assert kubectl("delete cm a --ignore-not-found") == ""


def test_who_may_what_and_where(kubectl):
    assert kubectl("auth can-i create deployments") == "yes\n"
    assert "learner" in kubectl("auth whoami")
    assert "is running at" in kubectl("cluster-info")
    assert "two-loops" in kubectl("version")
    names = kubectl("api-resources --no-headers")
    assert {"deployments", "pods", "cronjobs"} <= {line.split()[0] for line in names.splitlines()}
    assert "apps/v1" in kubectl("api-versions")


def test_explain_reads_the_schema(kubectl):
    told = kubectl("explain deployment.spec.strategy.rollingUpdate.maxSurge")
    assert "maximum number of pods that can be scheduled above" in told
    assert "FIELDS:" in kubectl("explain cronjobs")
    assert "does not exist" in kubectl.refused("explain deployment.spec.nothing")


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("replicas", "repicas", 'unknown field "spec.repicas"'),
        ("replicas: 0", "replicas: many", "cannot unmarshal string into Go struct field"),
        ("replicas: 0", "replicas: -1", "spec.replicas: Invalid value: -1: must be greater than"),
        ("matchLabels: {app: web}", "matchLabels: {app: x}", "`selector` does not match template"),
        ("image: web:1", "env: []", "spec.template.spec.containers[0].image: Required value"),
        ("name: web\n  labels", "name: Web_1\n  labels", "a lowercase RFC 1123 subdomain must"),
        ("8000", "80000", "containerPort: Invalid value: 80000: must be between 1 and 65535"),
    ],
)
def test_a_wrong_manifest_is_refused_in_kubernetes_words(kubectl, wrong, right, words):
    assert wrong in still()
    assert words in kubectl.refused("apply -f -", still().replace(wrong, right, 1))
    assert "web" not in kubectl("get deploy -o name")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("autoscale deploy web --max=3", "kubectl autoscale is not supported"),
        ("get ingress", "the server doesn't have a resource type"),
        ("create ingress i --rule=a/b=c:80", "ingresses.networking.k8s.io is not served"),
        ("create role r --verb=get --resource=pods", "is not served by this teaching server"),
        ("create token default", "A token of a service account is not supported"),
        ("debug node/local --image=x", "spec.volumes[0].hostPath: Forbidden: this teaching server"),
        ("create quota q", "resourcequotas is not served by this teaching server; it has"),
    ],
)
def test_what_is_not_supported_says_so(kubectl, line, words):
    kubectl("apply -f -", still())
    assert words in kubectl.refused(line)


def test_what_has_no_effect_is_taken_and_said(kubectl):
    spoken = still().replace("    spec:\n", "    spec:\n      hostNetwork: true\n")
    said = kubectl.try_("apply -f -", spoken)
    assert said.code == 0
    assert said.err == (
        "Warning: spec.template.spec.hostNetwork has no effect on this teaching server\n"
    )
    assert kubectl.try_("apply -f -", still()).err == ""


def test_all_may_be_done_here(kubectl):
    assert kubectl("auth can-i create pods") == "yes\n"
    assert kubectl("auth can-i --list").splitlines()[1].split() == ["*.*", "[]", "[]", "[*]"]


def test_the_official_python_client(cluster, kubectl):
    from kubernetes import client, watch

    with cluster.client() as api:
        core = client.CoreV1Api(api)
        body = client.V1ConfigMap(metadata=client.V1ObjectMeta(name="cm"), data={"a": "1"})
        made = core.create_namespaced_config_map(kubectl.namespace, body)
        core.patch_namespaced_config_map("cm", kubectl.namespace, {"data": {"a": "2"}})
        heard = watch.Watch().stream(
            core.list_namespaced_config_map, kubectl.namespace, timeout_seconds=1,
            resource_version=made.metadata.resource_version,
        )  # fmt: skip
        assert [(one["type"], one["object"].data) for one in heard] == [("MODIFIED", {"a": "2"})]
        with pytest.raises(client.ApiException) as caught:
            core.read_namespaced_pod("none", kubectl.namespace)
        assert caught.value.status == 404


def test_the_token_is_random_private_and_wanted(cluster):
    import httpx

    config = json.loads(cluster.kubeconfig.read_text())
    server = config["clusters"][0]["cluster"]["server"]
    assert server.startswith("https://127.0.0.1:")
    for token in ("", "Bearer wrong"):
        headers = {"Authorization": token} if token else {}
        answer = httpx.get(f"{server}/api/v1/pods", verify=False, trust_env=False, headers=headers)
        assert answer.status_code == 401
    if os.name == "posix":
        assert stat.S_IMODE(cluster.kubeconfig.stat().st_mode) == 0o600
