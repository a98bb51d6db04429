"""Events: what `kubectl describe` tells at its end. A repeated one is counted, not added."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Literal

from .meta import Object, copied, name_of, namespace_of, uid_of
from .resources import EVENTS
from .times import stamp

if TYPE_CHECKING:
    from .store import Store

MOST = 1000  # events that are kept; Kubernetes keeps them for an hour
# Names end in a number that rises, as Kubernetes' end in the nanosecond: they are listed by name,
# and kubectl leaves events of one second in the order of the list.
_NUMBERS = itertools.count(time.time_ns())


def record(
    store: Store,
    obj: Object,
    type: Literal["Normal", "Warning"],
    reason: str,
    message: str,
    component: str,
    field: str = "",
) -> None:
    """Note that something happened to `obj`. component: who says so, such as "kubelet".

    field: the part of the object that it happened to, such as spec.containers{web}.
    """
    namespace = namespace_of(obj) or "default"
    for event in store.list(EVENTS, namespace):
        if _is_same(event, obj, reason, message):
            again = copied(event)
            again["count"] = again.get("count", 0) + 1
            again["lastTimestamp"] = stamp()
            store.update(EVENTS, again, tracked=False)
            return
    store.create(EVENTS, _event(obj, namespace, type, reason, message, component, field))
    for event in store.list(EVENTS)[:-MOST]:
        store.remove(EVENTS, namespace_of(event), name_of(event))


def _is_same(event: Object, obj: Object, reason: str, message: str) -> bool:
    said = (event["involvedObject"].get("uid"), event.get("reason"), event.get("message"))
    return said == (uid_of(obj), reason, message)


def _event(
    obj: Object,
    namespace: str,
    type: str,
    reason: str,
    message: str,
    component: str,
    field: str,
) -> Object:
    involved = {
        "kind": obj["kind"],
        "apiVersion": obj["apiVersion"],
        "name": name_of(obj),
        "uid": uid_of(obj),
        "resourceVersion": obj["metadata"].get("resourceVersion"),
    }
    if namespace_of(obj):
        involved["namespace"] = namespace
    if field:
        involved["fieldPath"] = field
    return {
        "metadata": {"namespace": namespace, "name": f"{name_of(obj)}.{next(_NUMBERS):016x}"},
        "involvedObject": involved,
        "reason": reason,
        "message": message,
        "type": type,
        "count": 1,
        "firstTimestamp": stamp(),
        "lastTimestamp": stamp(),
        "source": {"component": component},
        "reportingComponent": component,
        "reportingInstance": "",
        "eventTime": None,
    }
