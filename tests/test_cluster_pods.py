"""kubectl at running pods: rollouts, logs, exec, wait, the ways to delete, figures of use."""

import itertools
import json
from datetime import datetime, timedelta

import psutil
import pytest

from tests.cluster_typing import Typist, deployment, running, server_of, until

NUMBERS = itertools.count()
SLEEP = "exec sleep 1000"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("pods"), faster=100.0, quiet=True) as cluster:
        yield cluster
        assert "Traceback" not in (cluster.folder / "server.log").read_text()


@pytest.fixture
def kubectl(cluster):
    """kubectl in a namespace of its own, which is deleted after the test."""
    namespace = f"pods-{next(NUMBERS)}"
    Typist(cluster)(f"create namespace {namespace}")
    yield Typist(cluster, namespace)
    Typist(cluster)(f"delete namespace {namespace} --wait=false")


def names(kubectl, what="pods", more=""):
    return kubectl(f"get {what} {more} -o jsonpath={{.items[*].metadata.name}}").split()


def up(kubectl, **options):
    """Apply a Deployment whose pods sleep, and wait until it is rolled out."""
    kubectl("apply -f -", deployment(command=options.pop("command", SLEEP), **options))
    kubectl("rollout status deploy/web --timeout=30s")


def pod(command, name="one", more=""):
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec:
  terminationGracePeriodSeconds: 1
  restartPolicy: Never
  {more}
  containers:
  - {{name: main, image: "any:1", command: [sh, -c, {json.dumps(command)}]}}
