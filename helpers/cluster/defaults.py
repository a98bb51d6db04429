"""What Kubernetes fills in where a manifest is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .addresses import is_taken
from .meta import Object
from .resources import (
    CRONJOBS,
    DEPLOYMENTS,
    JOBS,
    NAMESPACES,
    PODS,
    REPLICASETS,
    SERVICES,
    Resource,
)

if TYPE_CHECKING:
    from .store import Store

FIRST_NODE_PORT, LAST_NODE_PORT = 30000, 32767
_POD = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": 30,
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
}
_CONTAINER = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


def fill(store: Store, resource: Resource, obj: Object) -> None:
    """Write the defaults of its kind into an object."""
    if resource in _FILL:
        _FILL[resource](store, obj)


def _into(place: Any, values: Object) -> None:
    for key, value in values.items():
        if place.get(key) is None:
            place[key] = value


def _deployment(store: Store, obj: Object) -> None:
    spec = obj.setdefault("spec", {})
    _into(spec, {"replicas": 1, "strategy": {}, "revisionHistoryLimit": 10})
    _into(spec, {"progressDeadlineSeconds": 600})
    _into(spec["strategy"], {"type": "RollingUpdate"})
    if spec["strategy"]["type"] == "RollingUpdate":
        _into(spec["strategy"], {"rollingUpdate": {}})
        _into(spec["strategy"]["rollingUpdate"], {"maxUnavailable": "25%", "maxSurge": "25%"})
    _template(spec)


def _replica_set(store: Store, obj: Object) -> None:
    spec = obj.setdefault("spec", {})
    _into(spec, {"replicas": 1})
    _template(spec)
    _into(obj, {"status": {"replicas": 0}})


def _job(store: Store, obj: Object) -> None:
    spec = obj.setdefault("spec", {})
    _job_spec(spec)
    if not spec.get("manualSelector") and "selector" not in spec:
        _select_by_uid(obj)


def _select_by_uid(job: Object) -> None:
    """A job's pods bear its uid, so that no two jobs of one name ever share pods."""
    meta, spec = job["metadata"], job["spec"]
    spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": meta["uid"]}}
    template = spec.get("template")
    if isinstance(template, dict):
        labels = template.setdefault("metadata", {}).get("labels") or {}
        told = {"controller-uid": meta["uid"], "job-name": meta.get("name", "")}
        prefixed = {f"batch.kubernetes.io/{key}": value for key, value in told.items()}
        template["metadata"]["labels"] = labels | prefixed | told


def _job_spec(spec: Object) -> None:
    _into(spec, {"backoffLimit": 6, "completionMode": "NonIndexed", "suspend": False})
    _into(spec, {"podReplacementPolicy": "TerminatingOrFailed"})
    if "completions" not in spec:
        _into(spec, {"parallelism": 1})
        if spec["parallelism"] == 1:
            spec["completions"] = 1
    _into(spec, {"parallelism": 1})
    _template(spec)


def _cron_job(store: Store, obj: Object) -> None:
    spec = obj.setdefault("spec", {})
    _into(spec, {"concurrencyPolicy": "Allow", "suspend": False})
    _into(spec, {"successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1})
    if isinstance(spec.get("jobTemplate"), dict):
        _job_spec(spec["jobTemplate"].setdefault("spec", {}))


def _template(spec: Object) -> None:
    template = spec.get("template")
    if isinstance(template, dict):
        template.setdefault("metadata", {})
        _pod_spec(template.get("spec"))


def _pod(store: Store, obj: Object) -> None:
    _pod_spec(obj.get("spec"))
    _into(obj.get("spec") or {}, {"enableServiceLinks": True})
    _into(obj, {"status": {}})  # kubectl run sends an empty one
    _into(obj["status"], {"phase": "Pending", "qosClass": "BestEffort"})


def _pod_spec(spec: Any) -> None:
    if not isinstance(spec, dict):
        return
    _into(spec, _POD | {"securityContext": {}})
    for container in [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]:
        if isinstance(container, dict):
            _container(container)
    for volume in spec.get("volumes") or []:
        for kind in ("configMap", "secret"):
            if isinstance(volume, dict) and isinstance(volume.get(kind), dict):
                _into(volume[kind], {"defaultMode": 420})


def _container(container: Object) -> None:
    latest = ":" not in str(container.get("image", "")).rpartition("/")[2]
    pull = "Always" if latest or str(container.get("image")).endswith(":latest") else "IfNotPresent"
    _into(container, _CONTAINER | {"resources": {}, "imagePullPolicy": pull})
    for port in container.get("ports") or []:
        _into(port, {"protocol": "TCP"})
    for probe in (container[name] for name in PROBES if isinstance(container.get(name), dict)):
        _into(probe, _PROBE)
        if isinstance(probe.get("httpGet"), dict):
            _into(probe["httpGet"], {"scheme": "HTTP", "path": "/"})
    limits, requests = container["resources"].get("limits"), container["resources"].get("requests")
    if limits:  # a limit without a request is the request too
        container["resources"]["requests"] = {**limits, **(requests or {})}


def _service(store: Store, obj: Object) -> None:
    spec = obj.setdefault("spec", {})
    _into(spec, {"type": "ClusterIP", "sessionAffinity": "None"})
    if spec["type"] != "ExternalName" and not spec.get("clusterIP"):
        spec["clusterIP"] = _free_address(store, spec.get("ports") or [])
    if spec.get("clusterIP"):
        _into(spec, {"clusterIPs": [spec["clusterIP"]]})
    _into(spec, {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"})
    _into(spec, {"internalTrafficPolicy": "Cluster"})
    for port in spec.get("ports") or []:
        if isinstance(port, dict):
            _into(port, {"protocol": "TCP", "targetPort": port.get("port")})
            if spec["type"] == "NodePort" and not port.get("nodePort"):
                port["nodePort"] = _free_node_port(store, spec)
    _into(obj, {"status": {"loadBalancer": {}}})


def _free_address(store: Store, ports: list[Any]) -> str:
    """The next address that no Service has, here or in another cluster on this machine."""
    used = {one["spec"].get("clusterIP") for one in store.list(SERVICES)}
    numbers = [one["port"] for one in ports if isinstance(one, dict) and "port" in one]
    return next(
        address
        for number in range(1, 65_000)
        if (address := f"127.96.{number // 250}.{number % 250 + 1}") not in used
        and not any(is_taken(address, one) for one in numbers)
    )


def _free_node_port(store: Store, own: Object) -> int:
    specs = [own, *(one["spec"] for one in store.list(SERVICES))]
    used = {port.get("nodePort") for spec in specs for port in spec.get("ports") or []}
    return next(n for n in range(FIRST_NODE_PORT, LAST_NODE_PORT + 1) if n not in used)


def _namespace(store: Store, obj: Object) -> None:
    _into(obj, {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
    name = obj["metadata"].get("name")
    if name:
        labels = obj["metadata"].setdefault("labels", {})
        labels.setdefault("kubernetes.io/metadata.name", name)


_FILL: dict[Resource, Callable[[Any, Object], None]] = {
    DEPLOYMENTS: _deployment,
    REPLICASETS: _replica_set,
    JOBS: _job,
    CRONJOBS: _cron_job,
    PODS: _pod,
    SERVICES: _service,
    NAMESPACES: _namespace,
}
