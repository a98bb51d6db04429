"""Rules for what a ConfigMap or a Secret holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .wording import CONFIG_KEY, wrong


def data(obj: Object) -> Iterator[Cause]:
    """What is wrong with the keys."""
    for field in ("data", "binaryData"):
        for key in obj.get(field) or {}:
            path = f"{field}[{key}]"
            if not re.fullmatch(r"[-._a-zA-Z0-9]+", key):
                yield wrong(path, key, CONFIG_KEY)
            if field == "data" and key in (obj.get("binaryData") or {}):
                yield wrong(path, key, "duplicate of key present in binaryData")
