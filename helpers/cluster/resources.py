"""The kinds that the server knows, and how each is called in addresses and on the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Resource:
    """A kind of object.

    plural: its name in addresses, such as "deployments". short: what kubectl takes in its place.
    subresources: parts with an address of their own, such as "status". categories: "all" for what
    `kubectl get all` lists.
    """

    group: str
    version: str
    plural: str
    kind: str
    short: tuple[str, ...] = ()
    namespaced: bool = True
    subresources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """As manifests write it: "apps/v1", or "v1" for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        """Its name for one, such as "deployment"."""
        return self.kind.lower()

    @property
    def full(self) -> str:
        """As messages write it: "deployments.apps"."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


ALL = ("all",)
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", ("ns",), False, ("status",))
NODES = Resource("", "v1", "nodes", "Node", ("no",), False, ("status",))
PODS = Resource("", "v1", "pods", "Pod", ("po",), True, ("status", "log", "exec"), ALL)
SERVICES = Resource("", "v1", "services", "Service", ("svc",), True, ("status",), ALL)
ENDPOINTS = Resource("", "v1", "endpoints", "Endpoints", ("ep",))
CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", ("cm",))
SECRETS = Resource("", "v1", "secrets", "Secret")
SERVICEACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount", ("sa",))
EVENTS = Resource("", "v1", "events", "Event", ("ev",))
DEPLOYMENTS = Resource(
    "apps", "v1", "deployments", "Deployment", ("deploy",), True, ("status", "scale"), ALL
)
REPLICASETS = Resource(
    "apps", "v1", "replicasets", "ReplicaSet", ("rs",), True, ("status", "scale"), ALL
)
JOBS = Resource("batch", "v1", "jobs", "Job", (), True, ("status",), ALL)
CRONJOBS = Resource("batch", "v1", "cronjobs", "CronJob", ("cj",), True, ("status",), ALL)
ENDPOINTSLICES = Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")

RESOURCES = (
    NAMESPACES, NODES, PODS, SERVICES, ENDPOINTS, CONFIGMAPS, SECRETS, SERVICEACCOUNTS, EVENTS,
    DEPLOYMENTS, REPLICASETS, JOBS, CRONJOBS, ENDPOINTSLICES,
)  # fmt: skip
BY_PATH = {(one.group, one.version, one.plural): one for one in RESOURCES}
BY_KIND = {(one.api_version, one.kind): one for one in RESOURCES}


def named(api_version: str, kind: str) -> Resource | None:
    """The resource of an object's apiVersion and kind, or None."""
    return BY_KIND.get((api_version, kind))
