"""The four kinds of patch, without server-side apply, which is in `apply.py`.

JSON patch is RFC 6902, merge patch RFC 7386. Strategic merge is Kubernetes' own: lists of named
things, such as containers, are merged by their key, which the schema names.
"""

from __future__ import annotations

import re
from typing import Any

from . import schema
from .errors import ApiError, bad_request
from .meta import Object, copied
from .schema import Schema

JSON, MERGE, STRATEGIC, APPLY = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)
TYPES = (JSON, MERGE, STRATEGIC, APPLY)
_ORDER, _PRIMITIVES = "$setElementOrder/", "$deleteFromPrimitiveList/"


def patched(obj: Object, patch: Any, kind: str, wanted: Schema) -> Any:
    """The object with the patch applied; `obj` stays as it is. kind: one of TYPES but APPLY.

    Raises ApiError where the patch cannot be applied.
    """
    if kind == JSON:
        return _json_patched(obj, patch)
    if not isinstance(patch, dict):
        raise bad_request("the patch is no JSON object")
    return merged(obj, patch) if kind == MERGE else strategic(obj, patch, wanted)


def _json_patched(obj: Object, patch: Any) -> Any:
    import jsonpatch
    import jsonpointer

    if not isinstance(patch, list):  # jsonpatch would read a text as JSON once more
        raise bad_request("the patch is no list of operations")
    try:
        return jsonpatch.apply_patch(obj, patch)
    except jsonpatch.JsonPatchTestFailed as error:
        words = re.sub(r" \(<class '\w+'>\)", "", str(error))
        raise ApiError(
            422, "Invalid", f"the server rejected our request due to an error in it: {words}"
        ) from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        raise ApiError(
            422, "Invalid", f"the server rejected our request due to an error in it: {error}"
        ) from None
    except (TypeError, AttributeError, KeyError) as error:
        raise bad_request(f"the patch is no list of operations: {error}") from None


def merged(value: Any, patch: Any) -> Any:
    """RFC 7386: what is null goes, objects are merged, all else takes the other's place."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, one in patch.items():
        if one is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), one)
    return result


def strategic(value: Any, patch: Any, wanted: Schema) -> Any:
    """Kubernetes' strategic merge: as `merged`, but a list with a merge key is merged by it."""
    if not isinstance(patch, dict):
        return patch
    directive = patch.get("$patch")
    if directive == "replace":
        return {key: one for key, one in patch.items() if key != "$patch"}
    if directive == "delete":
        return {}
    result = copied(value) if isinstance(value, dict) else {}
    if "$retainKeys" in patch:
        result = {key: one for key, one in result.items() if key in patch["$retainKeys"]}
    for key, one in patch.items():
        _merge_field(result, key, one, wanted)
    for key, order in patch.items():
        if key.startswith(_ORDER):
            _in_order(result, key.removeprefix(_ORDER), order, wanted)
    return result


def _merge_field(result: Object, key: str, one: Any, wanted: Schema) -> None:
    if key.startswith(_PRIMITIVES):
        name = key.removeprefix(_PRIMITIVES)
        result[name] = [left for left in result.get(name) or [] if left not in one]
    elif key.startswith("$"):
        return
    elif one is None:
        result.pop(key, None)
    elif isinstance(one, dict):
        result[key] = strategic(result.get(key), one, schema.field(wanted, key))
    elif isinstance(one, list):
        result[key] = _merge_list(result.get(key) or [], one, schema.field(wanted, key))
    else:
        result[key] = one


def _merge_list(there: list[Any], patch: list[Any], wanted: Schema) -> list[Any]:
    plain = [one for one in patch if not (isinstance(one, dict) and "$patch" in one)]
    strategy = wanted.get("x-kubernetes-patch-strategy", "")
    replaces = any(isinstance(one, dict) and one.get("$patch") == "replace" for one in patch)
    if "merge" not in strategy or replaces:
        return plain
    key = wanted.get("x-kubernetes-patch-merge-key")
    if not key:
        return there + [one for one in patch if one not in there]
    result = list(there)
    for one in patch:
        if not isinstance(one, dict) or key not in one:
            raise bad_request(f"map: {one} does not contain declared merge key: {key}")
        place = next((n for n, old in enumerate(result) if old.get(key) == one[key]), None)
        if one.get("$patch") == "delete":
            if place is not None:
                result.pop(place)
        elif place is None:
            result.append(strategic({}, one, schema.items(wanted)))
        else:
            result[place] = strategic(result[place], one, schema.items(wanted))
    return result


def _in_order(result: Object, name: str, order: list[Any], wanted: Schema) -> None:
    """Put a list in the order that the patch names; what it does not name stays behind it."""
    values = result.get(name)
    if not isinstance(values, list):
        return
    key = schema.field(wanted, name).get("x-kubernetes-patch-merge-key")

    def identity(one: Any) -> Any:
        return one.get(key) if key and isinstance(one, dict) else one

    named = [identity(one) for one in order]
    places = {id(one): len(named) for one in values}
    for one in values:
        if identity(one) in named:
            places[id(one)] = named.index(identity(one))
    result[name] = sorted(values, key=lambda one: places[id(one)])
