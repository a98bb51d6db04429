"""From the bytes of a request to an object: read, of the right kind, with known fields alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from . import schema
from .errors import bad_request
from .meta import Object
from .resources import Resource

_GO = {"integer": "int32", "boolean": "bool", "string": "string", "number": "float64"}
_QUANTITY = r"([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)"
_PYTHON = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
}


@dataclass
class Faults:
    """What a reading found: unknown fields, each with where it stands, and wrong types."""

    unknown: dict[str, tuple[Object, str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def parse(body: bytes, content_type: str = "application/json") -> Any:
    """The JSON or YAML of a request. Raises ApiError BadRequest for what is neither."""
    try:
        if "yaml" in content_type:
            return _yaml(body)
        return json.loads(body)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise bad_request(f"the body of the request cannot be read: {error}") from None


def _yaml(body: bytes) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # A few lines of references to references grow to gigabytes when they are followed.
    if b"*" in body and any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(body, loader)):
        raise bad_request("the body of the request has YAML aliases, which are not followed here")
    return yaml.load(body, loader)


def as_object(resource: Resource, value: Any, strict: bool = False) -> tuple[Object, list[str]]:
    """The object, without fields that Kubernetes does not know, and a warning for each of them.

    strict: unknown fields are refused, as kubectl asks by default. Raises ApiError BadRequest.
    """
    if not isinstance(value, dict):
        raise bad_request("the object provided is unrecognized: it is no JSON object")
    kind = value.get("kind", resource.kind)
    version = value.get("apiVersion", resource.api_version)
    if (kind, version) != (resource.kind, resource.api_version):
        raise bad_request(
            f"{kind} in version {version!r} cannot be handled as a {resource.kind} of "
            f"{resource.api_version}".replace("'", '"')
        )
    faults = Faults()
    _look(value, schema.of(resource), "", resource.kind, faults)
    said = f'{kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
    if faults.wrong:
        raise bad_request(said + faults.wrong[0])
    if not isinstance(value.get("metadata") or {}, dict):
        raise bad_request(said + "metadata is no object")
    unknown = [f'unknown field "{path}"' for path in faults.unknown]
    if unknown and strict:
        raise bad_request(f"{said}strict decoding error: {', '.join(unknown)}")
    for place, key in faults.unknown.values():
        del place[key]
    return _without_null(value), unknown


def _look(value: Any, wanted: schema.Schema, path: str, owner: str, faults: Faults) -> None:
    if "$ref" in wanted:
        owner = wanted["$ref"].rpartition(".")[2]
    kind = schema.type_of(wanted)
    if owner == "Quantity" and not re.fullmatch(_QUANTITY, str(value)):
        faults.wrong.append(f"quantities must match the regular expression '^{_QUANTITY}$'")
    elif wanted.get("format") == "byte" and isinstance(value, str):
        faults.wrong += _base64_faults(value)
    if value is None or kind is None:
        return
    if not _is_of(kind, value):
        go, json_kind = _GO.get(kind, kind), _json_kind(value)
        faults.wrong.append(
            f"json: cannot unmarshal {json_kind} into Go struct field {owner}.{path} of type {go}"
        )
    elif kind == "object":
        _look_into(value, schema.resolved(wanted), path, owner, faults)
    elif kind == "array":
        for place, one in enumerate(value):
            _look(one, schema.items(wanted), f"{path}[{place}]", owner, faults)


def _is_of(kind: str, value: Any) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, _PYTHON[kind]) and type(value) is not bool and abs(value) < 2**63
    return isinstance(value, _PYTHON[kind])


def _look_into(value: Object, wanted: schema.Schema, path: str, owner: str, faults: Faults) -> None:
    known, others = wanted.get("properties"), wanted.get("additionalProperties")
    for key, one in value.items():
        there = f"{path}.{key}" if path else key
        if known and key in known:
            _look(one, known[key], there, owner, faults)
        elif isinstance(others, dict):
            _look(one, others, there, owner, faults)
        elif known:
            faults.unknown[there] = (value, key)


def _base64_faults(text: str) -> list[str]:
    plain = re.sub(r"[\r\n]", "", text)
    sound = re.match(r"[A-Za-z0-9+/]*={0,2}", plain)
    end = sound.end() if sound else 0
    if end == len(plain) and end % 4 == 0:
        return []
    return [f"illegal base64 data at input byte {end - end % 4 if end == len(plain) else end}"]


def _json_kind(value: Any) -> str:
    names = ((dict, "object"), (list, "array"), (str, "string"), (bool, "bool"))
    return next((name for kind, name in names if isinstance(value, kind)), "number")


def _without_null(value: Any) -> Any:
    """A field that is null counts as one that is not there."""
    if isinstance(value, dict):
        return {key: _without_null(one) for key, one in value.items() if one is not None}
    return [_without_null(one) for one in value] if isinstance(value, list) else value