"""


def test_a_rollout_its_history_and_the_way_back(kubectl):
    up(kubectl)
    kubectl("set env deploy/web RELEASE=two")
    kubectl("annotate deploy web kubernetes.io/change-cause='second release'")
    assert "successfully rolled out" in kubectl("rollout status deploy/web --timeout=30s")
    history = kubectl("rollout history deploy/web")
    assert [line.split()[0] for line in history.splitlines() if line[:1].isdigit()] == ["1", "2"]
    assert "RELEASE" in kubectl("rollout history deploy/web --revision=2")
    assert kubectl("rollout undo deploy/web") == "deployment.apps/web rolled back\n"
    kubectl("rollout status deploy/web --timeout=30s")
    assert kubectl("get deploy web -o jsonpath={..containers[0].env}") == ""
    revisions = kubectl("rollout history deploy/web").splitlines()
    assert [line.split()[0] for line in revisions if line[:1].isdigit()] == ["2", "3"]


def test_a_paused_rollout_waits_and_a_restart_makes_new_pods(kubectl):
    up(kubectl)
    before = set(names(kubectl))
    kubectl("rollout pause deploy/web")
    kubectl("set env deploy/web RELEASE=two")
    assert len(names(kubectl, "rs")) == 1
    kubectl("rollout resume deploy/web")
    kubectl("rollout status deploy/web --timeout=30s")
    kubectl("rollout restart deploy/web")
    kubectl("rollout status deploy/web --timeout=30s")
    assert len(names(kubectl, "rs")) == 3
    assert not before & set(names(kubectl, "pods", "--field-selector=status.phase=Running"))


def test_logs_of_one_of_many_and_as_they_come(kubectl):
    kubectl("apply -f -", pod("for i in 1 2 3; do echo line $i; done; sleep 1; echo end"))
    kubectl("wait pod one --for=condition=Ready --timeout=20s")
    following = kubectl.start("logs -f one")
    assert following.communicate(timeout=20)[0].split("\n") == [
        "line 1", "line 2", "line 3", "end", "",
    ]  # fmt: skip
    assert kubectl("logs one --tail=1") == "end\n"
    assert "end" in kubectl("logs -l app=one --prefix")
    assert "container other is not valid for pod one" in kubectl.refused("logs one -c other")


def test_a_container_that_crashes_is_started_again_and_its_last_words_are_kept(kubectl):
    up(kubectl, replicas=1)
    (name,) = names(kubectl)
    psutil.Process(kubectl.cluster.pid(name, kubectl.namespace)).kill()
    restarts = f"get pod {name} -o jsonpath={{.status.containerStatuses[0].restartCount}}"
    until(lambda: kubectl(restarts) == "1")
    last = f"get pod {name} -o jsonpath={{..lastState.terminated.exitCode}}"
    assert kubectl(last) == "137"
    kubectl("apply -f -", pod("echo bye; exit 3", "crash").replace("Never", "Always"))
    until(lambda: "CrashLoopBackOff" in kubectl("get pod crash"))
    assert kubectl("logs crash --previous") == "bye\n"
    told = kubectl("describe pod crash")
    assert "BackOff" in told and "Exit Code:    3" in told


def test_exec_carries_streams_and_the_exit_code(kubectl):
    up(kubectl, replicas=1)
    assert kubectl("exec deploy/web -- sh -c 'echo $HOSTNAME'").strip() == names(kubectl)[0]
    assert kubectl("exec -i deploy/web -- tr a-z A-Z", "hello") == "HELLO"
    said = kubectl.try_("exec deploy/web -- sh -c 'echo out; echo err >&2; exit 7'")
    assert (said.code, said.out, said.err.splitlines()[0]) == (7, "out\n", "err")
    assert "nowhere" in kubectl.refused("exec deploy/web -- nowhere")
    large = "x" * 300_000
    assert kubectl("exec -i deploy/web -- cat", large) == large


def test_exec_from_the_official_python_client(cluster, kubectl):
    from kubernetes import client, stream

    up(kubectl, replicas=1)
    with cluster.client() as api:
        # `stream` replaces the client's own way to ask, so this client is used for it alone.
        ask, (name,) = client.CoreV1Api(api).connect_get_namespaced_pod_exec, names(kubectl)
        command = ["sh", "-c", "read line; echo got $line; exit 3"]
        more = {"stderr": True, "stdin": True, "stdout": True, "_preload_content": False}
        run = stream.stream(ask, name, kubectl.namespace, command=command, **more)
        run.write_stdin("words\n")
        run.run_forever(timeout=20)
        assert (run.read_stdout(), run.returncode) == ("got words\n", 3)


def test_logs_know_when_a_line_was_written(kubectl):
    kubectl("apply -f -", pod("echo early; sleep 2; echo late; sleep 30"))
    until(lambda: kubectl.try_("logs one").out == "early\nlate\n")
    assert kubectl("logs one --since=1s") == "late\n"
    stamped = [line.split(" ", 1) for line in kubectl("logs one --timestamps").splitlines()]
    assert [words for _, words in stamped] == ["early", "late"]
    early, late = (datetime.fromisoformat(moment) for moment, _ in stamped)
    assert timedelta(seconds=1.8) < late - early < timedelta(seconds=3)
    assert kubectl(f"logs one --since-time={stamped[1][0]}") == "late\n"
    assert kubectl("logs one --limit-bytes=3") == "ear"
    following = kubectl.start("logs -f one --since=1m --timestamps --tail=1")
    assert following.stdout.readline() == " ".join(stamped[1]) + "\n"
    kubectl("delete pod one --now")
    assert following.communicate(timeout=20)[0] == ""


def test_an_exec_whose_client_is_gone_leaves_no_process(kubectl):
    up(kubectl, replicas=1)
    away = kubectl.start("exec deploy/web -- sleep 4321")

    def there():
        return [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == SLEEPER]

    until(there)
    away.kill()
    away.communicate()
    until(lambda: not there())


SLEEPER = ["sleep", "4321"]


def test_describe_tells_what_happened(kubectl):
    up(kubectl, replicas=1)
    told = kubectl("describe pods")
    for reason in ("Scheduled", "Created", "Started"):
        assert reason in told
    assert "Scaled up replica set" in kubectl("describe deploy web")
    assert "Scheduled" in kubectl("events")
    told = kubectl("describe node local")
    assert "HolderIdentity:  local" in told and "Failed to get lease" not in told


def test_top_shows_the_figures_of_the_processes(kubectl):
    # dd holds its block of 50 MB while it waits for a second one that does not come.
    kubectl("apply -f -", pod("sleep 1000 | dd bs=50M iflag=fullblock if=/dev/zero | sleep 1000"))
    kubectl("wait pod one --for=condition=Ready --timeout=20s")

    def size():
        row = kubectl.try_("top pod one --no-headers").out.split()
        return int(row[2].removesuffix("Mi")) if row else 0

    until(lambda: 45 <= size() <= 120)
    assert kubectl("top node").splitlines()[1].startswith("local")


@pytest.mark.parametrize("way", ["background", "foreground", "orphan"])
def test_the_ways_to_delete(kubectl, way):
    up(kubectl)
    kubectl(f"delete deploy web --cascade={way} --timeout=30s")
    assert names(kubectl, "deploy") == []
    if way == "orphan":
        assert len(names(kubectl, "rs")) == 1 and len(names(kubectl)) == 2
        up(kubectl)  # a new Deployment adopts what its selector meets
        assert len(names(kubectl, "rs")) == 1
    elif way == "foreground":
        assert names(kubectl, "rs") == []
    else:
        until(lambda: names(kubectl, "rs,pods") == [], 20)


def test_a_namespace_takes_all_that_is_in_it_with_it(cluster):
    Typist(cluster)("create namespace brief")
    kubectl = Typist(cluster, "brief")
    up(kubectl, replicas=1)
    process = psutil.Process(cluster.pid(names(kubectl)[0], "brief"))
    kubectl("delete namespace brief --timeout=60s")
    assert names(kubectl, "deploy,rs,pods") == []
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_job_runs_to_its_end(kubectl):
    kubectl("create job sum --image=any:1 -- sh -c 'echo $((40 + 2))'")
    kubectl("wait job sum --for=condition=Complete --timeout=20s")
    assert kubectl("logs job/sum") == "42\n"
    assert kubectl("get job sum --no-headers").split()[1:3] == ["Complete", "1/1"]
    kubectl("create cronjob nightly --image=any:1 --schedule='0 3 * * *' -- echo done")
    kubectl("create job now --from=cronjob/nightly")
    kubectl("wait job now --for=condition=Complete --timeout=20s")
    assert kubectl("logs job/now") == "done\n"


def test_a_cordoned_node_takes_no_pod_and_a_drained_one_has_none(kubectl):
    up(kubectl, replicas=1)
    try:
        kubectl("cordon local")
        kubectl("scale deploy web --replicas=2")
        words = "0/1 nodes are available: 1 node(s) were unschedulable."
        until(lambda: words in kubectl("get events"))
        kubectl("drain local --force --timeout=30s")
        assert kubectl("get pods --field-selector=status.phase=Running -o name") == ""
    finally:
        kubectl("uncordon local")
    kubectl("rollout status deploy/web --timeout=30s")


def test_a_tainted_node_takes_who_tolerates_it_and_a_selector_wants_its_label(kubectl):
    tolerant = '{"spec": {"tolerations": [{"key": "kept", "operator": "Exists"}]}}'
    choosy = '{"spec": {"nodeSelector": {"disk": "ssd"}}}'
    kubectl("taint node local kept=free:NoSchedule")
    try:
        kubectl("run any --image=any:1 --command -- sleep 100")
        kubectl(f"run one --image=any:1 --overrides='{tolerant}' --command -- sleep 100")
        kubectl("wait pod one --for=condition=Ready --timeout=20s")
        words = "1 node(s) had untolerated taint {kept: free}."
        until(lambda: words in kubectl("get events"))
        assert kubectl("get pod any -o jsonpath={.status.phase}") == "Pending"
    finally:
        kubectl("taint node local kept-")
    kubectl("wait pod any --for=condition=Ready --timeout=20s")
    kubectl(f"run two --image=any:1 --overrides='{choosy}' --command -- sleep 100")
    until(lambda: "didn't match Pod's node affinity/selector." in kubectl("get events"))
    kubectl("label node local disk=ssd")
    kubectl("wait pod two --for=condition=Ready --timeout=20s")


def test_port_forward_and_attach_say_what_to_do_instead(kubectl):
    up(kubectl, replicas=1)
    said = kubectl.refused("port-forward deploy/web 18080:8000")
    assert "not supported by this teaching server" in said and "ask those" in said
    assert "Use kubectl logs -f" in kubectl.refused("attach deploy/web")


def test_a_service_is_asked_at_its_address(cluster, kubectl):
    import httpx

    serve = "exec python3 -m http.server 8000 --bind $POD_IP"
    address = "{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}"
    manifest = deployment(command=serve, replicas=1).replace(
        "        ports:\n", f"        env: [{address}]\n        ports:\n"
    )
    ready = "        readinessProbe: {httpGet: {port: 8000}, periodSeconds: 1}\n"
    kubectl("apply -f -", manifest + ready)
    kubectl("rollout status deploy/web --timeout=30s")
    kubectl("expose deploy web --port=80 --target-port=8000")
    url = cluster.url("web", kubectl.namespace)
    until(lambda: _answers(httpx, url))


def _answers(httpx, url):
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_the_client_hangs_up_on_a_log_that_is_followed(cluster, kubectl):
    up(kubectl, replicas=1)
    server = server_of(cluster)
    before = server.num_fds()
    following = [kubectl.start("logs -f deploy/web") for _ in range(5)]
    until(lambda: server.num_fds() >= before + 5)
    for one in following:
        one.kill()
        one.communicate()
    until(lambda: server.num_fds() <= before + 2)


def test_kubectl_is_not_the_learners_own(cluster, tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".kube").mkdir(parents=True)
    (home / ".kube/config").write_text("this is no kubeconfig")
    monkeypatch.setenv("HOME", str(home))
    assert "local" in cluster.kubectl("get nodes", quiet=True)
    assert (home / ".kube/config").read_text() == "this is no kubeconfig"
    assert [one.name for one in (home / ".kube").iterdir()] == ["config"]


def test_a_notebook_sees_the_line_and_what_it_printed(cluster, capsys):
    cluster.kubectl("get nodes --no-headers")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "$ kubectl get nodes --no-headers"
    assert second.startswith("local")
