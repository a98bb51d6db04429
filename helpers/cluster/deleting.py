"""How an object leaves: grace for pods, finalizers for what has dependents."""

from __future__ import annotations

from datetime import timedelta

from .meta import Object
from .resources import NAMESPACES, PODS, Resource
from .times import now, stamp

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
GRACE = 30  # seconds, where a pod does not say


def mark(resource: Resource, obj: Object, grace: int | None, propagation: str | None) -> None:
    """Write into `obj` that it is to go; without a mark it may go at once."""
    meta = obj["metadata"]
    if resource is PODS and grace != 0:
        _mark_pod(obj, grace)
    wanted = {"Foreground": FOREGROUND, "Orphan": ORPHAN}.get(propagation or "")
    if wanted and wanted not in meta.get("finalizers", []):
        meta["finalizers"] = [*meta.get("finalizers", []), wanted]
    if resource is NAMESPACES:
        obj["status"] = {**obj.get("status", {}), "phase": "Terminating"}
    if meta.get("finalizers") or resource is NAMESPACES:
        meta.setdefault("deletionTimestamp", stamp())
        if resource is not NAMESPACES:
            meta.setdefault("deletionGracePeriodSeconds", 0)


def goes_at_once(resource: Resource, obj: Object, grace: int | None) -> bool:
    """Whether nothing is waited for: it bears no mark, or is a pod that is ended by force."""
    forced = resource is PODS and grace == 0 and not obj["metadata"].get("finalizers")
    return forced or "deletionTimestamp" not in obj["metadata"]


def is_free(resource: Resource, obj: Object) -> bool:
    """Whether nothing holds a marked object any more: pods wait for the kubelet."""
    meta = obj["metadata"]
    waits = resource in (PODS, NAMESPACES) or meta.get("finalizers")
    return "deletionTimestamp" in meta and not waits


def _mark_pod(pod: Object, grace: int | None) -> None:
    meta = pod["metadata"]
    seconds = pod["spec"].get("terminationGracePeriodSeconds", GRACE) if grace is None else grace
    # A second delete may shorten the time that is left, never lengthen it.
    if seconds >= meta.get("deletionGracePeriodSeconds", seconds + 1):
        return
    meta["deletionTimestamp"] = stamp(now() + timedelta(seconds=seconds))
    meta["deletionGracePeriodSeconds"] = seconds
