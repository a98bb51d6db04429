"""What every controller is: it hears of changes, queues keys, and reconciles one object a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from helpers.cluster.controllers.queue import Key, WorkQueue
from helpers.cluster.errors import ApiError

if TYPE_CHECKING:
    from helpers.cluster.resources import Resource
    from helpers.cluster.store import Change, Store

Object = dict[str, Any]


class Controller:
    """One kind of object, held to what its spec says."""

    name = ""  # as events and managed fields name it
    resource: Resource

    def __init__(self, store: Store) -> None:
        self.store = store
        self.queue: WorkQueue | None = None  # set by who runs it

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """The (namespace, name) of the objects that a change concerns."""
        if change.resource is self.resource:
            yield place(change.object)

    def reconcile(self, obj: Object) -> None:
        """Bring the world nearer to what the object's spec says. Doing it twice does no harm."""
        raise NotImplementedError

    def gone(self, namespace: str, name: str) -> None:
        """The object is no more."""

    def look(self, namespace: str, name: str) -> None:
        """Reconcile the object as it stands in the store now."""
        try:
            obj = self.store.get(self.resource, namespace, name)
        except ApiError as error:
            if error.code != 404:
                raise
            return self.gone(namespace, name)
        self.reconcile(obj)

    def again(self, obj: Object, seconds: float) -> None:
        """Look at the object again after some seconds."""
        if self.queue:
            self.queue.add_after(Key(self.name, *place(obj)), seconds)

    def owner_key(self, change: Change) -> Iterable[tuple[str, str]]:
        """The controller of a changed object, where it is of this controller's kind."""
        for obj in filter(None, (change.object, change.old)):
            for owner in obj["metadata"].get("ownerReferences") or []:
                if owner.get("controller") and owner["kind"] == self.resource.kind:
                    yield obj["metadata"].get("namespace", ""), owner["name"]


def place(obj: Object) -> tuple[str, str]:
    """Where an object stands: its namespace ("" where it has none) and its name."""
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
