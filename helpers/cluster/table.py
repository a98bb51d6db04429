"""What `kubectl get` prints: the server makes the columns, and kubectl only lays them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .columns import TABLES, Columns, Row, age_of
from .meta import Object
from .resources import EVENTS, Resource

_NUMBERS = {"Desired", "Current", "Up-to-date", "Available", "Data"}


def table(
    resource: Resource,
    objects: Sequence[Object],
    version: str,
    include: str = "Metadata",
    columns: bool = True,
) -> Object:
    """The objects as a `Table`. include: how much of each object goes with its row."""
    names, row = TABLES.get(resource, (("Age",), lambda obj: [age_of(obj)]))
    rows = [
        {"cells": _cells(resource, obj, row), "object": _included(obj, include)} for obj in objects
    ]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version},
        "columnDefinitions": _definitions(resource, names) if columns else None,
        "rows": rows,
    }


def _cells(resource: Resource, obj: Object, row: Row) -> list[Any]:
    own = row(obj)
    return own if resource is EVENTS else [obj["metadata"]["name"], *own]


def _included(obj: Object, include: str) -> Object | None:
    if include == "Object":
        return obj
    if include == "None":
        return None
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return head | {"metadata": obj["metadata"]}


def _definitions(resource: Resource, names: Columns) -> list[Object]:
    named = names if resource is EVENTS else ("Name", *names)
    return [
        {
            "name": name.rstrip("+"),
            "type": "integer" if name in _NUMBERS else "string",
            "format": "name" if name == "Name" else "",
            "description": "",
            "priority": int(name.endswith("+")),
        }
        for name in named
    ]
