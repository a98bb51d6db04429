"""Pods as real processes: started, restarted, asked, limited, ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time

import pytest

from helpers.cluster.errors import ApiError
from helpers.cluster.resources import PODS
from tests.cluster_node import HERE, PYTHON, on_a_node

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pods are POSIX processes")


def shell(words):
    return ["sh", "-c", words]


@on_a_node()
async def test_a_pod_runs_to_its_end_and_its_log_stays(node):
    node.pod(command=shell("echo hello from $HOSTNAME"), spec={"restartPolicy": "Never"})
    assert await node.ended() == "Succeeded"
    assert await node.log() == "hello from one\n"
    state, details = node.state()
    assert (state, details["exitCode"], details["reason"]) == ("terminated", 0, "Completed")
    assert set(node.reasons()) == {"Scheduled", "Pulled", "Created", "Started"}


@on_a_node(faster=20.0)
async def test_a_crash_is_tried_again_at_once_then_ever_later(node):
    node.pod(command=shell("echo run; exit 7"))
    await node.until(lambda: node.restarts() == 1)
    await node.until(lambda: node.state()[1].get("reason") == "CrashLoopBackOff")
    assert node.state()[1]["message"].startswith("back-off 10s restarting failed container=main")
    began = time.monotonic()
    await node.until(lambda: node.restarts() == 2)
    assert time.monotonic() - began < 1.5  # 10 s, 20 times faster
    await node.until(lambda: "back-off 20s" in node.state()[1].get("message", ""))
    last = node.status()["containerStatuses"][0]["lastState"]["terminated"]
    assert (last["exitCode"], last["reason"]) == (7, "Error")
    assert await node.log(previous=True) == "run\n"
    assert "BackOff" in node.reasons()


@on_a_node()
async def test_what_cannot_be_started_says_why(node):
    node.pod("typo", command=["no-such-program"], spec={"restartPolicy": "Never"})
    assert await node.ended("typo") == "Failed"
    assert node.state("typo")[1]["message"] == (
        'exec: "no-such-program": executable file not found in $PATH'
    )
    ref = {"configMapRef": {"name": "nope"}}
    node.pod("config", command=["true"], envFrom=[ref])
    await node.until(lambda: node.state("config")[1].get("reason") == "CreateContainerConfigError")
    assert node.state("config")[1]["message"] == 'configmap "nope" not found'
    with pytest.raises(ApiError, match="is waiting to start: CreateContainerConfigError"):
        await node.log("config")


@on_a_node()
async def test_an_image_stands_for_a_command_and_an_unknown_one_for_none(node):
    images = {
        "corner/hello:1": {
            "command": ["sh", "-c", 'echo "$GREETING $0"'],
            "env": {"GREETING": "hi"},
        }
    }
    (node.folder / "images.json").write_text(json.dumps(images))
    node.pod("known", image="corner/hello:1", args=["you"], spec={"restartPolicy": "Never"})
    assert await node.ended("known") == "Succeeded"
    assert await node.log("known") == "hi you\n"
    node.pod("tag", image="corner/hello:2", command=["true"])
    node.pod("unknown", image="nginx")
    for name in ("tag", "unknown"):
        await node.until(lambda name=name: node.state(name)[1].get("reason") == "ImagePullBackOff")
        assert "corner/hello:1" in node.state(name)[1]["message"]
        assert node.status(name)["phase"] == "Pending"
        assert node.reasons(name).count("Failed") >= 2


@on_a_node()
async def test_init_containers_run_one_after_the_other_and_share_a_volume(node):
    mount = {"name": "data", "mountPath": "/data"}
    write = {"image": "x", "volumeMounts": [mount]}
    init = [
        {"name": "a", "command": shell("sleep 0.1; echo one > /data/f"), **write},
        {"name": "b", "command": shell("echo two >> /data/f"), **write},
    ]
    node.pod(
        command=["cat", "/data/f"], volumeMounts=[mount],
        spec={"restartPolicy": "Never", "initContainers": init,
              "volumes": [{"name": "data", "emptyDir": {}}]},
    )  # fmt: skip
    assert await node.ended() == "Succeeded"
    assert await node.log() == "one\ntwo\n"
    assert len(node.status()["initContainerStatuses"]) == 2


@on_a_node()
async def test_an_init_container_that_fails_holds_the_others_back(node):
    init = [{"name": "a", "image": "x", "command": ["false"]}]
    node.pod(command=["true"], spec={"restartPolicy": "Never", "initContainers": init})
    assert await node.ended() == "Failed"
    assert node.state()[1]["reason"] == "PodInitializing"
    condition = {one["type"]: one["status"] for one in node.status()["conditions"]}
    assert condition["Initialized"] == "False"


@on_a_node()
async def test_memory_beyond_the_limit_ends_a_container_its_children_included(node):
    hog = "import time; x = bytearray(120_000_000); time.sleep(60)"
    child = f"import subprocess; subprocess.run([{PYTHON!r}, '-c', {hog!r}])"
    limits = {"limits": {"memory": "60Mi"}}
    node.pod(
        command=[PYTHON, "-c", child], resources=limits, spec={"restartPolicy": "Never"}
    )  # fmt: skip
    assert await node.ended() == "Failed"
    state, details = node.state()
    assert (state, details["reason"], details["exitCode"]) == ("terminated", "OOMKilled", 137)


@on_a_node()
async def test_probes_start_then_ready_then_alive(node):
    words = "sleep 0.3; touch started; sleep 0.3; touch ready; sleep 60"
    one = {"periodSeconds": 1, "failureThreshold": 5}
    node.pod(
        command=shell(words),
        startupProbe={"exec": {"command": ["test", "-f", "started"]}, **one},
        readinessProbe={"exec": {"command": ["test", "-f", "ready"]}, **one},
        livenessProbe={"exec": {"command": ["test", "-f", "started"]}, "periodSeconds": 1,
                       "failureThreshold": 1},
    )  # fmt: skip
    status = lambda: (node.status().get("containerStatuses") or [{}])[0]  # noqa: E731
    await node.until(lambda: status().get("started"))
    assert not status()["ready"]
    await node.until(lambda: status()["ready"])
    assert node.restarts() == 0
    run = await node.kubelet.exec(HERE, "one", "main", ["rm", "started"])
    assert await run.wait() == 0
    await node.until(lambda: node.restarts() == 1)
    assert {"Unhealthy", "Killing"} <= set(node.reasons())


@on_a_node()
async def test_the_end_of_a_pod_prestop_term_then_kill(node):
    trap = "trap 'echo term; exit 0' TERM; echo up; while :; do sleep 0.05; done"
    hook = {"preStop": {"exec": {"command": ["sh", "-c", "echo hook > hooked; sleep 0.2"]}}}
    node.pod("kind", command=shell(trap), lifecycle=hook)
    node.pod("deaf", command=shell("trap '' TERM; sleep 60 & wait; sleep 60"))
    await node.until(lambda: node.state("kind")[0] == node.state("deaf")[0] == "running")
    kind = node.kubelet.logs(HERE, "kind", "main")
    await node.until(lambda: kind.read() == b"up\n")
    follow = asyncio.create_task(collect(kind))
    began = time.monotonic()
    node.store.delete(PODS, HERE, "kind")
    node.store.delete(PODS, HERE, "deaf", grace=1)
    await node.until(lambda: not node.store.find(PODS, HERE, "kind"))
    assert 0.2 <= time.monotonic() - began < 1.0
    assert await follow == b"up\nterm\n"
    await node.until(lambda: not node.store.find(PODS, HERE, "deaf"))
    assert 1.0 <= time.monotonic() - began < 3.0


@on_a_node()
async def test_a_probe_that_ends_with_its_container_has_not_failed(node):
    asks = {"exec": {"command": shell("echo $$ > asked; exec sleep 30")}, "timeoutSeconds": 60}
    killer = "trap 'kill -9 $(cat asked); sleep 0.3; exit' TERM; while :; do sleep 0.05; done"
    node.pod(command=shell(killer), readinessProbe=asks)
    asked = lambda: list(node.folder.rglob("asked"))  # noqa: E731
    await node.until(asked)
    node.store.delete(PODS, HERE, "one", grace=1)
    await node.until(lambda: not node.store.find(PODS, HERE, "one"))
    assert "Killing" in node.reasons() and "Unhealthy" not in node.reasons()


async def collect(log):
    return b"".join([part async for part in log.follow()])


@on_a_node()
async def test_a_forced_deletion_does_not_wait(node):
    node.pod(command=shell("trap '' TERM; sleep 60"))
    await node.until(lambda: node.state()[0] == "running")
    node.store.delete(PODS, HERE, "one", grace=0)
    assert node.store.find(PODS, HERE, "one") is None
    await node.until(lambda: not node.kubelet.pods)


@on_a_node()
async def test_force_ends_a_pod_that_is_ending_already(node):
    node.pod(command=shell("trap '' TERM; echo deaf; while :; do sleep 0.05; done"))
    await node.until(lambda: node.state()[0] == "running")
    await node.until(lambda: node.kubelet.logs(HERE, "one", "main").read() == b"deaf\n")
    node.store.delete(PODS, HERE, "one", grace=30)
    await node.until(lambda: node.kubelet._ending)
    node.store.delete(PODS, HERE, "one", grace=0)
    assert node.store.find(PODS, HERE, "one") is None
    await node.until(lambda: not node.kubelet.pods)


@on_a_node()
async def test_exec_has_streams_an_exit_code_and_the_containers_environment(node):
    node.pod(command=["sleep", "60"], env=[{"name": "PRICE", "value": "3"}])
    await node.until(lambda: node.state()[0] == "running")
    run = await node.kubelet.exec(
        HERE, "one", "main", shell("cat; echo $PRICE; echo no >&2; exit 4"), stdin=True
    )
    run.stdin.write(b"in\n")
    run.stdin.close()
    assert await run.stdout.read() == b"in\n3\n"
    assert await run.stderr.read() == b"no\n"
    assert await run.wait() == 4
    run = await node.kubelet.exec(HERE, "one", "main", shell("tty; exit 2"), tty=True, stdin=True)
    assert (await run.stdout.read()).startswith(b"/dev/")
    assert await run.wait() == 2
    with pytest.raises(ApiError, match="No such file"):
        await node.kubelet.exec(HERE, "one", "main", ["no-such-program"])
    with pytest.raises(ApiError, match="container other is not valid for pod one"):
        await node.kubelet.exec(HERE, "one", "other", ["true"])


@on_a_node()
async def test_usage_is_that_of_real_processes(node):
    node.pod("busy", command=[PYTHON, "-c", "while True: pass"])
    node.pod("idle", command=["sleep", "60"])
    await node.until(lambda: node.state("busy")[0] == node.state("idle")[0] == "running")
    node.kubelet.usage()
    await asyncio.sleep(0.5)
    usage = {node.store.get(PODS, HERE, n)["metadata"]["uid"]: n for n in ("busy", "idle")}
    found = {usage[uid]: figures for uid, figures in node.kubelet.usage().items()}
    assert found["busy"][0] > 10 * max(found["idle"][0], 1)
    assert 3_000_000 < found["busy"][1] < 100_000_000


@on_a_node()
async def test_a_killed_process_is_replaced_and_a_deadline_ends_a_pod(node):
    node.pod("hit", command=["sleep", "60"])
    node.pod("late", command=["sleep", "60"], spec={"activeDeadlineSeconds": 1})
    await node.until(lambda: node.state("hit")[0] == "running")
    pid = int(node.store.get(PODS, HERE, "hit")["metadata"]["annotations"]["two-loops/pids"][5:])
    os.kill(pid, signal.SIGKILL)
    await node.until(lambda: node.restarts("hit") == 1 and node.state("hit")[0] == "running")
    last = node.status("hit")["containerStatuses"][0]["lastState"]["terminated"]
    assert (last["exitCode"], last["reason"]) == (137, "Error")
    assert await node.ended("late") == "Failed"
    assert node.status("late")["reason"] == "DeadlineExceeded"
