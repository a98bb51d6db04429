"""The store: every object there is, in memory, with the order in which they changed.

It stands where etcd and the API server's storage stand in Kubernetes. Objects are plain dicts in
the API's JSON form. Whoever reads gets a copy, or promises not to change what `list` gives.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from . import admission, deleting
from .errors import already_exists, conflict, not_found
from .meta import Object, controller_of, copied, key_of, labels_of, name_of, suffix, uid_of
from .resources import PODS, RESOURCES, Resource
from .times import stamp

Key = tuple[str | None, str]
KEPT = 5000  # changes that a watch can still begin from


@dataclass(frozen=True)
class Change:
    """What happened to an object. old: as it was before, for MODIFIED."""

    type: Literal["ADDED", "MODIFIED", "DELETED"]
    resource: Resource
    object: Object
    old: Object | None
    version: int


class Keeper(Protocol):
    """Keeps objects beyond the process's end; see `kept.py`."""

    def load(self) -> Iterable[tuple[Resource, Object]]:
        """What was kept."""

    def put(self, resource: Resource, key: Key, obj: Object) -> None:
        """Keep an object as it is now."""

    def drop(self, resource: Resource, key: Key) -> None:
        """Forget an object."""


class Store:
    """All objects, by kind. Belongs to one asyncio loop; no method waits for anything."""

    def __init__(self, keeper: Keeper | None = None) -> None:
        self._objects: dict[Resource, dict[Key, Object]] = {one: {} for one in RESOURCES}
        self._hearers: list[Callable[[Change], None]] = []
        self._keeper = keeper
        self.version = 1
        self.changes: deque[Change] = deque(maxlen=KEPT)
        for resource, obj in keeper.load() if keeper else ():
            self._objects[resource][key_of(resource, obj)] = obj
            self.version = max(self.version, int(obj["metadata"]["resourceVersion"]))

    def get(self, resource: Resource, namespace: str | None, name: str) -> Object:
        """A copy of an object. Raises ApiError NotFound."""
        return copied(self._found(resource, namespace, name))

    def find(self, resource: Resource, namespace: str | None, name: str) -> Object | None:
        """The object itself, not to be changed, or None."""
        return self._objects[resource].get((namespace if resource.namespaced else None, name))

    def list(
        self,
        resource: Resource,
        namespace: str | None = None,
        labels: dict[str, str] | None = None,
    ) -> list[Object]:
        """Objects of a kind, not to be changed; all `labels` must be met."""
        return [
            obj
            for (there, _), obj in self._objects[resource].items()
            if (namespace is None or there == namespace)
            and (not labels or labels.items() <= labels_of(obj).items())
        ]

    def owned_by(self, resource: Resource, owner: Object) -> list[Object]:
        """Objects that `owner` controls, not to be changed."""
        return [
            obj
            for obj in self.list(resource, owner["metadata"].get("namespace"))
            if (ref := controller_of(obj)) and ref["uid"] == uid_of(owner)
        ]

    def create(
        self, resource: Resource, obj: Object, manager: str = "", dry: bool = False
    ) -> Object:
        """Take a new object in, and give it as it stands.

        It gets what Kubernetes fills in: a name from generateName, uid, resourceVersion, defaults.
        dry: only say what would be. Raises ApiError Invalid or AlreadyExists.
        """
        obj = copied(obj)
        meta = obj.setdefault("metadata", {})
        if not meta.get("name") and meta.get("generateName"):
            meta["name"] = meta["generateName"] + suffix()
        # A job's selector names its uid, so it is there before the defaults.
        meta |= {"uid": str(uuid.uuid4()), "creationTimestamp": stamp()}
        admission.admit(self, resource, obj, None, manager)
        key = key_of(resource, obj)
        if key in self._objects[resource]:
            raise already_exists(resource, meta["name"])
        if "spec" in obj and resource is not PODS:
            meta["generation"] = 1
        if not dry:
            self._put("ADDED", resource, obj, None)
        return copied(obj)

    def update(
        self,
        resource: Resource,
        obj: Object,
        manager: str = "",
        subresource: str = "",
        dry: bool = False,
        tracked: bool = True,
    ) -> Object:
        """Put a changed object in the place of the one that is there, and give it as it stands.

        subresource: "status" changes the status alone; without it the status stays. A change of
        nothing keeps the resourceVersion. tracked: note in managedFields who changed what.
        Raises ApiError Conflict where `obj` carries an old resourceVersion, NotFound or Invalid.
        """
        old = self._found(resource, *key_of(resource, obj))
        given = obj["metadata"].get("resourceVersion")
        if given and given != old["metadata"]["resourceVersion"]:
            raise conflict(resource, name_of(old))
        if obj["metadata"].get("uid", uid_of(old)) != uid_of(old):
            raise conflict(resource, name_of(old), "the UID in the precondition is another")
        new = admission.merged(old, copied(obj), subresource)
        admission.admit(self, resource, new, old, manager if tracked else None, subresource)
        if admission.same(old, new):
            return copied(old)
        if admission.is_asked_anew(resource, old, new):
            new["metadata"]["generation"] += 1
        if not dry:
            self._put("MODIFIED", resource, new, old)
            if deleting.is_free(resource, new):
                self.remove(resource, *key_of(resource, new))
        return copied(new)

    def delete(
        self,
        resource: Resource,
        namespace: str | None,
        name: str,
        grace: int | None = None,
        propagation: str | None = None,
    ) -> Object:
        """Delete an object, or begin to, and give it as it stands.

        A pod is marked with the moment by which it ends, `grace` seconds from now; the kubelet
        ends it and then calls `remove`. grace 0 removes it at once. propagation: "Background",
        "Foreground" (dependents first) or "Orphan" (dependents stay). Raises ApiError NotFound.
        """
        old = self._found(resource, namespace, name)
        new = copied(old)
        deleting.mark(resource, new, grace, propagation)
        if deleting.goes_at_once(resource, new, grace):
            return self.remove(resource, namespace, name) or new
        if not admission.same(old, new):
            self._put("MODIFIED", resource, new, old)
        if deleting.is_free(resource, new):
            self.remove(resource, namespace, name)
        return copied(new)

    def remove(self, resource: Resource, namespace: str | None, name: str) -> Object | None:
        """Take an object out for good; None where it is gone already."""
        key = (namespace if resource.namespaced else None, name)
        obj = self._objects[resource].pop(key, None)
        if obj is None:
            return None
        gone = copied(obj)
        self.version += 1
        gone["metadata"]["resourceVersion"] = str(self.version)
        if self._keeper:
            self._keeper.drop(resource, key)
        self._tell(Change("DELETED", resource, gone, obj, self.version))
        return gone

    def subscribe(self, hearer: Callable[[Change], None]) -> Callable[[], None]:
        """Have each change told to `hearer`, in order; gives what ends that."""
        self._hearers.append(hearer)
        return lambda: self._hearers.remove(hearer) if hearer in self._hearers else None

    def _found(self, resource: Resource, namespace: str | None, name: str) -> Object:
        obj = self.find(resource, namespace, name)
        if obj is None:
            raise not_found(resource, name)
        return obj

    def _put(self, type: str, resource: Resource, obj: Object, old: Object | None) -> None:
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        key = key_of(resource, obj)
        self._objects[resource][key] = obj
        if self._keeper:
            self._keeper.put(resource, key, obj)
        self._tell(Change(type, resource, obj, old, self.version))

    def _tell(self, change: Change) -> None:
        self.changes.append(change)
        for hearer in tuple(self._hearers):
            hearer(change)
