"""The API described by itself (OpenAPI v3): what `kubectl explain` and kubectl's checks read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from . import schema
from .resources import RESOURCES, Resource

# kubectl asks for version 2 once, in protobuf, and is content with a title and a version.
V2 = b"\x0a\x032.0\x12\x15\x0a\x0aKubernetes\x12\x07v1.37.0B\x00"
V2_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
_PARAMETERS = ("dryRun", "fieldManager", "fieldValidation", "pretty")


def index() -> dict[str, Any]:
    """Where the description of each group lies."""
    roots = {_root(one.group, one.version) for one in RESOURCES}
    at = {root: {"serverRelativeURL": f"/openapi/v3/{root}?hash=1"} for root in sorted(roots)}
    return {"paths": at}


@cache
def document(root: str) -> bytes | None:
    """The description of one group by its root, such as "apis/apps/v1"; None for another."""
    served = [one for one in RESOURCES if _root(one.group, one.version) == root]
    if not served:
        return None
    paths: dict[str, Any] = {}
    for one in served:
        paths |= _paths(one, root)
    described = {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": schema.version()},
        "paths": paths,
        "components": {"schemas": _components(served)},
    }
    return json.dumps(described).encode()


def _root(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"


def _paths(one: Resource, root: str) -> dict[str, Any]:
    kind = {"group": one.group, "version": one.version, "kind": one.kind}
    reference = {"$ref": f"#/components/schemas/{schema.name_of(one)}"}
    answer = {"description": "OK", "content": {"application/json": {"schema": reference}}}
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in _PARAMETERS]
    force = {"name": "force", "in": "query", "schema": {"type": "boolean"}}

    def action(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
        return {
            "x-kubernetes-action": name,
            "x-kubernetes-group-version-kind": kind,
            "responses": {"200": answer},
            "parameters": list(parameters),
        }

    base = f"/{root}/namespaces/{{namespace}}" if one.namespaced else f"/{root}"
    return {
        f"{base}/{one.plural}": {"get": action("list"), "post": action("post", *asked)},
        f"{base}/{one.plural}/{{name}}": {
            "get": action("get"),
            "put": action("put", *asked),
            "delete": action("delete"),
            "patch": action("patch", *asked, force),
        },
    }


def _components(served: list[Resource]) -> dict[str, Any]:
    left, found = [schema.name_of(one) for one in served], {}
    while left:
        name = left.pop()
        if name not in found:
            found[name] = _translated(schema.definitions()[name])
            left += _names_in(schema.definitions()[name])
    return found


def _names_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for one in value for name in _names_in(one)]
    if not isinstance(value, dict):
        return []
    own = value.get("$ref")
    names = [own.rpartition("/")[2]] if isinstance(own, str) else []
    return names + [name for one in value.values() for name in _names_in(one)]


def _translated(value: Any) -> Any:
    """From JSON Schema to OpenAPI: other places of references, no null among types."""
    if isinstance(value, list):
        return [_translated(one) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        reference = {"$ref": "#/components/schemas/" + value["$ref"].rpartition("/")[2]}
        others = {key: _translated(one) for key, one in value.items() if key != "$ref"}
        return {"allOf": [reference], **others} if others else reference
    return {key: _keyword(key, one) for key, one in value.items()}


def _keyword(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: _translated(one) for name, one in value.items()}
    if key == "type" and isinstance(value, list):
        return next(one for one in value if one != "null")
    if key == "enum":
        return [one for one in value if one is not None]
    return value if key == "x-kubernetes-group-version-kind" else _translated(value)
