"""The garbage collector: what was owned goes with its owner, before it, or is set free.

Background (the usual way): the owner goes at once, and what it owned follows. Foreground: the
owner waits until what it owned is gone. Orphan: what it owned stays and belongs to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..deleting import FOREGROUND, ORPHAN
from ..meta import Object, is_leaving, name_of, namespace_of, uid_of
from ..resources import EVENTS, NAMESPACES, RESOURCES, Resource
from ..store import Change
from .base import Controller

One = tuple[Resource, Object]


class GarbageCollector(Controller):
    """Looks at all objects at once, whenever one went that others may have belonged to."""

    name, resource = "garbage-collector", NAMESPACES

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """One key for everything: a hundred deletions in a row are one look."""
        metadata = change.object["metadata"]
        if change.resource is EVENTS:
            return
        owned = change.type == "ADDED" and metadata.get("ownerReferences")
        held = is_leaving(change.object) and metadata.get("finalizers")
        if change.type == "DELETED" or owned or held:
            yield "", "everything"

    def look(self, namespace: str, name: str) -> None:
        """Collect all that may go."""
        there = [(kind, one) for kind in RESOURCES if kind is not EVENTS for one in self.all(kind)]
        uids = {uid_of(obj) for _, obj in there}
        for kind, obj in there:
            finalizers = obj["metadata"].get("finalizers") or []
            owners = obj["metadata"].get("ownerReferences") or []
            if is_leaving(obj) and ORPHAN in finalizers:
                self.set_free(obj, there)
                self.finish(kind, obj, ORPHAN)
            elif is_leaving(obj) and FOREGROUND in finalizers:
                if not self.delete_owned(obj, there):
                    self.finish(kind, obj, FOREGROUND)
            elif owners and not any(one["uid"] in uids for one in owners):
                self.delete(kind, obj)

    def all(self, kind: Resource) -> list[Object]:
        """All objects of a kind."""
        return list(self.store.list(kind))

    def set_free(self, owner: Object, there: list[One]) -> None:
        """Take the owner's name out of what it owned."""
        for kind, obj in _owned(owner, there):
            current = self.store.get(kind, namespace_of(obj), name_of(obj))
            references = current["metadata"]["ownerReferences"]
            kept = [one for one in references if one["uid"] != uid_of(owner)]
            current["metadata"]["ownerReferences"] = kept
            if not kept:
                del current["metadata"]["ownerReferences"]
            self.store.update(kind, current, self.name)

    def delete_owned(self, owner: Object, there: list[One]) -> bool:
        """Delete what the owner owned, and say whether some of it is still there."""
        for kind, obj in _owned(owner, there):
            if not is_leaving(obj):
                way = "Foreground" if any(_owned(obj, there)) else None
                self.delete(kind, obj, way)
        return any(self.store.find(kind, namespace_of(obj), name_of(obj)) for kind, obj in
                   _owned(owner, there))  # fmt: skip

    def delete(self, kind: Resource, obj: Object, way: str | None = None) -> None:
        """Delete an object, where it is there and not leaving already."""
        current = self.store.find(kind, namespace_of(obj), name_of(obj))
        if current and uid_of(current) == uid_of(obj) and not is_leaving(current):
            self.store.delete(kind, namespace_of(obj), name_of(obj), propagation=way)

    def finish(self, kind: Resource, obj: Object, finalizer: str) -> None:
        """What the finalizer stood for is done."""
        current = self.store.find(kind, namespace_of(obj), name_of(obj))
        if current and finalizer in (current["metadata"].get("finalizers") or []):
            kept = [one for one in current["metadata"]["finalizers"] if one != finalizer]
            metadata = {**current["metadata"], "finalizers": kept}
            self.store.update(kind, {**current, "metadata": metadata}, self.name)


def _owned(owner: Object, there: list[One]) -> Iterator[One]:
    for kind, obj in there:
        references = obj["metadata"].get("ownerReferences") or []
        if any(one["uid"] == uid_of(owner) for one in references):
            yield kind, obj
