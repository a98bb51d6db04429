"""The deployment controller, on the store alone: what a rollout does and what it says of itself."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.cluster.controllers.revision import HASH, REVISION
from helpers.cluster.controllers.scaling import bounds
from helpers.cluster.meta import name_of
from helpers.cluster.resources import DEPLOYMENTS, EVENTS, PODS, REPLICASETS
from tests.cluster_world import HERE, World, version_of


def rolling(surge, unavailable):
    update = {"maxSurge": surge, "maxUnavailable": unavailable}
    return {"type": "RollingUpdate", "rollingUpdate": update}


@pytest.fixture
def world():
    """A Deployment of three, rolled out."""
    world = World()
    world.deployment(strategy=rolling(1, 0))
    return world.settle().make_ready()


def test_a_deployment_gets_a_replica_set_and_its_pods_bear_the_hash(world):
    (rs,) = world.store.list(REPLICASETS, HERE)
    code = rs["metadata"]["labels"][HASH]
    assert name_of(rs) == f"web-{code}"
    assert rs["spec"]["selector"]["matchLabels"] == {"app": "web", HASH: code}
    pods = world.pods()
    assert len(pods) == 3
    assert all(pod["metadata"]["labels"] == {"app": "web", HASH: code} for pod in pods)
    assert all(name_of(pod).startswith(f"web-{code}-") for pod in pods)


def test_what_rollout_status_reads(world):
    status = world.status()
    assert status["observedGeneration"] == 1
    assert {key: status.get(key) for key in ("replicas", "updatedReplicas", "readyReplicas")} == {
        "replicas": 3, "updatedReplicas": 3, "readyReplicas": 3,
    }  # fmt: skip
    assert "unavailableReplicas" not in status
    assert world.condition("Available") == ("True", "MinimumReplicasAvailable")
    assert world.condition("Progressing") == ("True", "NewReplicaSetAvailable")


def test_a_rollout_goes_step_by_step_within_its_bounds(world):
    world.roll_out("2")
    seen = [world.sets()]
    while world.sets() != {"1": 0, "2": 3}:
        world.make_ready()
        seen.append(world.sets())
    steps = [{"1": 3, "2": 1}, {"1": 2, "2": 2}, {"1": 1, "2": 3}, {"1": 0, "2": 3}]
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == steps
    assert world.make_ready().condition("Progressing") == ("True", "NewReplicaSetAvailable")
    scaled = [message for reason, message, _ in world.events("web") if "Scal" in reason]
    assert [m.rsplit(" ", 4)[1:] for m in scaled[:2]] == [
        ["from", "0", "to", "3"],
        ["from", "0", "to", "1"],
    ]


def test_events_of_one_second_are_listed_as_they_came(world):
    """kubectl sorts them by the second alone, and the API lists them by their names."""
    world.roll_out("2").make_ready()
    names = [name_of(event) for event in world.store.list(EVENTS) if "web." in name_of(event)]
    assert len(names) > 2 and names == sorted(names)


def test_a_version_that_never_gets_ready_stops_at_the_bounds_and_is_told_late():
    world = World()
    world.deployment(strategy=rolling(1, 0), progressDeadlineSeconds=5)
    world.settle().make_ready()
    world.roll_out("bad")
    assert world.sets() == {"1": 3, "bad": 1}
    assert len(world.pods(ready=True)) == 3
    assert world.condition("Progressing") == ("True", "ReplicaSetUpdated")
    world.pass_time(7)
    assert world.condition("Progressing") == ("False", "ProgressDeadlineExceeded")
    assert world.condition("Available")[0] == "True"


def test_undo_raises_the_old_replica_set_again_under_a_new_number(world):
    world.roll_out("2")
    for _ in range(5):
        world.make_ready()
    world.roll_out("1")  # what `kubectl rollout undo` writes
    for _ in range(5):
        world.make_ready()
    revisions = {
        version_of(one["spec"]["template"]): one["metadata"]["annotations"][REVISION]
        for one in world.store.list(REPLICASETS, HERE)
    }
    assert revisions == {"1": "3", "2": "2"}
    assert world.sets() == {"1": 3, "2": 0}
    d = world.store.get(DEPLOYMENTS, HERE, "web")
    assert d["metadata"]["annotations"][REVISION] == "3"


def test_a_broken_rollout_is_undone_without_losing_a_ready_pod(world):
    ready = {name_of(pod) for pod in world.pods(ready=True)}
    world.roll_out("bad").roll_out("1")
    assert {name_of(pod) for pod in world.pods(ready=True)} == ready
    assert world.sets() == {"1": 3, "bad": 0}


def test_min_ready_seconds_holds_a_rollout_back():
    world = World()
    world.deployment(strategy=rolling(1, 0), minReadySeconds=30)
    world.settle().make_ready()
    assert world.status().get("availableReplicas", 0) == 0
    world.pass_time(31)
    assert world.status()["availableReplicas"] == 3
    world.roll_out("2").make_ready().make_ready()
    assert world.sets() == {"1": 3, "2": 1}
    world.pass_time(31)
    assert world.sets() == {"1": 2, "2": 2}


def test_a_paused_deployment_takes_changes_but_rolls_nothing_out(world):
    world.change(DEPLOYMENTS, "web", paused=True)
    world.roll_out("2")
    assert world.sets() == {"1": 3}
    assert world.condition("Progressing") == ("Unknown", "DeploymentPaused")
    world.change(DEPLOYMENTS, "web", replicas=5)
    assert world.settle().sets() == {"1": 5}
    world.change(DEPLOYMENTS, "web", paused=False)
    assert world.settle().sets() == {"1": 5, "2": 1}


def test_recreate_starts_no_new_pod_before_the_last_old_one_is_gone():
    world = World()
    world.deployment(strategy={"type": "Recreate"})
    world.settle().make_ready()
    world.roll_out("2")
    assert world.sets() == {"1": 0}
    assert len(world.pods(leaving=True)) == 3
    world.make_ready()
    assert world.sets() == {"1": 0, "2": 3}


def test_history_is_kept_as_long_as_its_limit_says():
    world = World()
    world.deployment(revisionHistoryLimit=2)
    world.settle().make_ready()
    for version in "23456":
        world.roll_out(version)
        for _ in range(6):
            world.make_ready()
    assert world.sets() == {"4": 0, "5": 0, "6": 3}


def test_orphans_that_match_are_adopted_and_strays_let_go(world):
    (rs,) = world.store.list(REPLICASETS, HERE)
    pod = world.store.get(PODS, HERE, name_of(world.pods()[0]))
    del pod["metadata"]["labels"]["app"]
    world.store.update(PODS, pod)
    world.settle()
    assert not world.store.get(PODS, HERE, name_of(pod))["metadata"]["ownerReferences"]
    assert len(world.store.owned_by(PODS, rs)) == 3
    world.store.delete(DEPLOYMENTS, HERE, "web", propagation="Orphan")
    orphan = {**rs, "metadata": {**rs["metadata"], "ownerReferences": []}}
    del orphan["metadata"]["resourceVersion"]
    world.store.update(REPLICASETS, orphan)
    if world.store.find(DEPLOYMENTS, HERE, "web"):
        world.store.remove(DEPLOYMENTS, HERE, "web")
    adopter = world.deployment(strategy=rolling(1, 0))
    world.settle()
    assert [name_of(one) for one in world.store.owned_by(REPLICASETS, adopter)] == [name_of(rs)]


def test_scaling_in_the_midst_of_a_rollout_spreads_over_both_versions():
    world = World()
    world.deployment(replicas=10, strategy=rolling(3, 2))
    world.settle().make_ready()
    world.roll_out("2")
    assert world.sets() == {"1": 8, "2": 5}
    world.change(DEPLOYMENTS, "web", replicas=15)
    assert world.settle().sets() == {"1": 11, "2": 7}  # as in Kubernetes' documentation


@pytest.mark.parametrize(
    ("surge", "unavailable", "replicas", "meant"),
    [("25%", "25%", 3, (1, 0)), ("25%", "25%", 10, (3, 2)), (0, 0, 4, (0, 1)), (2, 9, 4, (2, 4))],
)
def test_percentages_round_up_for_surge_and_down_for_unavailable(
    surge, unavailable, replicas, meant
):
    spec = {"replicas": replicas, "strategy": rolling(surge, unavailable)}
    assert bounds({"spec": spec}) == meant


@settings(max_examples=20)
@given(
    replicas=st.integers(1, 6), surge=st.integers(0, 3), unavailable=st.integers(0, 3),
    picks=st.lists(st.integers(0, 99), max_size=25),
)  # fmt: skip
def test_no_order_of_getting_ready_breaks_the_bounds(replicas, surge, unavailable, picks):
    assume(surge or unavailable)  # with neither, no step would be possible: it is refused
    world = World()
    world.deployment(replicas=replicas, strategy=rolling(surge, unavailable))
    world.settle().make_ready()
    most, missing = bounds(world.store.get(DEPLOYMENTS, HERE, "web"))
    world.roll_out("2")
    for pick in picks:
        waiting = world.pods(ready=False)
        if waiting:
            world.make_ready(waiting[pick % len(waiting)])
        assert len(world.pods()) <= replicas + most
        assert len(world.pods(ready=True)) >= replicas - missing
    for _ in range(20):
        world.make_ready()
    assert world.sets() == {"1": 0, "2": replicas}
