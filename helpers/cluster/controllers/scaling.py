"""How many pods a Deployment's ReplicaSets have: the bounds of a rollout, and one step of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..events import record
from ..meta import Object, name_of
from ..resources import REPLICASETS

if TYPE_CHECKING:
    from .base import Controller

DESIRED = "deployment.kubernetes.io/desired-replicas"
MOST = "deployment.kubernetes.io/max-replicas"


def wanted(one: Object) -> int:
    """Pods that a ReplicaSet is told to keep."""
    return one["spec"]["replicas"]


def available(one: Object) -> int:
    """Pods of a ReplicaSet that have been ready for minReadySeconds, less those it must give up."""
    return min((one.get("status") or {}).get("availableReplicas", 0), wanted(one))


def bounds(d: Object) -> tuple[int, int]:
    """How many pods may be there beyond `replicas`, and how many of those may be missing."""
    replicas, strategy = d["spec"]["replicas"], d["spec"]["strategy"]
    if strategy["type"] != "RollingUpdate":
        return 0, 0
    rolling = strategy.get("rollingUpdate") or {}
    surge = share(rolling.get("maxSurge", "25%"), replicas, math.ceil)
    unavailable = share(rolling.get("maxUnavailable", "25%"), replicas, math.floor)
    if surge == 0 and unavailable == 0:  # with neither, no step would be possible
        unavailable = 1
    return surge, min(unavailable, replicas)


def share(value: int | str, of: int, rounded=math.ceil) -> int:
    """A number, or a percentage of `of` as a whole number."""
    return rounded(int(value.rstrip("%")) * of / 100) if isinstance(value, str) else value


def scale(controller: Controller, d: Object, one: Object, replicas: int) -> Object:
    """Tell a ReplicaSet how many pods to keep, note it in an event, and give it as it is then."""
    before = wanted(one)
    surge, _ = bounds(d)
    size = {DESIRED: str(d["spec"]["replicas"]), MOST: str(d["spec"]["replicas"] + surge)}
    notes = one["metadata"].get("annotations") or {}
    if before == replicas and (replicas == 0 or size.items() <= notes.items()):
        return one
    metadata = {**one["metadata"], "annotations": {**notes, **size}}
    changed = {**one, "metadata": metadata, "spec": {**one["spec"], "replicas": replicas}}
    changed = controller.store.update(REPLICASETS, changed, controller.name)
    if before != replicas:
        way = "up" if replicas > before else "down"
        words = f"Scaled {way} replica set {name_of(one)} from {before} to {replicas}"
        record(controller.store, d, "Normal", "ScalingReplicaSet", words, controller.name)
    return changed


def is_resized(d: Object, sets: list[Object]) -> bool:
    """Whether the Deployment's `replicas` changed since its ReplicaSets were last scaled."""
    notes = [one["metadata"].get("annotations") or {} for one in sets if wanted(one) > 0]
    return any(DESIRED in one and int(one[DESIRED]) != d["spec"]["replicas"] for one in notes)


def resize(controller: Controller, d: Object, new: Object | None, old: list[Object]) -> None:
    """Follow a change of `replicas` without going on with a rollout."""
    sets = [one for one in (new, *old) if one and wanted(one) > 0]
    if len(sets) < 2:
        only = sets[0] if sets else new or (old[-1] if old else None)
        if only:
            scale(controller, d, only, d["spec"]["replicas"])
    elif new and wanted(new) == available(new) == d["spec"]["replicas"]:
        for one in old:
            scale(controller, d, one, 0)
    elif d["spec"]["strategy"]["type"] == "RollingUpdate":
        for one, replicas in proportional(d, sets):
            scale(controller, d, one, replicas)


def proportional(d: Object, sets: list[Object]) -> list[tuple[Object, int]]:
    """In the midst of a rollout, each ReplicaSet grows or shrinks by its share: it spreads risk."""
    replicas = d["spec"]["replicas"]
    most = replicas + bounds(d)[0] if replicas else 0
    add = most - sum(map(wanted, sets))
    created = {name_of(one): one["metadata"]["creationTimestamp"] for one in sets}
    sets = sorted(sets, key=lambda one: created[name_of(one)], reverse=add > 0)
    sets.sort(key=wanted, reverse=True)
    sizes, left = [], add
    for one in sets:
        was = int((one["metadata"].get("annotations") or {}).get(MOST) or most)
        change = round(wanted(one) * most / was) - wanted(one) if was else 0
        change = min(change, left) if add > 0 else max(change, left)
        sizes.append(wanted(one) + change)
        left -= change
    sizes[0] = max(0, sizes[0] + left)  # what rounding leaves goes to the largest
    return list(zip(sets, sizes, strict=True))
