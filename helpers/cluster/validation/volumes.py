"""Rules for a pod's volumes and for where containers mount them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .wording import LABEL, RFC1123, duplicate, forbidden, missing, not_found, wrong

KINDS = ("emptyDir", "secret", "configMap")
_NAMES = {"configMap": "name", "secret": "secretName"}


def volumes(given: list[Object], path: str, known: set[str]) -> Iterator[Cause]:
    """What is wrong with volumes at `path`; the names of the sound ones go into `known`."""
    for place, one in enumerate(given):
        found = list(_volume(one, f"{path}[{place}]", known))
        yield from found
        if not found:
            known.add(one["name"])


def _volume(one: Object, path: str, known: set[str]) -> Iterator[Cause]:
    name = one.get("name")
    kinds = sorted(
        (key for key in one if key != "name" and one[key] is not None),
        key=lambda kind: KINDS.index(kind) if kind in KINDS else len(KINDS),
    )
    if not kinds:
        yield missing(path, "must specify a volume type")
    for place, kind in enumerate(kinds):
        if place:
            yield forbidden(f"{path}.{kind}", "may not specify more than 1 volume type")
        elif kind not in KINDS:
            words = f"this teaching server has volumes of {', '.join(KINDS)}"
            yield forbidden(f"{path}.{kind}", words)
        elif kind in _NAMES and not one[kind].get(_NAMES[kind]):
            yield missing(f"{path}.{kind}.{_NAMES[kind]}")
    if not name:
        yield missing(f"{path}.name")
    elif not re.fullmatch(LABEL, name):
        yield wrong(f"{path}.name", name, RFC1123)
    elif name in known:
        yield duplicate(f"{path}.name", name)


def mounts(given: list[Object], path: str, known: set[str]) -> Iterator[Cause]:
    """What is wrong with a container's mounts; `known` names the volumes there are."""
    places: set[str] = set()
    for place, one in enumerate(given):
        there, where = f"{path}[{place}]", one.get("mountPath")
        if not one.get("name"):
            yield missing(f"{there}.name")
        elif one["name"] not in known:
            yield not_found(f"{there}.name", one["name"])
        if not where:
            yield missing(f"{there}.mountPath")
        elif where in places:
            yield wrong(f"{there}.mountPath", where, "must be unique")
        places.add(where or "")
