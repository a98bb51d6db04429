"""Whom an object belongs to: owner references, and the adoption of orphans.

An owner's selector says which objects it wants; the owner reference says which it has. An object
that matches and has no controller is adopted; one of its own that matches no longer is let go.
"""

from __future__ import annotations

from helpers.cluster.controllers.base import Object
from helpers.cluster.resources import Resource
from helpers.cluster.store import Store


def reference(owner: Object) -> Object:
    """The reference by which an object says that `owner` controls it."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def controller_of(obj: Object) -> Object | None:
    """The reference to an object's controller, if it has one."""
    references = obj["metadata"].get("ownerReferences") or []
    return next((one for one in references if one.get("controller")), None)


def claim(store: Store, resource: Resource, owner: Object, manager: str) -> list[Object]:
    """The objects that belong to `owner`, after orphans were adopted and strays let go."""
    mine = []
    for obj in store.list(resource, owner["metadata"]["namespace"]):
        controller = controller_of(obj)
        if controller and controller["uid"] != owner["metadata"]["uid"]:
            continue
        wanted = matches(owner["spec"]["selector"], obj["metadata"].get("labels") or {})
        if controller and not wanted:
            _let_go(store, resource, obj, controller, manager)
        elif controller:
            mine.append(obj)
        elif wanted and not (_ends(obj) or _ends(owner)):
            mine.append(_adopt(store, resource, obj, owner, manager))
    return mine


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Whether labels fit a label selector: all its matchLabels and all its matchExpressions."""
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    return all(_fits(one, labels) for one in selector.get("matchExpressions") or [])


def _fits(expression: Object, labels: dict[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or []
    return {
        "In": key in labels and labels[key] in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[expression["operator"]]


def _adopt(store: Store, resource: Resource, obj: Object, owner: Object, manager: str) -> Object:
    others = obj["metadata"].get("ownerReferences") or []
    return _write(store, resource, obj, [*others, reference(owner)], manager)


def _let_go(
    store: Store, resource: Resource, obj: Object, controller: Object, manager: str
) -> None:
    others = [one for one in obj["metadata"]["ownerReferences"] if one["uid"] != controller["uid"]]
    _write(store, resource, obj, others, manager)


def _write(
    store: Store, resource: Resource, obj: Object, references: list[Object], manager: str
) -> Object:
    metadata = {**obj["metadata"], "ownerReferences": references}
    return store.update(resource, {**obj, "metadata": metadata}, manager)


def _ends(obj: Object) -> bool:
    return bool(obj["metadata"].get("deletionTimestamp"))
