"""Conditions: what an object says of itself, each with the moment of its last turn."""

from __future__ import annotations

from ..meta import Object
from ..times import stamp


def condition(obj: Object, type: str) -> Object | None:
    """The condition of a type in an object's status, or None."""
    found = (obj.get("status") or {}).get("conditions") or []
    return next((one for one in found if one["type"] == type), None)


def is_true(obj: Object, type: str) -> bool:
    """Whether the object says so of itself."""
    found = condition(obj, type)
    return bool(found and found["status"] == "True")


def ready_since(pod: Object) -> str | None:
    """The moment since when a pod is ready; None where it is not."""
    found = condition(pod, "Ready")
    return found["lastTransitionTime"] if found and found["status"] == "True" else None


def told(
    conditions: list[Object],
    type: str,
    status: str,
    reason: str,
    message: str,
    updated: str = "lastUpdateTime",
) -> list[Object]:
    """The conditions with one of them said anew; lastTransitionTime moves with its status only.

    updated: the field that moves with every word, which Jobs call lastProbeTime; "" for none.
    """
    old = next((one for one in conditions if one["type"] == type), None)
    said = {"type": type, "status": status, "reason": reason, "message": message}
    if old and all(old.get(key) == value for key, value in said.items()):
        return conditions
    turned = old["lastTransitionTime"] if old and old["status"] == status else stamp()
    new = {**said, **({updated: stamp()} if updated else {}), "lastTransitionTime": turned}
    return [*(one for one in conditions if one["type"] != type), new]
