"""Rules for names, labels and annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from ..resources import NAMESPACES, SERVICES, Resource
from .wording import (
    LABEL,
    LABEL_VALUE,
    NAME,
    QUALIFIED,
    RFC1035,
    RFC1123,
    SUBDOMAIN,
    missing,
    wrong,
)


def metadata(resource: Resource, meta: Object) -> Iterator[Cause]:
    """What is wrong with an object's name, labels and annotations."""
    name = meta.get("name")
    if name:
        yield from _name(resource, name)
    elif not meta.get("generateName"):
        yield missing("metadata.name", "name or generateName is required")
    yield from labels(meta.get("labels") or {}, "metadata.labels")
    yield from annotations(meta.get("annotations") or {}, "metadata.annotations")


def labels(given: dict[str, str], path: str) -> Iterator[Cause]:
    """What is wrong with labels at `path`, or with a selector that is written like labels."""
    for key, value in given.items():
        yield from qualified(key, path)
        if not re.fullmatch(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", value or ""):
            yield wrong(path, value, LABEL_VALUE)
        elif len(value or "") > 63:
            yield wrong(path, value, "must be no more than 63 characters")


def annotations(given: dict[str, str], path: str) -> Iterator[Cause]:
    """What is wrong with annotations at `path`; their values are free."""
    for key in given:
        yield from qualified(key, path)


def qualified(key: str, path: str) -> Iterator[Cause]:
    """What is wrong with a key such as app or example.com/app."""
    *prefix, name = key.rsplit("/", 1)
    if prefix and not re.fullmatch(NAME, prefix[0]):
        yield wrong(path, key, f"prefix part {SUBDOMAIN}")
    if not re.fullmatch(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]", name):
        yield wrong(path, key, QUALIFIED)
    elif len(name) > 63:
        yield wrong(path, key, "name part must be no more than 63 characters")


def _name(resource: Resource, name: str) -> Iterator[Cause]:
    pattern, longest, words = NAME, 253, SUBDOMAIN
    if resource is SERVICES:
        pattern, longest, words = r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, RFC1035
    elif resource is NAMESPACES:
        pattern, longest, words = LABEL, 63, RFC1123
    if not re.fullmatch(pattern, name):
        yield wrong("metadata.name", name, words)
    elif len(name) > longest:
        yield wrong("metadata.name", name, f"must be no more than {longest} characters")
