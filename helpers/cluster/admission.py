"""What happens to an object on its way into the store: merged, filled, checked, signed."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from . import defaults
from .meta import Object
from .resources import Resource

if TYPE_CHECKING:
    from .store import Store

# What only the server writes; whatever a client sends for these is put back.
OWN = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")


def merged(old: Object, new: Object, subresource: str = "") -> Object:
    """The object that an update makes of the old one and what was sent."""
    if subresource == "status":
        new = {**copy.deepcopy(old), "status": new.get("status", {})}
    elif "status" in old:
        new["status"] = copy.deepcopy(old["status"])
    meta = new["metadata"]
    for key in OWN:
        meta.pop(key, None)
        if key in old["metadata"]:
            meta[key] = old["metadata"][key]
    meta["resourceVersion"] = old["metadata"]["resourceVersion"]
    return new


def admit(
    store: Store,
    resource: Resource,
    new: Object,
    old: Object | None,
    manager: str | None,
    subresource: str = "",
) -> None:
    """Fill in defaults. Raises ApiError for an object that may not get in."""
    new["apiVersion"], new["kind"] = resource.api_version, resource.kind
    defaults.fill(store, resource, new)


def same(old: Object, new: Object) -> bool:
    """Whether an update changes nothing but the number of the version."""
    return {**old, "metadata": _still(old)} == {**new, "metadata": _still(new)}


def _still(obj: Object) -> Object:
    return {key: value for key, value in obj["metadata"].items() if key != "resourceVersion"}
