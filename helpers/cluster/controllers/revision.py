"""Versions of a Deployment's template: one ReplicaSet each, numbered in the order of use.

`kubectl rollout history` reads the numbers; `kubectl rollout undo` writes an old template back,
and then its ReplicaSet is there already: it gets the next number and is raised again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from ..errors import ApiError
from ..meta import LETTERS, Object, copied, is_leaving, name_of, namespace_of, reference_to
from ..resources import DEPLOYMENTS, REPLICASETS
from . import progress
from .scaling import DESIRED, MOST, wanted

if TYPE_CHECKING:
    from .base import Controller

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NOT_COPIED = {LAST_APPLIED, REVISION, HISTORY, DESIRED, MOST}


def find(d: Object, sets: list[Object]) -> tuple[Object | None, list[Object]]:
    """The ReplicaSet of the Deployment's template, if there is one, and all others by age."""
    sets = sorted(sets, key=lambda one: (one["metadata"]["creationTimestamp"], of(one)))
    bare = _bare(d["spec"]["template"])
    new = next((one for one in sets if _bare(one["spec"]["template"]) == bare), None)
    return new, [one for one in sets if one is not new]


def of(obj: Object) -> int:
    """The revision that an object carries; 0 for none."""
    return int((obj["metadata"].get("annotations") or {}).get(REVISION) or 0)


def create(controller: Controller, d: Object) -> Object:
    """Make the ReplicaSet of the Deployment's template, with no pods yet."""
    collisions = (d.get("status") or {}).get("collisionCount") or 0
    code = _hash(d["spec"]["template"], collisions)
    try:
        new = controller.store.create(REPLICASETS, _replica_set(d, code), controller.name)
    except ApiError as error:
        if error.reason == "AlreadyExists":  # somebody else's of the same name: the next hash
            progress.write(controller, d, {"collisionCount": collisions + 1})
        raise
    progress.say(controller, d, "NewReplicaSetCreated", f'Created new replica set "{name_of(new)}"')
    return new


def number(
    controller: Controller, d: Object, new: Object | None, old: list[Object]
) -> Object | None:
    """Give the template's ReplicaSet the highest revision, and the Deployment the same."""
    if new is None:
        return None
    highest = max(map(of, old), default=0) + 1
    notes = dict(new["metadata"].get("annotations") or {})
    before = dict(notes)
    notes |= _copied(d)
    if of(new) < highest:
        if of(new):
            notes[HISTORY] = ",".join(filter(None, [notes.get(HISTORY), notes[REVISION]]))
        notes[REVISION] = str(highest)
    if notes != before:
        metadata = {**new["metadata"], "annotations": notes}
        new = controller.store.update(REPLICASETS, {**new, "metadata": metadata}, controller.name)
    current = controller.store.get(DEPLOYMENTS, namespace_of(d), name_of(d))
    current["metadata"].setdefault("annotations", {})[REVISION] = notes[REVISION]
    controller.store.update(DEPLOYMENTS, current, controller.name)
    return new


def forget(controller: Controller, d: Object, old: list[Object]) -> None:
    """Delete the oldest ReplicaSets beyond revisionHistoryLimit; a rollback to them is lost."""
    kept = d["spec"].get("revisionHistoryLimit", 10)
    idle = [one for one in old if not is_leaving(one)]
    for one in sorted(idle, key=of)[: max(0, len(idle) - kept)]:
        if wanted(one) == 0 and not one["status"].get("replicas"):
            controller.store.delete(REPLICASETS, namespace_of(one), name_of(one))


def _bare(template: Object) -> Object:
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def _hash(template: Object, collisions: int) -> str:
    text = json.dumps([template, collisions], sort_keys=True).encode()
    digest = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    return "".join(LETTERS[digest // 27**place % 27] for place in range(10))


def _copied(d: Object) -> dict[str, str]:
    notes = d["metadata"].get("annotations") or {}
    return {key: value for key, value in notes.items() if key not in _NOT_COPIED}


def _replica_set(d: Object, code: str) -> Object:
    template = copied(d["spec"]["template"])
    template.setdefault("metadata", {}).setdefault("labels", {})[HASH] = code
    selector = copied(d["spec"]["selector"])
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), HASH: code}
    spec = {"replicas": 0, "selector": selector, "template": template}
    if d["spec"].get("minReadySeconds"):
        spec["minReadySeconds"] = d["spec"]["minReadySeconds"]
    metadata = {
        "name": f"{name_of(d)}-{code}",
        "namespace": namespace_of(d),
        "labels": dict(template["metadata"]["labels"]),
        "annotations": _copied(d),
        "ownerReferences": [reference_to(d)],
    }
    return {"metadata": metadata, "spec": spec}
