"""What `kubectl get` prints: the server makes the columns, and kubectl only lays them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .meta import Object
from .resources import (
    CONFIGMAPS,
    CRONJOBS,
    DEPLOYMENTS,
    ENDPOINTS,
    ENDPOINTSLICES,
    EVENTS,
    JOBS,
    NAMESPACES,
    NODES,
    PODS,
    REPLICASETS,
    SECRETS,
    SERVICES,
    Resource,
)  # fmt: skip
from .times import now, parse

NONE, UNKNOWN = "<none>", "<unknown>"
Row = Callable[[Object], list[Any]]
# A column's name; a trailing + marks those that only `-o wide` shows.
Columns = tuple[str, ...]
_NUMBERS = {"Desired", "Current", "Up-to-date", "Available", "Data"}


def table(
    resource: Resource,
    objects: Sequence[Object],
    version: str,
    include: str = "Metadata",
    columns: bool = True,
) -> Object:
    """The objects as a `Table`. include: how much of each object goes with its row."""
    names, row = _TABLES.get(resource, (("Age",), lambda obj: [_age(obj)]))
    rows = [
        {"cells": _cells(resource, obj, row), "object": _included(obj, include)} for obj in objects
    ]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version},
        "columnDefinitions": _definitions(resource, names) if columns else None,
        "rows": rows,
    }


def age(text: str | None) -> str:
    """How long ago, in kubectl's short form: 45s, 3m12s, 5h."""
    if not text:
        return UNKNOWN
    return duration(max(0, int((now() - parse(text)).total_seconds())))


