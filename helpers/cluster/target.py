"""What a request is about: read from its address."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ApiError, not_supported
from .resources import BY_PATH, NAMESPACES, RESOURCES, Resource

# Parts of Kubernetes' API that somebody may ask for, and what can be done here instead.
LEFT_OUT = {
    "portforward": (
        "kubectl port-forward",
        "Pods and Services listen on addresses of this machine: ask those "
        "(kubectl get pods,services -o wide).",
    ),
    "attach": ("kubectl attach", "Use kubectl logs -f or kubectl exec."),
    "proxy": ("A proxy to pods and services", "Ask the Service's address."),
    "eviction": ("kubectl drain", "There is one node. Use kubectl delete pod."),
    "ephemeralcontainers": ("kubectl debug", "Use kubectl exec."),
    "binding": ("Binding of pods", "There is one node."),
    "token": ("A token of a service account", "kubectl has one already."),
    "horizontalpodautoscalers": ("kubectl autoscale", "Use kubectl scale."),
}


@dataclass(frozen=True)
class Target:
    """A kind of object, and the namespace, the name and the subresource that were asked for."""

    resource: Resource
    namespace: str | None = None
    name: str | None = None
    subresource: str = ""


def target(segments: list[str]) -> Target:
    """The target of an address that begins /api/v1 or /apis/GROUP/VERSION.

    Raises ApiError NotFound for what is not served; its message names what is.
    """
    core = segments[0] == "api"
    group, version = ("", segments[1]) if core else (segments[1], segments[2])
    rest = segments[2:] if core else segments[3:]
    namespace = None
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    if rest[0] in LEFT_OUT:
        raise not_supported(*LEFT_OUT[rest[0]])
    resource = BY_PATH.get((group, version, rest[0]))
    if resource is None:
        raise unknown(rest[0], group)
    name = rest[1] if len(rest) > 1 else None
    subresource = rest[2] if len(rest) > 2 else ""
    if subresource in LEFT_OUT and subresource not in resource.subresources:
        raise not_supported(*LEFT_OUT[subresource])
    allowed = (*resource.subresources, "", *(("finalize",) if resource is NAMESPACES else ()))
    if subresource not in allowed or len(rest) > 3:
        raise ApiError(404, "NotFound", "the server could not find the requested resource")
    return Target(resource, namespace, name, subresource)


def unknown(plural: str, group: str) -> ApiError:
    """The answer to a kind that is not served."""
    served = ", ".join(sorted(one.plural for one in RESOURCES))
    asked = f"{plural}.{group}" if group else plural
    words = f"{asked} is not served by this teaching server; it has {served}"
    return ApiError(404, "NotFound", words, group=group, kind=plural)
