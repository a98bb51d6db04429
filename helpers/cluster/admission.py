"""What happens to an object on its way into the store: merged, filled, checked, signed."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from . import defaults, fields
from .meta import Object, copied
from .resources import DEPLOYMENTS, EVENTS, SECRETS, Resource
from .validation import validate

if TYPE_CHECKING:
    from .store import Store

# What only the server writes; whatever a client sends for these is put back.
OWN = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")


def merged(old: Object, new: Object, subresource: str = "") -> Object:
    """The object that an update makes of the old one and what was sent."""
    if subresource == "status":
        new = {**copied(old), "status": new.get("status", {})}
    elif "status" in old:
        new["status"] = copied(old["status"])
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
    """Fill in defaults, and note who owns what. Raises ApiError for what may not get in.

    manager: None for a change that has been noted already, as by server-side apply.
    """
    new["apiVersion"], new["kind"] = resource.api_version, resource.kind
    if resource is SECRETS:
        _encode(new)
    defaults.fill(store, resource, new)
    if subresource == "status" or (resource is EVENTS and not manager):
        return  # written by the server's own parts, very often
    validate(resource, new, old)
    if manager:
        fields.track(resource, old, new, manager, subresource)


def _encode(secret: Object) -> None:
    """What was written in clear is kept in base64, which hides nothing and carries any byte."""
    for key, text in (secret.pop("stringData", None) or {}).items():
        secret["data"] = {**(secret.get("data") or {}), key: b64encode(text.encode()).decode()}
    secret.setdefault("type", "Opaque")


def same(old: Object, new: Object) -> bool:
    """Whether an update changes nothing but the number of the version."""
    return {**old, "metadata": _still(old)} == {**new, "metadata": _still(new)}


def is_asked_anew(resource: Resource, old: Object, new: Object) -> bool:
    """Whether an update asks for something else, which the generation counts.

    A Deployment's annotations count too, but not the revision that its controller notes there.
    """
    if "generation" not in new["metadata"]:
        return False
    noted = resource is DEPLOYMENTS and _annotations(new) != _annotations(old)
    return noted or new.get("spec") != old.get("spec")


def _annotations(obj: Object) -> Object:
    return {
        key: value
        for key, value in (obj["metadata"].get("annotations") or {}).items()
        if key != "deployment.kubernetes.io/revision"
    }


def _still(obj: Object) -> Object:
    return {key: value for key, value in obj["metadata"].items() if key != "resourceVersion"}
