"""What every controller is: it hears of changes, queues keys, and reconciles one object a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..meta import Object, controller_of, labels_of, matches, name_of, namespace_of
from .queue import Key, WorkQueue

if TYPE_CHECKING:
    from ..resources import Resource
    from ..store import Change, Store


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
        if self.store.find(self.resource, namespace, name):
            self.reconcile(self.store.get(self.resource, namespace, name))
        else:
            self.gone(namespace, name)

    def again(self, obj: Object, seconds: float) -> None:
        """Look at the object again after some seconds."""
        if self.queue:
            self.queue.add_after(Key(self.name, *place(obj)), seconds)

    def owner_key(self, change: Change) -> Iterable[tuple[str, str]]:
        """The controller of a changed object, where it is of this controller's kind."""
        for obj in filter(None, (change.object, change.old)):
            owner = controller_of(obj)
            if owner and owner["kind"] == self.resource.kind:
                yield namespace_of(obj) or "", owner["name"]

    def by_way_of(self, change: Change, between: Resource) -> Iterable[tuple[str, str]]:
        """The controller of the controller: a pod's Deployment, by way of its ReplicaSet."""
        owner = controller_of(change.object)
        middle = owner and self.store.find(between, namespace_of(change.object), owner["name"])
        top = middle and controller_of(middle)
        if top and top["kind"] == self.resource.kind:
            yield namespace_of(change.object) or "", top["name"]

    def would_adopt(self, change: Change) -> Iterable[tuple[str, str]]:
        """The owners whose selector meets a changed object that nobody controls."""
        obj = change.object
        if not controller_of(obj):
            for owner in self.store.list(self.resource, namespace_of(obj)):
                if matches(labels_of(obj), owner["spec"].get("selector")):
                    yield place(owner)


def place(obj: Object) -> tuple[str, str]:
    """Where an object stands: its namespace ("" where it has none) and its name."""
    return namespace_of(obj) or "", name_of(obj)
