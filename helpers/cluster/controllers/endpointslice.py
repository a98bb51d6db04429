"""The endpointslice controller: which pods stand behind a Service, and which of them are ready."""

from __future__ import annotations

from collections.abc import Iterable

from ..addresses import moved_ports
from ..meta import (
    Object,
    is_leaving,
    labels_of,
    name_of,
    namespace_of,
    reference_to,
    suffix,
    uid_of,
)
from ..resources import ENDPOINTS, ENDPOINTSLICES, PODS, SERVICES, Resource
from ..store import Change
from .base import Controller, place
from .conditions import is_true
from .replicaset import ENDED

SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"


class EndpointSliceController(Controller):
    """Holds the EndpointSlices (and the older Endpoints) of every Service to its pods."""

    name, resource = "endpointslice-controller.k8s.io", SERVICES

    def keys(self, change: Change) -> Iterable[tuple[str, str]]:
        """A Service is looked at when it or a pod that it selects changes."""
        yield from super().keys(change)
        if change.resource is PODS:
            for service in self.store.list(SERVICES, namespace_of(change.object)):
                if any(selects(service, pod) for pod in (change.object, change.old) if pod):
                    yield place(service)

    def gone(self, namespace: str, name: str) -> None:
        """The Service is no more: nothing stands behind it."""
        for one in self.store.list(ENDPOINTSLICES, namespace, {SERVICE_NAME: name}):
            self.store.remove(ENDPOINTSLICES, namespace, name_of(one))
        self.store.remove(ENDPOINTS, namespace, name)

    def reconcile(self, service: Object) -> None:
        """Write who stands behind the Service now."""
        if not service["spec"].get("selector"):
            return  # such a Service's endpoints are written by hand
        pods = [
            pod
            for pod in self.store.list(PODS, namespace_of(service))
            if selects(service, pod)
            and pod["status"].get("podIP")
            and pod["status"].get("phase") not in ENDED
        ]
        self.write_slices(service, pods)
        self.write_endpoints(service, pods)

    def write_slices(self, service: Object, pods: list[Object]) -> None:
        """One slice for all pods that answer on the same ports."""
        groups: dict[tuple, list[Object]] = {}
        for pod in pods:
            groups.setdefault(tuple(map(tuple_of, ports(service, pod))), []).append(pod)
        groups = groups or {(): []}
        labels = {SERVICE_NAME: name_of(service)}
        there = self.store.list(ENDPOINTSLICES, namespace_of(service), labels)
        old = {tuple(map(tuple_of, one.get("ports") or [])): one for one in there}
        for key, group in groups.items():
            wanted = {
                "addressType": "IPv4",
                "endpoints": [endpoint(pod) for pod in group],
                "ports": ports(service, group[0]) if group else [],
            }
            self.write(ENDPOINTSLICES, service, old.pop(key, None), wanted)
        for one in old.values():
            self.store.remove(ENDPOINTSLICES, namespace_of(one), name_of(one))

    def write_endpoints(self, service: Object, pods: list[Object]) -> None:
        """The same in the form that Kubernetes had before."""
        subsets: dict[tuple, Object] = {}
        for pod in (pod for pod in pods if not is_leaving(pod)):
            own = ports(service, pod)
            subset = subsets.setdefault(tuple(map(tuple_of, own)), {})
            field = "addresses" if is_true(pod, "Ready") else "notReadyAddresses"
            one = endpoint(pod)
            entry = {key: one[key] for key in ("nodeName", "targetRef")}
            subset.setdefault(field, []).append({"ip": one["addresses"][0], **entry})
            subset["ports"] = [{k: v for k, v in one.items() if v != ""} for one in own]
        old = self.store.find(ENDPOINTS, namespace_of(service), name_of(service))
        self.write(ENDPOINTS, service, old, {"subsets": list(subsets.values())})

    def write(self, kind: Resource, service: Object, old: Object | None, wanted: Object) -> None:
        """Create or change one of the Service's objects."""
        if old:
            self.store.update(kind, {**old, **wanted}, self.name, tracked=False)
            return
        sliced = kind is ENDPOINTSLICES
        name = f"{name_of(service)}-{suffix()}" if sliced else name_of(service)
        labels = dict(labels_of(service))
        if sliced:
            labels |= {SERVICE_NAME: name_of(service), MANAGED_BY: self.name}
        metadata = {"name": name, "namespace": namespace_of(service), "labels": labels}
        if sliced:
            metadata |= {"ownerReferences": [reference_to(service)]}
        self.store.create(kind, {"metadata": metadata, **wanted}, self.name)


def selects(service: Object, pod: Object) -> bool:
    """Whether a Service's selector meets a pod."""
    selector = service["spec"].get("selector") or {}
    return bool(selector) and selector.items() <= labels_of(pod).items()


def ports(service: Object, pod: Object) -> list[Object]:
    """The pod's own number of each port of the Service; a name that it has not is left out."""
    found = []
    for port in service["spec"].get("ports") or []:
        number = _number(pod, port.get("targetPort", port["port"]))
        if number:
            named = {"name": port.get("name", ""), "protocol": port.get("protocol", "TCP")}
            found.append({**named, "port": moved_ports(pod).get(number, number)})
    return found


def endpoint(pod: Object) -> Object:
    """A pod as one end of a Service. One that is ending is not ready, whatever its probe says."""
    ready, leaving = is_true(pod, "Ready"), is_leaving(pod)
    return {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": ready and not leaving, "serving": ready, "terminating": leaving},
        "nodeName": pod["spec"].get("nodeName"),
        "targetRef": {
            "kind": "Pod",
            "name": name_of(pod),
            "namespace": namespace_of(pod),
            "uid": uid_of(pod),
        },
    }


def tuple_of(port: Object) -> tuple:
    """A port as something that can be compared and counted."""
    return port.get("name") or "", port.get("protocol", "TCP"), port["port"]


def _number(pod: Object, port: int | str) -> int | None:
    if isinstance(port, int):
        return port
    for container in pod["spec"]["containers"]:
        for one in container.get("ports") or []:
            if one.get("name") == port:
                return one["containerPort"]
    return int(port) if port.isdigit() else None
