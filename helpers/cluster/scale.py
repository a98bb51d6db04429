"""Scale: the number of replicas as an object of its own, for all kinds that have one."""

from __future__ import annotations

from .meta import Object


def scale_of(obj: Object) -> Object:
    """The Scale of a Deployment or a ReplicaSet."""
    meta = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = (obj["spec"].get("selector") or {}).get("matchLabels") or {}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: obj["metadata"][key] for key in meta if key in obj["metadata"]},
        "spec": {"replicas": obj["spec"]["replicas"]},
        "status": {
            "replicas": obj.get("status", {}).get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in labels.items()),
        },
    }
