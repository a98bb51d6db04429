"""What a Deployment says of its rollout: counts and conditions that `kubectl rollout` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..meta import Object, name_of, namespace_of
from ..resources import DEPLOYMENTS, REPLICASETS
from ..times import since
from . import revision
from .conditions import condition, told
from .scaling import bounds, wanted

if TYPE_CHECKING:
    from .base import Controller

AVAILABLE, LATE = "NewReplicaSetAvailable", "ProgressDeadlineExceeded"
_COUNTS = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
NEVER = 2**31 - 1  # the progressDeadlineSeconds that means none


def report(controller: Controller, d: Object) -> None:
    """Write the Deployment's status; when all is rolled out, forget versions that are too old."""
    sets = controller.store.owned_by(REPLICASETS, d)
    new, old = revision.find(d, sets)
    before = controller.store.get(DEPLOYMENTS, namespace_of(d), name_of(d))
    after = {**before, "status": {**count(d, sets, new), **_kept(before)}}
    conditions = _availability(after)
    conditions = _pause(d, conditions) if d["spec"].get("paused") else conditions
    if not d["spec"].get("paused") and d["spec"].get("progressDeadlineSeconds", NEVER) != NEVER:
        conditions = _progress(before, after, conditions, new)
    after["status"]["conditions"] = _failure(conditions, new, old)
    controller.store.update(DEPLOYMENTS, after, controller.name, "status")
    if is_complete(after):
        revision.forget(controller, d, old)
    elif deadline := d["spec"].get("progressDeadlineSeconds"):
        controller.again(d, deadline + 1)  # stamps are whole seconds


def count(d: Object, sets: list[Object], new: Object | None) -> Object:
    """The numbers of a Deployment's status; Kubernetes leaves out what is zero."""

    def total(field: str) -> int:
        return sum((one.get("status") or {}).get(field, 0) for one in sets)

    found = {field: total(field) for field in _COUNTS}
    found["updatedReplicas"] = ((new or {}).get("status") or {}).get("replicas", 0)
    found["unavailableReplicas"] = max(0, sum(map(wanted, sets)) - found["availableReplicas"])
    shown = {field: number for field, number in found.items() if number}
    return {"observedGeneration": d["metadata"]["generation"], **shown}


def is_complete(d: Object) -> bool:
    """Whether all pods are of the new version and available, and no old one is left."""
    status, replicas = d["status"], d["spec"]["replicas"]
    done = ("replicas", "updatedReplicas", "availableReplicas")
    return all(status.get(field, 0) == replicas for field in done)


def say(controller: Controller, d: Object, reason: str, message: str) -> None:
    """Note a step of the rollout in the condition Progressing."""
    if d["spec"].get("progressDeadlineSeconds", NEVER) != NEVER:
        current = controller.store.get(DEPLOYMENTS, namespace_of(d), name_of(d))
        conditions = (current.get("status") or {}).get("conditions") or []
        conditions = told(conditions, "Progressing", "True", reason, message)
        write(controller, d, {"conditions": conditions})


def write(controller: Controller, d: Object, changes: Object) -> None:
    """Change fields of the Deployment's status."""
    current = controller.store.get(DEPLOYMENTS, namespace_of(d), name_of(d))
    current["status"] = {**(current.get("status") or {}), **changes}
    controller.store.update(DEPLOYMENTS, current, controller.name, "status")


def _kept(d: Object) -> Object:
    status = d.get("status") or {}
    return {key: status[key] for key in ("conditions", "collisionCount") if key in status}


def _availability(d: Object) -> list[Object]:
    conditions = d["status"].get("conditions") or []
    least = d["spec"]["replicas"] - bounds(d)[1]
    if d["status"].get("availableReplicas", 0) >= least:
        words = "Deployment has minimum availability."
        return told(conditions, "Available", "True", "MinimumReplicasAvailable", words)
    words = "Deployment does not have minimum availability."
    return told(conditions, "Available", "False", "MinimumReplicasUnavailable", words)


def _pause(d: Object, conditions: list[Object]) -> list[Object]:
    current = condition(d, "Progressing")
    if current and current["reason"] == LATE:
        return conditions
    return told(conditions, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")


def _progress(
    before: Object, after: Object, conditions: list[Object], new: Object | None
) -> list[Object]:
    current = condition(before, "Progressing")
    named = f'ReplicaSet "{name_of(new)}"' if new else f'Deployment "{name_of(before)}"'
    if current and current["reason"] == "DeploymentPaused":
        words = "Deployment is resumed"
        return told(conditions, "Progressing", "Unknown", "DeploymentResumed", words)
    if is_complete(after):
        words = f"{named} has successfully progressed."
        return told(conditions, "Progressing", "True", AVAILABLE, words)
    if _has_moved(before.get("status") or {}, after["status"]):
        rest = [one for one in conditions if one["type"] != "Progressing"]
        moved = told([], "Progressing", "True", "ReplicaSetUpdated", f"{named} is progressing.")
        if current and current["status"] == "True":  # only the time of the update is new
            moved[0]["lastTransitionTime"] = current["lastTransitionTime"]
        return [*rest, *moved]
    deadline = before["spec"]["progressDeadlineSeconds"]
    waiting = current and current["reason"] not in (AVAILABLE, LATE)
    if waiting and since(current["lastUpdateTime"]) > deadline:
        words = f"{named} has timed out progressing."
        return told(conditions, "Progressing", "False", LATE, words)
    return conditions


def _has_moved(old: Object, new: Object) -> bool:
    def left(status: Object) -> int:
        return status.get("replicas", 0) - status.get("updatedReplicas", 0)

    grown = ("updatedReplicas", "readyReplicas", "availableReplicas")
    more = any(new.get(field, 0) > old.get(field, 0) for field in grown)
    return more or left(new) < left(old)


def _failure(conditions: list[Object], new: Object | None, old: list[Object]) -> list[Object]:
    found = next(
        filter(None, (condition(one, "ReplicaFailure") for one in (new, *old) if one)), None
    )
    rest = [one for one in conditions if one["type"] != "ReplicaFailure"]
    if not found:
        return rest
    words = ("ReplicaFailure", found["status"], found["reason"], found["message"])
    return told(conditions, *words)
