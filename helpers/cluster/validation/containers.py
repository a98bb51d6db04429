"""Rules for a container: its ports, environment, resources and probes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from ..quantity import quantity
from .environment import environment
from .handlers import lifecycle, probe
from .volumes import mounts
from .wording import (
    AT_LEAST_0,
    LABEL,
    RFC1123,
    duplicate,
    missing,
    port_name,
    port_number,
    unsupported,
    wrong,
)

_QUANTITY = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
_STANDARD = ("cpu", "memory", "ephemeral-storage")


def container(one: Object, path: str, volumes: set[str]) -> Iterator[Cause]:
    """What is wrong with a container at `path`; `volumes` names those that its pod has."""
    name = one.get("name")
    if not name:
        yield missing(f"{path}.name")
    elif not re.fullmatch(LABEL, name):
        yield wrong(f"{path}.name", name, RFC1123)
    if not one.get("image"):
        yield missing(f"{path}.image")
    yield from lifecycle(one.get("lifecycle") or {}, f"{path}.lifecycle")
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        if one.get(kind) is not None:
            yield from probe(one[kind], f"{path}.{kind}", kind)
    yield from _ports(one.get("ports") or [], f"{path}.ports")
    yield from environment(one, path)
    yield from mounts(one.get("volumeMounts") or [], f"{path}.volumeMounts", volumes)
    policy = one.get("imagePullPolicy")
    if policy and policy not in ("Always", "IfNotPresent", "Never"):
        yield unsupported(f"{path}.imagePullPolicy", policy, "Always", "IfNotPresent", "Never")
    yield from _resources(one.get("resources") or {}, f"{path}.resources")


def _ports(ports: list[Object], path: str) -> Iterator[Cause]:
    names: set[str] = set()
    for place, port in enumerate(ports):
        there, name = f"{path}[{place}]", port.get("name")
        if name:
            yield from port_name(f"{there}.name", name)
            if name in names:
                yield duplicate(f"{there}.name", name)
            names.add(name)
        if not port.get("containerPort"):
            yield missing(f"{there}.containerPort")
        yield from port_number(f"{there}.containerPort", port.get("containerPort"), lowest=0)
        protocol = port.get("protocol", "TCP")
        if protocol not in ("SCTP", "TCP", "UDP"):
            yield unsupported(f"{there}.protocol", protocol, "SCTP", "TCP", "UDP")


def _resources(resources: Object, path: str) -> Iterator[Cause]:
    amounts: dict[tuple[str, str], float] = {}
    written = resources.get("limits") or {}
    for kind in ("limits", "requests"):
        for name, text in (resources.get(kind) or {}).items():
            there = f"{path}.{kind}[{name}]"
            if kind == "requests" and written.get(name) == text:
                continue  # made of the limit, which has been looked at
            try:
                amounts[kind, name] = quantity(text)
            except ValueError:
                yield wrong(there, text, _QUANTITY)
            yield from _resource(name, there)
            if amounts.get((kind, name), 0) < 0:
                yield wrong(there, text, AT_LEAST_0)
    for (kind, name), amount in amounts.items():
        if kind == "requests" and amount > amounts.get(("limits", name), amount):
            limit, text = resources["limits"][name], str(resources[kind][name])
            words = f"must be less than or equal to {name} limit of {limit}"
            yield wrong(f"{path}.requests", text, words)


def _resource(name: str, path: str) -> Iterator[Cause]:
    if name not in _STANDARD and "/" not in name and not name.startswith("hugepages-"):
        yield wrong(path, name, "must be a standard resource type or fully qualified")
        yield wrong(path, name, "must be a standard resource for containers")
