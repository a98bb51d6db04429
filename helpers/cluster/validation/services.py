"""Rules for a Service."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .wording import PORT, forbidden, missing, wrong


def ports(spec: Object) -> Iterator[Cause]:
    """What is wrong with a Service's ports."""
    if spec.get("type") == "LoadBalancer":
        words = "this teaching server has no load balancer; use ClusterIP or NodePort"
        yield forbidden("spec.type", words)
    headless = spec.get("clusterIP") == "None"
    if not spec.get("ports") and spec.get("type") != "ExternalName" and not headless:
        yield missing("spec.ports")
    for place, port in enumerate(spec.get("ports") or []):
        number = port.get("port")
        if isinstance(number, int) and not 1 <= number <= 65535:
            yield wrong(f"spec.ports[{place}].port", number, PORT)
