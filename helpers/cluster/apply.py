"""Server-side apply: a manifest says what its manager wants, and owns the fields that it names.

A field that another manager owns with another value is a conflict, unless the request forces it.
What the manager applied before and no longer names goes, if nobody else owns it.
Source: kubernetes.io/docs/reference/using-api/server-side-apply.
"""

from __future__ import annotations

import json
from typing import Any

from . import schema
from .errors import ApiError
from .fields import (
    Fields,
    Path,
    element,
    entry,
    from_v1,
    in_order,
    is_entry_of,
    is_same,
    owned,
    shown,
    to_v1,
)
from .meta import Object, copied
from .resources import Resource
from .schema import Schema

_CLIENT_SIDE, _LAST = (
    "kubectl-client-side-apply",
    "kubectl.kubernetes.io/last-applied-configuration",
)


def new_object(resource: Resource, manifest: Object, manager: str) -> Object:
    """The object that a manifest makes where there is none yet."""
    made = copied(manifest)
    mine = owned(manifest, resource)
    made["metadata"]["managedFields"] = [entry(manager, "Apply", resource, mine)]
    return made


def applied(
    resource: Resource, live: Object, manifest: Object, manager: str, force: bool, sub: str = ""
) -> Object:
    """The live object with the manifest applied. Raises ApiError Conflict that names the fields."""
    mine, wanted = owned(manifest, resource), schema.of(resource)
    current = owned(live, resource)
    kept, before, conflicts, past = [], set(), [], None
    for one in live["metadata"].get("managedFields", []):
        if is_entry_of(one, manager, "Apply", sub):
            past, before = one, from_v1(one["fieldsV1"])
            continue
        paths = from_v1(one["fieldsV1"])
        taken = _contested(paths, mine, current)
        gives_way = force or _is_own_past(one, manager, live)
        if not gives_way:
            conflicts += [(one, path) for path in sorted(taken)]
        left = paths - taken if gives_way else paths
        if left:
            kept.append({**one, "fieldsV1": to_v1(left)})
    if conflicts:
        raise _refusal(conflicts)
    result = merge(live, manifest, wanted)
    others = {path for one in kept for path in from_v1(one["fieldsV1"])}
    for path in _dropped(before, mine.keys() | others):
        remove(result, path, wanted)
    made = entry(manager, "Apply", resource, mine, sub)
    kept.append(past if is_same(past, made) else made)
    result["metadata"]["managedFields"] = in_order(kept)
    return result


def _contested(paths: set[Path], mine: Fields, current: Fields) -> set[Path]:
    """Those of another's fields that this manifest would change."""
    both = {path for path in paths & mine.keys() if path[-1] != "."}
    return {path for path in both if current.get(path, ...) != mine[path]}


def _is_own_past(one: Object, manager: str, live: Object) -> bool:
    """kubectl, coming from client-side apply, takes over what it owned itself."""
    annotations = live["metadata"].get("annotations") or {}
    return manager == "kubectl" and one["manager"] == _CLIENT_SIDE and _LAST in annotations


def _dropped(before: set[Path], kept: set[Path]) -> list[Path]:
    """Paths to remove, the deepest first; what lies in a removed element goes with it.

    What was owned as an empty map stays where something in it is owned now.
    """
    gone = before - {path[:end] for path in kept for end in range(1, len(path) + 1)}
    elements = {path[:-1] for path in gone if path[-1] == "."}
    inside = [
        path
        for path in gone
        if path[-1] == "." or not any(path[: len(one)] == one for one in elements)
    ]
    return sorted(inside, key=len, reverse=True)


def merge(live: Any, manifest: Any, wanted: Schema) -> Any:
    """What is live with what the manifest names in its place; lists by their type in the schema."""
    wanted = schema.resolved(wanted)
    if isinstance(manifest, dict) and isinstance(live, dict):
        if wanted.get("x-kubernetes-map-type") == "atomic":
            return copied(manifest)
        result = copied(live)
        for key, one in manifest.items():
            result[key] = merge(live.get(key), one, schema.field(wanted, key))
        return result
    if isinstance(manifest, list) and isinstance(live, list):
        kind = wanted.get("x-kubernetes-list-type")
        if kind == "map":
            return _merge_elements(live, manifest, wanted)
        if kind == "set":
            return live + [one for one in manifest if one not in live]
    return copied(manifest)


def _merge_elements(live: list[Object], manifest: list[Object], wanted: Schema) -> list[Object]:
    result = copied(live)
    places = {element(one, wanted): place for place, one in enumerate(result)}
    for one in manifest:
        place = places.get(element(one, wanted))
        if place is None:
            result.append(copied(one))
        else:
            result[place] = merge(result[place], one, schema.items(wanted))
    return result


def remove(value: Any, path: Path, wanted: Schema) -> None:
    """Take the field at `path` out of `value`, and maps and lists that are empty then."""
    wanted = schema.resolved(wanted)
    head, rest = path[0], path[1:]
    if head.startswith("f:") and isinstance(value, dict):
        key = head[2:]
        if key not in value:
            return
        if rest:
            remove(value[key], rest, schema.field(wanted, key))
        if not rest or value[key] in ({}, []):
            value.pop(key)
    elif head.startswith("k:") and isinstance(value, list):
        for place, one in enumerate(value):
            if element(one, wanted) == head:
                if rest in ((), (".",)):
                    value.pop(place)
                else:
                    remove(one, rest, schema.items(wanted))
                return
    elif head.startswith("v:") and isinstance(value, list) and json.loads(head[2:]) in value:
        value.remove(json.loads(head[2:]))


def _refusal(conflicts: list[tuple[Object, Path]]) -> ApiError:
    def who(one: Object) -> str:
        if one["operation"] == "Apply":
            return f'"{one["manager"]}"'
        sub = f' with subresource "{one["subresource"]}"' if one.get("subresource") else ""
        return f'"{one["manager"]}"{sub} using {one["apiVersion"]}'

    paths = [shown(path) for _, path in conflicts]
    whom = ", ".join(dict.fromkeys(who(one) for one, _ in conflicts))
    if len(conflicts) == 1:
        words = f"Apply failed with 1 conflict: conflict with {whom}: {paths[0]}"
    else:
        listed = "\n".join(f"- {path}" for path in dict.fromkeys(paths))
        words = f"Apply failed with {len(conflicts)} conflicts: conflicts with {whom}:\n{listed}"
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": f"conflict with {who(one)}",
            "field": shown(path),
        }
        for one, path in conflicts
    ]
    return ApiError(409, "Conflict", words, causes=causes)
