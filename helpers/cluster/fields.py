"""Field management: who owns which field, written down as FieldsV1 in managedFields.

A field is a path such as ("f:spec", "f:replicas"); an element of a list is named by its keys
("k:{...}") or its value ("v:..."), and "." stands for the element itself.
Source: kubernetes.io/docs/reference/using-api/server-side-apply.
"""

from __future__ import annotations

import json
from typing import Any

from . import schema
from .meta import Object
from .resources import Resource
from .schema import Schema
from .times import stamp

Path = tuple[str, ...]
Fields = dict[Path, Any]
_SERVERS = (
    "name", "namespace", "uid", "creationTimestamp", "resourceVersion", "generation",
    "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName", "selfLink",
)  # fmt: skip
# The one key of a list's elements that a manifest may leave out (the schema here has no defaults).
_DEFAULTS = {"protocol": "TCP"}


def owned(obj: Object, resource: Resource) -> Fields:
    """The fields that an object sets, each with its value, without what the server writes."""
    own = {key: value for key, value in obj.items() if key not in ("apiVersion", "kind")}
    meta = obj.get("metadata", {})
    own["metadata"] = {key: value for key, value in meta.items() if key not in _SERVERS}
    if not own["metadata"]:
        del own["metadata"]
    return dict(_walk(own, schema.of(resource), ()))


def _walk(value: Any, wanted: Schema, path: Path) -> Any:
    wanted = schema.resolved(wanted)
    if isinstance(value, dict):
        open_map = wanted.get("properties") or isinstance(wanted.get("additionalProperties"), dict)
        if wanted.get("x-kubernetes-map-type") == "atomic" or not open_map or (not value and path):
            yield path, value
            return
        for key, one in value.items():
            yield from _walk(one, schema.field(wanted, key), (*path, f"f:{key}"))
    elif isinstance(value, list) and wanted.get("x-kubernetes-list-type") == "map":
        for one in value:
            there = (*path, element(one, wanted))
            yield (*there, "."), None
            yield from _walk(one, schema.items(wanted), there)
    elif isinstance(value, list) and wanted.get("x-kubernetes-list-type") == "set":
        for one in value:
            yield (*path, "v:" + json.dumps(one)), one
    elif path:
        yield path, value


def element(one: Object, wanted: Schema) -> str:
    """The name of a list's element by its keys, such as k:{"name":"web"}."""
    named = {key: one.get(key, _DEFAULTS.get(key)) for key in wanted["x-kubernetes-list-map-keys"]}
    return "k:" + json.dumps(named, sort_keys=True, separators=(",", ":"))


def to_v1(paths: Any) -> Object:
    """Paths as the nested FieldsV1 of managedFields."""
    root: Object = {}
    for path in sorted(paths):
        place = root
        for step in path:
            place = place.setdefault(step, {})
    return root


def from_v1(nested: Object, path: Path = ()) -> set[Path]:
    """The paths of a FieldsV1."""
    if not nested:
        return {path} if path else set()
    return {one for step, inner in nested.items() for one in from_v1(inner, (*path, step))}


def shown(path: Path) -> str:
    """A path as messages write it: .spec.template.spec.containers[name="web"].image."""
    text = ""
    for step in path:
        kind, _, rest = step.partition(":")
        if kind == "f":
            text += f".{rest}"
        elif kind == "k":
            pairs = json.loads(rest).items()
            text += "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in pairs) + "]"
        elif kind == "v":
            text += f"[={rest}]"
    return text


def entry(manager: str, operation: str, resource: Resource, paths: Any, sub: str = "") -> Object:
    """An entry of managedFields."""
    made = {
        "manager": manager,
        "operation": operation,
        "apiVersion": resource.api_version,
        "time": stamp(),
        "fieldsType": "FieldsV1",
        "fieldsV1": to_v1(paths),
    }
    return made | ({"subresource": sub} if sub else {})


def is_entry_of(one: Object, manager: str, operation: str, sub: str) -> bool:
    """Whether an entry is that of this manager, operation and subresource."""
    return (one["manager"], one["operation"], one.get("subresource", "")) == (
        manager,
        operation,
        sub,
    )


def track(resource: Resource, old: Object | None, new: Object, manager: str, sub: str = "") -> None:
    """Write into `new` who owns what, after `manager` has made it out of `old` by an update."""
    before = owned(old, resource) if old else {}
    after = owned(new, resource)
    changed = {path for path in after if path not in before or before[path] != after[path]}
    entries, mine, mine_before = [], set(changed), None
    for one in _noted(old, new):
        paths = from_v1(one["fieldsV1"]) & after.keys()
        if is_entry_of(one, manager, "Update", sub):
            mine |= paths
            mine_before = one
        elif left := paths - changed:
            entries.append(one if left == paths else {**one, "fieldsV1": to_v1(left)})
    if mine:
        made = entry(manager, "Update", resource, mine, sub)
        entries.append(mine_before if is_same(mine_before, made) else made)
    if entries:
        new["metadata"]["managedFields"] = in_order(entries)


def in_order(entries: list[Object]) -> list[Object]:
    """Entries as Kubernetes lists them: who applied first, then by time and name."""
    keys = ("operation", "time", "manager", "subresource")
    return sorted(entries, key=lambda one: [one.get(key) or "" for key in keys])


def is_same(before: Object | None, now: Object) -> bool:
    """Whether an entry says what it said before; then it keeps the time it has."""
    return before is not None and {**before, "time": ""} == {**now, "time": ""}


def _noted(old: Object | None, new: Object) -> list[Object]:
    """Who owned what, as the request says itself or, where it is silent, as it was.

    So kubectl moves an object from client-side apply to server-side apply.
    """
    was = (old or {}).get("metadata", {}).get("managedFields", [])
    said = new["metadata"].get("managedFields")
    return was if said is None else [one for one in said if one]
