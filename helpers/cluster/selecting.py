"""Label and field selectors as they stand in a request: `app=web,tier!=db,track in (a, b)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .errors import bad_request
from .meta import Object, labels_of

Test = Callable[[Object], bool]
_SET = re.compile(r"(\S+)\s+(in|notin)\s+\(([^)]*)\)")
_FIELDS = re.compile(  # those that Kubernetes has of the kinds that are served
    r"metadata\.(name|namespace)|status\.(phase|podIP|nominatedNodeName|successful|replicas)"
    r"|spec\.(nodeName|restartPolicy|schedulerName|serviceAccountName|hostNetwork|unschedulable"
    r"|type|clusterIP)|type|reason|reportingComponent|source|involvedObject\.\w+"
)
_KEY = re.compile(r"[\w./-]+")


def selector(query: Mapping[str, str]) -> Test:
    """The test that a request's labelSelector and fieldSelector make.

    Raises ApiError BadRequest for a selector that cannot be read.
    """
    labels = [_label(part) for part in _parts(query.get("labelSelector", ""))]
    fields = [_field(part) for part in _parts(query.get("fieldSelector", ""))]
    return lambda obj: (
        all(test(labels_of(obj)) for test in labels) and all(test(obj) for test in fields)
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r",(?![^(]*\))", text) if part.strip()]


def _label(part: str) -> Callable[[dict[str, str]], bool]:
    if found := _SET.fullmatch(part):
        key, values = found[1], {value.strip() for value in found[3].split(",")}
        wanted = found[2] == "in"
        return lambda labels: (labels.get(key) in values) == wanted
    for sign, wanted in (("!=", False), ("==", True), ("=", True)):
        if sign in part:
            key, value = (side.strip() for side in part.split(sign, 1))
            return lambda labels: (labels.get(key) == value) == wanted
    name = part.lstrip("!")
    if not _KEY.fullmatch(name):
        raise bad_request(f"unable to parse requirement: {part!r} is no label selector")
    return lambda labels: (name in labels) == (not part.startswith("!"))


def _field(part: str) -> Test:
    negated = "!=" in part
    path, sign, value = part.replace("!=", "=").replace("==", "=").partition("=")
    if not sign:
        raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")

    if not _FIELDS.fullmatch(path):
        raise bad_request(f"field label not supported: {path}")

    def test(obj: Object) -> bool:
        found = obj
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return ((found or "") == value) != negated

    return test
