"""The namespace controller: a new one gets its account; one that goes takes all in it along."""

from __future__ import annotations

from collections.abc import Iterable

from ..meta import Object, is_leaving, name_of
from ..resources import NAMESPACES, RESOURCES, SERVICEACCOUNTS
from ..store import Change
from .base import Controller


class NamespaceController(Controller):
    """Empties namespaces that are being deleted, then lets them go."""

    name, resource = "namespace-controller", NAMESPACES

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A namespace is looked at when it changes, and when something in it is gone."""
        yield from super().keys(change)
        if change.type == "DELETED" and change.resource.namespaced:
            yield "", change.object["metadata"]["namespace"]

    def reconcile(self, namespace: Object) -> None:
        """Delete what is in a namespace that goes; give the others their default account."""
        name = name_of(namespace)
        if not is_leaving(namespace):
            if self.store.find(SERVICEACCOUNTS, name, "default") is None:
                account = {"metadata": {"name": "default", "namespace": name}}
                self.store.create(SERVICEACCOUNTS, account, self.name)
            return
        kinds = [kind for kind in RESOURCES if kind.namespaced]
        for kind in kinds:
            for obj in list(self.store.list(kind, name)):
                if not is_leaving(obj):
                    self.store.delete(kind, name, name_of(obj), propagation="Background")
        if not any(self.store.list(kind, name) for kind in kinds):
            self.store.remove(NAMESPACES, None, name)
