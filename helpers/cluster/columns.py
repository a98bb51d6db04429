"""The columns of each kind, as `kubectl get` prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .ages import age, duration
from .meta import Object
from .pod_row import NONE, pod_row
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
)
from .times import now, parse

Row = Callable[[Object], list[Any]]
# A column's name; a trailing + marks those that only `-o wide` shows.
Columns = tuple[str, ...]


def age_of(obj: Object) -> str:
    """How long ago an object was made."""
    return age(obj["metadata"].get("creationTimestamp"))


def _pairs(labels: dict[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in (labels or {}).items()) or NONE


def _containers(obj: Object) -> list[str]:
    spec = obj["spec"]
    containers = spec["template"]["spec"]["containers"]
    names, images = (",".join(one[key] for one in containers) for key in ("name", "image"))
    return [names, images, _pairs((spec.get("selector") or {}).get("matchLabels"))]


def _deployment(obj: Object) -> list[Any]:
    status = obj.get("status", {})
    ready = f"{status.get('readyReplicas', 0)}/{obj['spec']['replicas']}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [ready, *counts, age_of(obj), *_containers(obj)]


def _replica_set(obj: Object) -> list[Any]:
    status = obj.get("status", {})
    counts = [status.get("replicas", 0), status.get("readyReplicas", 0)]
    return [obj["spec"]["replicas"], *counts, age_of(obj), *_containers(obj)]


def _service(obj: Object) -> list[Any]:
    spec = obj["spec"]
    ports = ",".join(
        f"{port['port']}{':' + str(port['nodePort']) if port.get('nodePort') else ''}"
        f"/{port.get('protocol', 'TCP')}"
        for port in spec.get("ports") or []
    )
    outside = spec.get("externalName") or NONE
    return [
        spec["type"], spec.get("clusterIP") or NONE, outside, ports or NONE, age_of(obj),
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
    return [word, done, took, age_of(obj), *_containers(obj)]


def _cron_job(obj: Object) -> list[Any]:
    spec, status = obj["spec"], obj.get("status", {})
    last = age(status["lastScheduleTime"]) if status.get("lastScheduleTime") else NONE
    own = [spec["schedule"], spec.get("timeZone") or NONE, str(spec.get("suspend", False))]
    return [
        *own,
        len(status.get("active", [])),
        last,
        age_of(obj),
        *_containers(spec["jobTemplate"]),
    ]


def _node(obj: Object) -> list[Any]:
    conditions = obj.get("status", {}).get("conditions", [])
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
    info = obj.get("status", {}).get("nodeInfo", {})
    addresses = obj.get("status", {}).get("addresses", [])
    inside = next((one["address"] for one in addresses if one["type"] == "InternalIP"), NONE)
    return [
        "Ready" if ready else "NotReady", "control-plane", age_of(obj),
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
    return [shown or NONE, age_of(obj)]


def _slice(obj: Object) -> list[Any]:
    ports = ",".join(str(port.get("port")) for port in obj.get("ports") or []) or "<unset>"
    addresses = [text for one in obj.get("endpoints") or [] for text in one["addresses"]]
    return [obj["addressType"], ports, ",".join(addresses) or "<unset>", age_of(obj)]


def _event(obj: Object) -> list[Any]:
    involved = obj["involvedObject"]
    about = f"{involved.get('kind', '').lower()}/{involved.get('name', '')}"
    return [
        age(obj.get("lastTimestamp")), obj.get("type", ""), obj.get("reason", ""),
        about, obj.get("message", "").strip(),
    ]  # fmt: skip


def _secret(obj: Object) -> list[Any]:
    return [obj.get("type", "Opaque"), len(obj.get("data") or {}), age_of(obj)]


_MADE_OF = ("Containers+", "Images+", "Selector+")
TABLES: dict[Resource, tuple[Columns, Row]] = {
    PODS: (
        ("Ready", "Status", "Restarts", "Age", "IP+", "Node+", "Nominated Node+",
         "Readiness Gates+"), pod_row,
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
        ("Status", "Age"), lambda obj: [obj.get("status", {}).get("phase", ""), age_of(obj)],
    ),
    CONFIGMAPS: (
        ("Data", "Age"),
        lambda obj: [len(obj.get("data") or {}) + len(obj.get("binaryData") or {}), age_of(obj)],
    ),
    SECRETS: (("Type", "Data", "Age"), _secret),
    ENDPOINTS: (("Endpoints", "Age"), _endpoints),
    ENDPOINTSLICES: (("AddressType", "Ports", "Endpoints", "Age"), _slice),
    EVENTS: (("Last Seen", "Type", "Reason", "Object", "Message"), _event),
}  # fmt: skip
