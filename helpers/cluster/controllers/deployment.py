"""The deployment controller: it rolls from one version of a program to the next.

A Deployment says what is wanted: a pod template and a number. For each version of the template
there is one ReplicaSet, which keeps that many pods of it. To roll out a version is to raise the
new ReplicaSet and lower the old ones, a step at a time, within two bounds: never more than
`replicas + maxSurge` pods in all, never fewer than `replicas - maxUnavailable` available ones.

Each call of `reconcile` reads how things are and takes one step. It remembers nothing, so it may
be stopped at any point and goes on from there. Kubernetes' own is in pkg/controller/deployment.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..meta import Object, is_leaving
from ..resources import DEPLOYMENTS, PODS, REPLICASETS
from ..store import Change
from . import progress, revision
from .base import Controller
from .ownership import claim
from .scaling import available, bounds, is_resized, resize, scale, wanted


class DeploymentController(Controller):
    """Holds every Deployment's ReplicaSets to its spec."""

    name, resource = "deployment-controller", DEPLOYMENTS

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A Deployment is looked at when it, a ReplicaSet of its, or an orphan changes."""
        yield from super().keys(change)
        if change.resource is REPLICASETS:
            yield from self.owner_key(change)
            yield from self.would_adopt(change)
        if change.resource is PODS and change.type == "DELETED":
            yield from self.by_way_of(change, REPLICASETS)

    def reconcile(self, d: Object) -> None:
        """One step from what is to what is wanted, then say how far it is."""
        sets = claim(self.store, REPLICASETS, d, self.name)
        new, old = revision.find(d, sets)
        if is_leaving(d):
            return
        if d["spec"].get("paused") or is_resized(d, sets):
            resize(self, d, revision.number(self, d, new, old), old)
        elif d["spec"]["strategy"]["type"] == "Recreate":
            self.recreate(d, new, old)
        else:
            self.roll(d, new or revision.create(self, d), old)
        progress.report(self, d)

    def roll(self, d: Object, new: Object, old: list[Object]) -> None:
        """Raise the new ReplicaSet as far as the bounds allow; where they do not, lower the old."""
        new = revision.number(self, d, new, old)
        surge, unavailable = bounds(d)
        replicas, total = d["spec"]["replicas"], sum(map(wanted, [new, *old]))
        room = replicas + surge - total
        if wanted(new) > replicas:
            scale(self, d, new, replicas)
        elif wanted(new) < replicas and room > 0:
            scale(self, d, new, min(replicas, wanted(new) + room))
        else:
            starting = wanted(new) - available(new)
            self.lower(d, old, total - starting - (replicas - unavailable))

    def lower(self, d: Object, old: list[Object], spare: int) -> None:
        """Take up to `spare` pods from old ReplicaSets: first those that do not work anyway."""
        for broken_only in (True, False):
            for number, one in enumerate(old):
                able = wanted(one) - available(one) if broken_only else wanted(one)
                if (take := min(able, spare)) > 0:
                    old[number] = scale(self, d, one, wanted(one) - take)
                    spare -= take

    def recreate(self, d: Object, new: Object | None, old: list[Object]) -> None:
        """All old pods go before the first new one comes."""
        old = [scale(self, d, one, 0) for one in old]
        if not any(self.store.owned_by(PODS, one) for one in old):
            new = revision.number(self, d, new or revision.create(self, d), old)
            scale(self, d, new, d["spec"]["replicas"])
