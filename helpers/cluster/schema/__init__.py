"""Kubernetes' own schema of the kinds that are served: what fields there are, and how lists merge.

The file beside this one comes from the package kubernetes-validate and is under the Apache Licence
2.0; `python -m helpers.setup.kubernetes_schema` makes it.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from helpers.cluster.resources import Resource

FILE = Path(__file__).with_name("definitions.json.gz")
Schema = dict[str, Any]


@cache
def _file() -> dict[str, Any]:
    return json.loads(gzip.decompress(FILE.read_bytes()))


def version() -> str:
    """The version of Kubernetes whose schema this is, such as "v1.37.0"."""
    return _file()["version"]


def definitions() -> dict[str, Schema]:
    """All definitions by their full names, such as io.k8s.api.apps.v1.Deployment."""
    return _file()["definitions"]


@cache
def _names() -> dict[tuple[str, str, str], str]:
    found = {}
    for name, definition in definitions().items():
        kinds = definition.get("x-kubernetes-group-version-kind", [])
        if len(kinds) == 1:
            found[(kinds[0]["group"], kinds[0]["version"], kinds[0]["kind"])] = name
    return found


def name_of(resource: Resource) -> str:
    """The full name of a resource's definition."""
    return _names()[(resource.group, resource.version, resource.kind)]


def of(resource: Resource) -> Schema:
    """The schema of a resource's objects."""
    return definitions()[name_of(resource)]


def resolved(schema: Schema) -> Schema:
    """The schema itself where it is a reference to one."""
    while "$ref" in schema:
        schema = definitions()[schema["$ref"].rpartition("/")[2]]
    return schema


def field(schema: Schema, name: str) -> Schema:
    """The schema of a field, or of a map's values; an empty one where nothing is said of it."""
    schema = resolved(schema)
    known = schema.get("properties", {}).get(name)
    if known is not None:
        return known
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def items(schema: Schema) -> Schema:
    """The schema of a list's elements."""
    return resolved(schema).get("items", {})


def type_of(schema: Schema) -> str | None:
    """JSON's word for what is wanted; None where several are."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return None
    kind = schema.get("type")
    return next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
