"""Scale: the number of replicas as an object of its own, for all kinds that have one."""

from __future__ import annotations

from aiohttp import web

from .answers import ok
from .asked import is_dry, manager_of
from .decoding import parse
from .errors import bad_request
from .meta import Object
from .patch import merged
from .store import Store
from .target import Target


async def scale(request: web.Request, store: Store, to: Target) -> web.Response:
    """Give the number of replicas, apart from all else, or change it."""
    obj = store.get(to.resource, to.namespace, to.name or "")
    if request.method != "GET":
        sent = parse(await request.read(), request.content_type)
        wanted = sent if request.method == "PUT" else merged(scale_of(obj), sent)
        replicas = (wanted.get("spec") or {}).get("replicas", 0)
        if not isinstance(replicas, int) or isinstance(replicas, bool):
            raise bad_request("spec.replicas is a whole number")
        obj["spec"]["replicas"] = replicas
        obj = store.update(to.resource, obj, manager_of(request), "scale", is_dry(request))
    return ok(scale_of(obj))


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
