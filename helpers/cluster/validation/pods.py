"""Rules for a pod and its containers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from ..quantity import quantity
from .wording import LABEL, PORT, RFC1123, forbidden, missing, unsupported, wrong

VOLUMES = ("emptyDir", "configMap", "secret")
_QUANTITY = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)


def pod_spec(
    spec: Object | None, path: str, restarts: tuple[str, ...] = ("Always", "Never", "OnFailure")
) -> Iterator[Cause]:
    """What is wrong with a pod's spec at `path`."""
    spec = spec or {}
    if not spec.get("containers"):
        yield missing(f"{path}.containers")
    policy = spec.get("restartPolicy")
    if policy is not None and policy not in restarts:
        yield unsupported(f"{path}.restartPolicy", policy, *restarts)
    yield from _volumes(spec.get("volumes") or [], f"{path}.volumes")
    volumes = {one.get("name") for one in spec.get("volumes") or []}
    names: set[str] = set()
    for kind in ("initContainers", "containers"):
        for place, one in enumerate(spec.get(kind) or []):
            there = f"{path}.{kind}[{place}]"
            if one.get("name") in names:
                words = f'Duplicate value: "{one["name"]}"'
                yield Cause(f"{there}.name", "FieldValueDuplicate", words)
            names.add(one.get("name"))
            yield from _container(one, there, volumes)


def _container(one: Object, path: str, volumes: set[str | None]) -> Iterator[Cause]:
    name = one.get("name")
    if not name:
        yield missing(f"{path}.name")
    elif not re.fullmatch(LABEL, name):
        yield wrong(f"{path}.name", name, RFC1123)
    if not one.get("image"):
        yield missing(f"{path}.image")
    for place, port in enumerate(one.get("ports") or []):
        number = port.get("containerPort")
        if isinstance(number, int) and not 1 <= number <= 65535:
            yield wrong(f"{path}.ports[{place}].containerPort", number, PORT)
    for place, mount in enumerate(one.get("volumeMounts") or []):
        if mount.get("name") not in volumes:
            words = f'Not found: "{mount.get("name")}"'
            yield Cause(f"{path}.volumeMounts[{place}].name", "FieldValueNotFound", words)
    yield from _resources(one.get("resources") or {}, f"{path}.resources")
    for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
        if one.get(probe):
            yield from _probe(one[probe], f"{path}.{probe}", probe)


def _volumes(volumes: list[Object], path: str) -> Iterator[Cause]:
    for place, one in enumerate(volumes):
        name, there = one.get("name"), f"{path}[{place}]"
        kinds = [key for key in one if key != "name"]
        if name and not re.fullmatch(LABEL, name):
            yield wrong(f"{there}.name", name, RFC1123)
        if not kinds:
            yield missing(there, "must specify a volume type")
        for kind in kinds:
            if kind not in VOLUMES:
                words = f"this teaching server has volumes of {', '.join(VOLUMES)}"
                yield forbidden(f"{there}.{kind}", words)


def _resources(resources: Object, path: str) -> Iterator[Cause]:
    amounts: dict[tuple[str, str], float] = {}
    for kind in ("limits", "requests"):
        for name, text in (resources.get(kind) or {}).items():
            try:
                amounts[kind, name] = quantity(text)
            except ValueError:
                yield wrong(f"{path}.{kind}[{name}]", text, _QUANTITY)
    for (kind, name), amount in amounts.items():
        if kind == "requests" and amount > amounts.get(("limits", name), amount):
            limit, text = resources["limits"][name], str(resources[kind][name])
            words = f"must be less than or equal to {name} limit of {limit}"
            yield wrong(f"{path}.requests", text, words)


def _probe(probe: Object, path: str, kind: str) -> Iterator[Cause]:
    handlers = [one for one in ("httpGet", "tcpSocket", "exec", "grpc") if probe.get(one)]
    if not handlers:
        yield missing(path, "must specify a handler type")
    if "grpc" in handlers:
        words = "this teaching server supports httpGet, tcpSocket and exec"
        yield forbidden(f"{path}.grpc", words)
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        yield wrong(f"{path}.successThreshold", probe["successThreshold"], "must be 1")
