"""What belongs to an owner: by reference what it has, by its selector what it wants.

An object that the selector meets and that nobody controls is adopted; one of its own that the
selector meets no longer is let go.
"""

from __future__ import annotations

from ..meta import Object, controller_of, is_leaving, labels_of, matches, reference_to, uid_of
from ..resources import Resource
from ..store import Store


def claim(store: Store, resource: Resource, owner: Object, manager: str) -> list[Object]:
    """The objects that belong to `owner`, after orphans were adopted and strays let go."""
    mine = []
    for obj in store.list(resource, owner["metadata"]["namespace"]):
        controller = controller_of(obj)
        if controller and controller["uid"] != uid_of(owner):
            continue
        wanted = matches(labels_of(obj), owner["spec"]["selector"])
        if controller and not wanted:
            others = [one for one in obj["metadata"]["ownerReferences"] if one != controller]
            _refer(store, resource, obj, others, manager)
        elif controller:
            mine.append(obj)
        elif wanted and not (is_leaving(obj) or is_leaving(owner)):
            others = obj["metadata"].get("ownerReferences") or []
            mine.append(_refer(store, resource, obj, [*others, reference_to(owner)], manager))
    return mine


def _refer(
    store: Store, resource: Resource, obj: Object, references: list[Object], manager: str
) -> Object:
    metadata = {**obj["metadata"], "ownerReferences": references}
    return store.update(resource, {**obj, "metadata": metadata}, manager)
