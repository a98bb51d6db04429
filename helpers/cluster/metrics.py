"""metrics.k8s.io: what pods and the node use now, from the processes themselves (`kubectl top`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from .answers import ok
from .errors import ApiError, not_found
from .meta import Object, labels_of, name_of, namespace_of, uid_of
from .resources import NODES, PODS
from .selecting import selector
from .store import Store
from .times import stamp

if TYPE_CHECKING:
    from .kubelet import Kubelet

GROUP, VERSION = "metrics.k8s.io", "metrics.k8s.io/v1beta1"


def answer(
    request: web.Request, store: Store, kubelet: Kubelet | None, rest: list[str]
) -> web.Response:
    """One object's use or a list of them. Raises ApiError."""
    usage = kubelet.usage() if kubelet else {}
    namespace = None
    if rest[:1] == ["namespaces"] and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    if rest[:1] == ["nodes"]:
        found = [_node(one, usage) for one in store.list(NODES)]
        kind, resource = "NodeMetrics", NODES
    elif rest[:1] == ["pods"]:
        test = selector(request.query)
        pods = [one for one in store.list(PODS, namespace) if test(one) and uid_of(one) in usage]
        found = [_pod(one, usage[uid_of(one)]) for one in pods]
        kind, resource = "PodMetrics", PODS
    else:
        raise ApiError(404, "NotFound", f"{GROUP} has nodes and pods")
    if len(rest) > 1:
        named = [one for one in found if name_of(one) == rest[1]]
        if not named:
            raise not_found(resource, rest[1])
        return ok(named[0])
    return ok({"kind": f"{kind}List", "apiVersion": VERSION, "metadata": {}, "items": found})


def _figures(cores: float, size: float) -> dict[str, str]:
    return {"cpu": f"{round(cores)}n", "memory": f"{round(size / 1024)}Ki"}


def _head(obj: Object, kind: str) -> Object:
    meta = {"name": name_of(obj), "creationTimestamp": stamp(), "labels": labels_of(obj)}
    if namespace_of(obj):
        meta["namespace"] = namespace_of(obj)
    head = {"kind": kind, "apiVersion": VERSION, "metadata": meta}
    return head | {"timestamp": stamp(), "window": "10s"}


def _pod(pod: Object, used: tuple[float, float]) -> Object:
    first = pod["spec"]["containers"][0]["name"]
    return _head(pod, "PodMetrics") | {"containers": [{"name": first, "usage": _figures(*used)}]}


def _node(node: Object, usage: dict[str, tuple[float, float]]) -> Object:
    cores = sum(one for one, _ in usage.values())
    size = sum(one for _, one in usage.values())
    return _head(node, "NodeMetrics") | {"usage": _figures(cores, size)}
