"""What a request is about: read from its address."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ApiError
from .resources import BY_PATH, NAMESPACES, RESOURCES, Resource

# Parts of Kubernetes' API that somebody may ask for, and what can be done here instead.
LEFT_OUT = {
    "portforward": "kubectl port-forward is not supported by this teaching server: its pods listen "
    "on addresses of this machine, so ask them directly (kubectl get pods -o wide).",
    "attach": "kubectl attach is not supported by this teaching server; use kubectl logs -f or "
    "kubectl exec.",
    "proxy": "kubectl proxy to pods and services is not supported by this teaching server; ask the "
    "Service's address.",
    "eviction": "kubectl drain is not supported by this teaching server: it has one node. Use "
    "kubectl delete pod.",
    "ephemeralcontainers": "kubectl debug is not supported by this teaching server; use kubectl "
    "exec.",
    "binding": "Binding pods is not supported by this teaching server: it has one node.",
    "token": "Tokens of service accounts are not supported by this teaching server.",
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
    resource = BY_PATH.get((group, version, rest[0]))
    if resource is None:
        raise unknown(rest[0], group)
    name = rest[1] if len(rest) > 1 else None
    subresource = rest[2] if len(rest) > 2 else ""
    if subresource in LEFT_OUT and subresource not in resource.subresources:
        raise ApiError(501, "NotImplemented", LEFT_OUT[subresource])
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
