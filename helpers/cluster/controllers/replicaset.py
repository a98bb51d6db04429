"""The replicaset controller: it keeps a number of equal pods, no more and no fewer."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ApiError
from ..events import record
from ..meta import Object, copied, is_leaving, labels_of, name_of, namespace_of, reference_to
from ..resources import PODS, REPLICASETS
from ..store import Change
from ..times import parse, since
from .base import Controller
from .conditions import ready_since, told
from .ownership import claim

ENDED = ("Succeeded", "Failed")


class ReplicaSetController(Controller):
    """Holds the number of every ReplicaSet's pods to its spec."""

    name, resource = "replicaset-controller", REPLICASETS

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A ReplicaSet is looked at when it, a pod of its, or an orphan changes."""
        yield from super().keys(change)
        if change.resource is PODS:
            yield from self.owner_key(change)
            yield from self.would_adopt(change)

    def reconcile(self, rs: Object) -> None:
        """Create the pods that are missing, or delete those that are too many."""
        pods = [pod for pod in claim(self.store, PODS, rs, self.name) if is_active(pod)]
        failure = None
        if not is_leaving(rs):
            missing = rs["spec"]["replicas"] - len(pods)
            failure = self.add(rs, missing) if missing > 0 else self.take(rs, pods, -missing)
        self.report(rs, failure)

    def add(self, rs: Object, number: int) -> str | None:
        """Create pods; the error's words where the server refuses one."""
        for _ in range(number):
            try:
                pod = self.store.create(PODS, pod_of(rs), self.name)
            except ApiError as error:
                words = f"Error creating: {error.message}"
                record(self.store, rs, "Warning", "FailedCreate", words, self.name)
                self.again(rs, 1)
                return error.message
            words = f"Created pod: {name_of(pod)}"
            record(self.store, rs, "Normal", "SuccessfulCreate", words, self.name)
        return None

    def take(self, rs: Object, pods: list[Object], number: int) -> None:
        """Delete pods, those first that are missed least."""
        for pod in sorted(pods, key=worth)[:number]:
            self.store.delete(PODS, namespace_of(pod), name_of(pod))
            words = f"Deleted pod: {name_of(pod)}"
            record(self.store, rs, "Normal", "SuccessfulDelete", words, self.name)

    def report(self, rs: Object, failure: str | None) -> None:
        """Write the counts into the ReplicaSet's status."""
        pods = [pod for pod in self.store.owned_by(PODS, rs) if is_active(pod)]
        least = rs["spec"].get("minReadySeconds") or 0
        ready = [pod for pod in pods if ready_since(pod)]
        waits = [wait for pod in ready if (wait := least - since(ready_since(pod))) > 0]
        labels = (rs["spec"]["template"]["metadata"].get("labels") or {}).items()
        found = {
            "fullyLabeledReplicas": sum(labels <= labels_of(pod).items() for pod in pods),
            "readyReplicas": len(ready),
            "availableReplicas": len(ready) - (len(waits) if least else 0),
        }
        status = {"replicas": len(pods), **{key: n for key, n in found.items() if n}}
        status["observedGeneration"] = rs["metadata"]["generation"]
        if failure:
            old = (rs.get("status") or {}).get("conditions") or []
            words = ("ReplicaFailure", "True", "FailedCreate", failure)
            status["conditions"] = told(old, *words, updated="")
        current = self.store.get(REPLICASETS, namespace_of(rs), name_of(rs))
        self.store.update(REPLICASETS, {**current, "status": status}, self.name, "status")
        if least and waits:
            self.again(rs, min(waits))


def is_active(pod: Object) -> bool:
    """Whether a pod counts: it has not ended and is not told to."""
    return not is_leaving(pod) and pod.get("status", {}).get("phase") not in ENDED


def pod_of(owner: Object, name: str = "") -> Object:
    """A new pod from an owner's template."""
    template = copied(owner["spec"]["template"])
    metadata = template.get("metadata") or {}
    kept = {key: metadata[key] for key in ("labels", "annotations") if metadata.get(key)}
    named = {"name": name} if name else {"generateName": f"{name_of(owner)}-"}
    own = {"namespace": namespace_of(owner), "ownerReferences": [reference_to(owner)]}
    return {"metadata": {**named, **kept, **own}, "spec": template["spec"]}


def worth(pod: Object) -> tuple:
    """What keeps a pod: being on a node, running, ready, ready for long, few restarts, age."""
    status = pod.get("status", {})
    ready = ready_since(pod)
    restarts = sum(one.get("restartCount", 0) for one in status.get("containerStatuses") or [])
    return (
        bool(pod["spec"].get("nodeName")),
        ("Pending", "Unknown", "Running").index(status.get("phase", "Pending")),
        bool(ready),
        -parse(ready).timestamp() if ready else 0.0,
        -restarts,
        -parse(pod["metadata"]["creationTimestamp"]).timestamp(),
    )
