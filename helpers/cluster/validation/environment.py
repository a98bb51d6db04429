"""Rules for the variables of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .wording import ENV_NAME, missing, wrong

_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName",
    "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
)  # fmt: skip
_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef")


def environment(container: Object, path: str) -> Iterator[Cause]:
    """What is wrong with `env` and `envFrom` of a container at `path`."""
    for place, one in enumerate(container.get("env") or []):
        there, name = f"{path}.env[{place}]", one.get("name")
        if not name:
            yield missing(f"{there}.name")
        elif not re.fullmatch(r"[-._a-zA-Z][-._a-zA-Z0-9]*", name):
            yield wrong(f"{there}.name", name, ENV_NAME)
        if one.get("valueFrom") is not None:
            yield from _source(one, f"{there}.valueFrom")
    for place, one in enumerate(container.get("envFrom") or []):
        there = f"{path}.envFrom[{place}]"
        kinds = [kind for kind in ("configMapRef", "secretRef") if one.get(kind) is not None]
        if not kinds:
            yield wrong(there, "", "must specify one of: `configMapRef` or `secretRef`")
        for kind in kinds:
            if not one[kind].get("name"):
                yield missing(f"{there}.{kind}.name")


def _source(variable: Object, path: str) -> Iterator[Cause]:
    given = variable["valueFrom"]
    kinds = [kind for kind in _SOURCES if given.get(kind) is not None]
    for kind in kinds:
        yield from _reference(kind, given[kind], f"{path}.{kind}")
    if variable.get("value"):
        yield wrong(path, "", "may not be specified when `value` is not empty")
    elif len(kinds) > 1:
        yield wrong(path, "", "may not have more than one field specified at a time")
    elif not kinds:
        words = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or "
        yield wrong(path, "", words + "`secretKeyRef`")


def _reference(kind: str, given: Object, path: str) -> Iterator[Cause]:
    if kind.endswith("KeyRef"):
        for name in ("name", "key"):
            if not given.get(name):
                yield missing(f"{path}.{name}")
    elif kind == "fieldRef":
        field = given.get("fieldPath")
        if not field:
            yield missing(f"{path}.fieldPath")
        elif field not in _FIELDS and not re.fullmatch(
            r"metadata\.(labels|annotations)\['.+'\]", field
        ):
            words = f"error converting fieldPath: field label not supported: {field}"
            yield wrong(f"{path}.fieldPath", field, words)
