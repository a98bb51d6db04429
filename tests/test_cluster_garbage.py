"""What goes with its owner, what goes before it, what stays; and the end of a namespace."""

from __future__ import annotations

import pytest

from helpers.cluster.controllers.deployment import DeploymentController
from helpers.cluster.controllers.garbage import GarbageCollector
from helpers.cluster.controllers.namespace import NamespaceController
from helpers.cluster.controllers.replicaset import ReplicaSetController
from helpers.cluster.meta import name_of
from helpers.cluster.resources import (
    CONFIGMAPS,
    DEPLOYMENTS,
    NAMESPACES,
    PODS,
    REPLICASETS,
    SERVICEACCOUNTS,
)
from tests.cluster_world import HERE, World


@pytest.fixture
def world():
    world = World(DeploymentController, ReplicaSetController, GarbageCollector, NamespaceController)
    world.deployment()
    return world.settle().make_ready()


def end_pods(world):
    """What the kubelet does with pods that are leaving."""
    return world.make_ready()


def test_in_the_background_the_owner_goes_first(world):
    world.store.delete(DEPLOYMENTS, HERE, "web", propagation="Background")
    assert not world.store.list(DEPLOYMENTS)
    world.settle()
    assert not world.store.list(REPLICASETS)
    assert len(world.pods(leaving=True)) == 3
    assert not world.pods()
    assert not end_pods(world).pods(leaving=True)


def test_in_the_foreground_the_owner_waits_for_what_it_owns(world):
    world.store.delete(DEPLOYMENTS, HERE, "web", propagation="Foreground")
    world.settle()
    assert world.store.list(DEPLOYMENTS)
    assert world.store.list(REPLICASETS)
    end_pods(world)
    assert not world.store.list(REPLICASETS)
    assert not world.store.list(DEPLOYMENTS)


def test_an_orphan_stays_and_a_new_owner_adopts_it(world):
    world.store.delete(DEPLOYMENTS, HERE, "web", propagation="Orphan")
    world.settle()
    assert not world.store.list(DEPLOYMENTS)
    (rs,) = world.store.list(REPLICASETS)
    assert "ownerReferences" not in rs["metadata"]
    names = {name_of(pod) for pod in world.pods()}
    d = world.deployment()
    world.settle()
    assert [name_of(one) for one in world.store.owned_by(REPLICASETS, d)] == [name_of(rs)]
    assert {name_of(pod) for pod in world.pods()} == names


def test_a_namespace_takes_what_is_in_it_along(world):
    world.store.create(NAMESPACES, {"metadata": {"name": "shop"}})
    world.settle()
    assert world.store.find(SERVICEACCOUNTS, "shop", "default")
    world.store.create(CONFIGMAPS, {"metadata": {"name": "a", "namespace": "shop"}, "data": {}})
    world.store.delete(NAMESPACES, None, "shop")
    world.settle()
    assert world.store.find(NAMESPACES, None, "shop") is None
    assert not world.store.list(CONFIGMAPS, "shop")
    assert not world.store.list(SERVICEACCOUNTS, "shop")
    assert len(world.pods()) == 3  # those of another namespace


def test_a_namespace_waits_for_its_pods(world):
    if world.store.find(NAMESPACES, None, HERE) is None:
        world.store.create(NAMESPACES, {"metadata": {"name": HERE}})
    world.store.delete(NAMESPACES, None, HERE)
    world.settle()
    assert world.store.get(NAMESPACES, None, HERE)["status"]["phase"] == "Terminating"
    assert len(world.store.list(PODS)) == 3
    end_pods(world)
    assert world.store.find(NAMESPACES, None, HERE) is None
