"""Whether a release comes up: as `kubectl rollout status`, and it gives up where that is clear."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .watching import state

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster


def came_up(cluster: Cluster, name: str, namespace: str, limit: float = 90.0) -> bool:
    """Wait until all pods of a Deployment are of its newest template and available.

    False as soon as a new pod cannot start (its image is missing, or it has crashed twice), and
    after `limit` seconds. Raises kubernetes.client.ApiException without such a Deployment.
    """
    from kubernetes.client import AppsV1Api, CoreV1Api

    client, until = cluster.client(), time.monotonic() + limit
    while time.monotonic() < until:
        plain = client.sanitize_for_serialization
        deployment = plain(AppsV1Api(client).read_namespaced_deployment(name, namespace))
        if _complete(deployment):
            return True
        image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
        pods = plain(CoreV1Api(client).list_namespaced_pod(namespace))["items"]
        if any(_is_of(pod, image) and state(pod) == "failing" for pod in pods):
            return False
        time.sleep(0.2)
    return False


def _complete(deployment: dict[str, Any]) -> bool:
    """The conditions of `kubectl rollout status`."""
    status, wanted = deployment.get("status", {}), deployment["spec"]["replicas"]
    seen = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    counts = [status.get(f"{one}eplicas", 0) for one in ("updatedR", "r", "availableR")]
    return seen and counts == [wanted] * 3


def _is_of(pod: dict[str, Any], image: str) -> bool:
    return pod["spec"]["containers"][0]["image"] == image