def duration(seconds: int) -> str:
    """Seconds in kubectl's short form."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{days}d"


def _cells(resource: Resource, obj: Object, row: Row) -> list[Any]:
    own = row(obj)
    return own if resource is EVENTS else [obj["metadata"]["name"], *own]


def _included(obj: Object, include: str) -> Object | None:
    if include == "Object":
        return obj
    if include == "None":
        return None
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return head | {"metadata": obj["metadata"]}


def _definitions(resource: Resource, names: Columns) -> list[Object]:
    named = names if resource is EVENTS else ("Name", *names)
    return [
        {
            "name": name.rstrip("+"),
            "type": "integer" if name in _NUMBERS else "string",
            "format": "name" if name == "Name" else "",
            "description": "",
            "priority": int(name.endswith("+")),
        }
        for name in named
    ]


def _age(obj: Object) -> str:
    return age(obj["metadata"].get("creationTimestamp"))


def _pairs(labels: dict[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in (labels or {}).items()) or NONE


def _containers(obj: Object) -> list[str]:
    spec = obj["spec"]
    containers = spec["template"]["spec"]["containers"]
    names, images = (",".join(one[key] for one in containers) for key in ("name", "image"))
    return [names, images, _pairs((spec.get("selector") or {}).get("matchLabels"))]


def _pod(pod: Object) -> list[Any]:
    status, spec = pod.get("status", {}), pod["spec"]
    running = status.get("containerStatuses", [])
    restarts = sum(one["restartCount"] for one in running)
    last = [
        ended["finishedAt"]
        for one in running
        if (ended := (one.get("lastState") or {}).get("terminated")) and ended.get("finishedAt")
    ]
    ready = f"{sum(bool(one['ready']) for one in running)}/{len(spec['containers'])}"
    again = f"{restarts} ({age(max(last))} ago)" if restarts and last else str(restarts)
    place = [status.get("podIP") or NONE, spec.get("nodeName") or NONE, NONE, NONE]
    return [ready, pod_word(pod), again, _age(pod), *place]


def pod_word(pod: Object) -> str:
    """The word for a pod's state in kubectl's column STATUS."""
    status = pod.get("status", {})
    word = status.get("reason") or status.get("phase", "Pending")
    first = _first_unfinished(pod)
    if first:
        word = first
    else:
        for one in reversed(status.get("containerStatuses", [])):
            word = _state_word(one["state"]) or word
        if word == "Completed" and any(one["ready"] for one in status.get("containerStatuses", [])):
            word = "Running"
    return "Terminating" if "deletionTimestamp" in pod["metadata"] else word


def _first_unfinished(pod: Object) -> str | None:
    statuses = pod.get("status", {}).get("initContainerStatuses", [])
    for place, one in enumerate(statuses):
        ended = one["state"].get("terminated")
        if ended and ended["exitCode"] == 0:
            continue
        word = _state_word(one["state"])
        if word and word != "PodInitializing":
            return f"Init:{word}"
        return f"Init:{place}/{len(statuses)}"
    return None


def _state_word(state: Object) -> str | None:
    if "waiting" in state:
        return state["waiting"].get("reason")
    if "terminated" in state:
        ended = state["terminated"]
        return ended.get("reason") or f"ExitCode:{ended['exitCode']}"
    return None


def _deployment(obj: Object) -> list[Any]:
    status = obj.get("status", {})
    ready = f"{status.get('readyReplicas', 0)}/{obj['spec']['replicas']}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [ready, *counts, _age(obj), *_containers(obj)]


def _replica_set(obj: Object) -> list[Any]:
    status = obj.get("status", {})
    counts = [status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [obj["spec"]["replicas"], *counts, _age(obj), *_containers(obj)]


def _service(obj: Object) -> list[Any]:
    spec = obj["spec"]
    ports = ",".join(
        f"{port['port']}{':' + str(port['nodePort']) if port.get('nodePort') else ''}"
        f"/{port.get('protocol', 'TCP')}"
        for port in spec.get("ports") or []
    )
    outside = spec.get("externalName") or NONE
    return [
        spec["type"], spec.get("clusterIP") or NONE, outside, ports or NONE, _age(obj),
        _pairs(spec.get("selector")),
    ]  # fmt: skip


def _job(obj: Object) -> list[Any]:
    status, spec = obj.get("status", {}), obj["spec"]
    done = f"{status.get('succeeded', 0)}/{spec.get('completions') or 1}"
    took = ""
    if status.get("startTime"):
        end = parse(status["completionTime"]) if status.get("completionTime") else now()
        took = duration(int((end - parse(status["startTime"])).total_seconds()))
    words = {one["type"] for one in status.get("conditions", []) if one["status"] == "True"}
    word = next((one for one in ("Complete", "Failed", "Suspended") if one in words), "Running")
    return [word, done, took, _age(obj), *_containers(obj)]


def _cron_job(obj: Object) -> list[Any]:
    spec, status = obj["spec"], obj.get("status", {})
    last = age(status["lastScheduleTime"]) if status.get("lastScheduleTime") else NONE
    own = [spec["schedule"], spec.get("timeZone") or NONE, str(spec.get("suspend", False))]
    return [*own, len(status.get("active", [])), last, _age(obj), *_containers(spec["jobTemplate"])]


def _node(obj: Object) -> list[Any]:
    conditions = obj.get("status", {}).get("conditions", [])
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    info = obj.get("status", {}).get("nodeInfo", {})
    addresses = obj.get("status", {}).get("addresses", [])
    inside = next((one["address"] for one in addresses if one["type"] == "InternalIP"), NONE)
    return [
        "Ready" if ready else "NotReady", "control-plane", _age(obj),
        info.get("kubeletVersion", ""), inside, NONE, info.get("osImage", ""),
        info.get("kernelVersion", ""), info.get("containerRuntimeVersion", ""),
    ]  # fmt: skip


def _endpoints(obj: Object) -> list[Any]:
    told = [
        f"{address['ip']}:{port['port']}"
        for subset in obj.get("subsets") or []
        for address in subset.get("addresses") or []
        for port in subset.get("ports") or []
    ]
    shown = ",".join(told[:3]) + (f" + {len(told) - 3} more..." if len(told) > 3 else "")
    return [shown or NONE, _age(obj)]


def _slice(obj: Object) -> list[Any]:
    ports = ",".join(str(port.get("port")) for port in obj.get("ports") or []) or "<unset>"
    addresses = [text for one in obj.get("endpoints") or [] for text in one["addresses"]]
    return [obj["addressType"], ports, ",".join(addresses) or "<unset>", _age(obj)]


def _event(obj: Object) -> list[Any]:
    involved = obj["involvedObject"]
    about = f"{involved.get('kind', '').lower()}/{involved.get('name', '')}"
    return [
        age(obj.get("lastTimestamp")), obj.get("type", ""), obj.get("reason", ""),
        about, obj.get("message", "").strip(),
    ]  # fmt: skip


def _secret(obj: Object) -> list[Any]:
    return [obj.get("type", "Opaque"), len(obj.get("data") or {}), _age(obj)]


_MADE_OF = ("Containers+", "Images+", "Selector+")
_TABLES: dict[Resource, tuple[Columns, Row]] = {
    PODS: (
        ("Ready", "Status", "Restarts", "Age", "IP+", "Node+", "Nominated Node+",
         "Readiness Gates+"), _pod,
    ),
    DEPLOYMENTS: (("Ready", "Up-to-date", "Available", "Age", *_MADE_OF), _deployment),
    REPLICASETS: (("Desired", "Current", "Ready", "Age", *_MADE_OF), _replica_set),
    SERVICES: (("Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector+"), _service),
    JOBS: (("Status", "Completions", "Duration", "Age", *_MADE_OF), _job),
    CRONJOBS: (
        ("Schedule", "Timezone", "Suspend", "Active", "Last Schedule", "Age", *_MADE_OF), _cron_job,
    ),
    NODES: (
        ("Status", "Roles", "Age", "Version", "Internal-IP+", "External-IP+", "OS-Image+",
         "Kernel-Version+", "Container-Runtime+"), _node,
    ),
    NAMESPACES: (
        ("Status", "Age"), lambda obj: [obj.get("status", {}).get("phase", ""), _age(obj)],
    ),
    CONFIGMAPS: (
        ("Data", "Age"),
        lambda obj: [len(obj.get("data") or {}) + len(obj.get("binaryData") or {}), _age(obj)],
    ),
    SECRETS: (("Type", "Data", "Age"), _secret),
    ENDPOINTS: (("Endpoints", "Age"), _endpoints),
    ENDPOINTSLICES: (("AddressType", "Ports", "Endpoints", "Age"), _slice),
    EVENTS: (("Last Seen", "Type", "Reason", "Object", "Message"), _event),
}  # fmt: skip
