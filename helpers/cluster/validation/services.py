"""Rules for a Service."""

from __future__ import annotations

from collections.abc import Iterator

from ..defaults import FIRST_NODE_PORT, LAST_NODE_PORT
from ..errors import Cause
from ..meta import Object
from .metadata import labels
from .wording import (
    duplicate,
    forbidden,
    missing,
    port_name,
    port_number,
    unsupported,
    wrong,
)

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")


def service(spec: Object) -> Iterator[Cause]:
    """What is wrong with a Service's spec."""
    headless = spec.get("clusterIP") == "None"
    if not spec.get("ports") and spec.get("type") != "ExternalName" and not headless:
        yield missing("spec.ports")
    yield from _ports(spec.get("ports") or [])
    yield from labels(spec.get("selector") or {}, "spec.selector")
    if spec.get("type") not in _TYPES:
        yield unsupported("spec.type", spec.get("type"), *_TYPES)
    elif spec["type"] == "LoadBalancer":
        words = "this teaching server has no load balancer; use ClusterIP or NodePort"
        yield forbidden("spec.type", words)


def _ports(ports: list[Object]) -> Iterator[Cause]:
    names: set[str] = set()
    for place, port in enumerate(ports):
        path, name = f"spec.ports[{place}]", port.get("name")
        if name in names:
            yield duplicate(f"{path}.name", name)
        elif name:
            names.add(name)
        elif len(ports) > 1:
            yield missing(f"{path}.name")
        yield from port_number(f"{path}.port", port.get("port"))
        if port.get("protocol", "TCP") not in ("SCTP", "TCP", "UDP"):
            yield unsupported(f"{path}.protocol", port["protocol"], "SCTP", "TCP", "UDP")
        yield from _target(port.get("targetPort"), f"{path}.targetPort")
        number = port.get("nodePort")
        if number and not FIRST_NODE_PORT <= number <= LAST_NODE_PORT:
            words = "provided port is not in the valid range. The range of valid ports is "
            words += f"{FIRST_NODE_PORT}-{LAST_NODE_PORT}"
            yield wrong(f"{path}.nodePort", number, words)


def _target(port: int | str | None, path: str) -> Iterator[Cause]:
    yield from port_name(path, port) if isinstance(port, str) else port_number(path, port)
