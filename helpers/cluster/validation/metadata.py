"""Rules for names and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from ..resources import SERVICES, Resource
from .wording import LABEL_VALUE, NAME, RFC1035, SUBDOMAIN, missing, wrong


def metadata(resource: Resource, meta: Object) -> Iterator[Cause]:
    """What is wrong with an object's name and labels."""
    name = meta.get("name")
    if not name:
        if not meta.get("generateName"):
            yield missing("metadata.name", "name or generateName is required")
    elif resource is SERVICES:
        if not re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name):
            yield wrong("metadata.name", name, RFC1035)
    elif not re.fullmatch(NAME, name) or len(name) > 253:
        yield wrong("metadata.name", name, SUBDOMAIN)
    for value in (meta.get("labels") or {}).values():
        if not re.fullmatch(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?", value or ""):
            yield wrong("metadata.labels", value, LABEL_VALUE)
