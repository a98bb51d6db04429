"""A Deployment, its ReplicaSets and its pods as one picture, drawn from what the API says."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .watching import COLOURS, state

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster

_INK = "var(--jp-content-font-color1, #222)"
_LINE = "var(--jp-border-color1, #888)"
_POD, _GAP, _TOP, _WIDTH = 84, 12, 150, 720


@dataclass(frozen=True)
class Scene:
    """What the picture shows: the Deployment, its ReplicaSets and its pods, in the API's form."""

    deployment: dict[str, Any]
    replicasets: list[dict[str, Any]]
    pods: list[dict[str, Any]]

    def of(self, replicaset: dict[str, Any]) -> list[dict[str, Any]]:
        """The pods of one ReplicaSet, by age and name."""
        mine = [pod for pod in self.pods if _owner(pod) == replicaset["metadata"]["uid"]]
        return sorted(mine, key=lambda pod: _age(pod))

    def __str__(self) -> str:
        wanted = self.deployment["spec"]["replicas"]
        lines = [f"Deployment {self.deployment['metadata']['name']}: {wanted} wanted"]
        for one in self.replicasets:
            states = [state(pod) for pod in self.of(one)]
            counts = {name: states.count(name) for name in dict.fromkeys(states)}
            said = ", ".join(f"{count} {name}" for name, count in counts.items()) or "no pods"
            lines.append(f"  ReplicaSet of {image_of(one)}: {said}")
        return "\n".join(lines)


def scene(cluster: Cluster, name: str, namespace: str = "default") -> Scene:
    """Ask the API for a Deployment and all that belongs to it.

    Raises kubernetes.client.ApiException where there is no such Deployment.
    """
    from kubernetes.client import AppsV1Api, CoreV1Api

    client = cluster.client()
    plain = client.sanitize_for_serialization
    deployment = plain(AppsV1Api(client).read_namespaced_deployment(name, namespace))
    uid = deployment["metadata"]["uid"]
    sets = plain(AppsV1Api(client).list_namespaced_replica_set(namespace))["items"]
    mine = sorted((one for one in sets if _owner(one) == uid), key=_age)
    pods = plain(CoreV1Api(client).list_namespaced_pod(namespace))["items"]
    living = [one for one in mine if any(_owner(pod) == one["metadata"]["uid"] for pod in pods)]
    return Scene(deployment, living or mine[-1:], pods)


def svg(scene: Scene) -> str:
    """The picture. Each pod's state is a word as well as a colour; it has a text for readers."""
    columns, x, parts = [], 0, []
    for one in scene.replicasets:
        pods = scene.of(one)
        width = max(2, len(pods)) * (_POD + _GAP)
        columns.append((x, width, one, pods))
        x += width + 2 * _GAP
    span = max(x - 3 * _GAP, 260)
    wanted = scene.deployment["spec"]["replicas"]
    name = scene.deployment["metadata"]["name"]
    parts.append(_box(span / 2 - 120, 4, 240, "Deployment", f"{name}: {wanted} wanted"))
    for left, width, one, pods in columns:
        middle = left + (width - _GAP) / 2
        parts.append(_stroke(span / 2, 48, middle, 76))
        has = f"{one['spec']['replicas']} wanted"
        parts.append(_box(middle - 88, 76, 176, "ReplicaSet", f"{image_of(one)}: {has}"))
        for place, pod in enumerate(pods):
            at = left + place * (_POD + _GAP)
            parts.append(_stroke(middle, 120, at + _POD / 2, _TOP))
            parts.append(_pod(at, pod))
    label = html.escape(str(scene).replace("\n", "; "))
    height = _TOP + 74
    return (
        f'<svg role="img" aria-label="{label}" viewBox="-4 0 {max(span + 8, 400):.0f} {height}" '
        f'style="max-width:{min(_WIDTH, 1.3 * max(span, 400)):.0f}px;width:100%" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def image_of(owner: dict[str, Any]) -> str:
    """The image of a ReplicaSet's or Deployment's pods, without the registry and in few letters."""
    image = owner["spec"]["template"]["spec"]["containers"][0]["image"].split("/")[-1]
    name, _, digest = image.partition("@sha256:")
    return f"{name}@{digest[:6]}" if digest else image


def _pod(x: float, pod: dict[str, Any]) -> str:
    now = state(pod)
    restarts = sum(one["restartCount"] for one in pod["status"].get("containerStatuses", []))
    more = f"restarts: {restarts}" if restarts else pod["metadata"]["name"].rsplit("-", 1)[-1]
    ink = "#fff" if now == "failing" else "#111"
    return (
        f'<rect x="{x:.0f}" y="{_TOP}" width="{_POD}" height="62" rx="8" fill="{COLOURS[now]}" '
        f'stroke="{_LINE}"/>'
        + _text(x + _POD / 2, _TOP + 18, "Pod", ink)
        + _text(x + _POD / 2, _TOP + 35, now, ink, "bold")
        + _text(x + _POD / 2, _TOP + 52, more, ink)
    )


def _box(x: float, y: float, width: float, kind: str, text: str) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="44" rx="4" fill="none" '
        f'stroke="{_LINE}"/>'
        + _text(x + width / 2, y + 18, kind, _INK, "bold")
        + _text(x + width / 2, y + 35, text, _INK)
    )


def _text(x: float, y: float, text: str, ink: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.0f}" y="{y}" text-anchor="middle" font-weight="{weight}" '
        f'style="fill:{ink}">{html.escape(text)}</text>'
    )


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.0f}" y1="{y1}" x2="{x2:.0f}" y2="{y2}" style="stroke:{_LINE}" '
        'stroke-width="1"/>'
    )


def _owner(one: dict[str, Any]) -> str:
    owners = one["metadata"].get("ownerReferences", [])
    return next((owner["uid"] for owner in owners if owner.get("controller")), "")


def _age(one: dict[str, Any]) -> tuple[str, str]:
    return one["metadata"]["creationTimestamp"], one["metadata"]["name"]
