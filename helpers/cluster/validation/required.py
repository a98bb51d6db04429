"""Fields that the schema says have to be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import schema
from ..errors import Cause
from ..schema import Schema
from .wording import missing


def required(value: Any, wanted: Schema, path: str) -> Iterator[Cause]:
    """Fields that the schema wants and that are not there."""
    wanted = schema.resolved(wanted)
    if isinstance(value, dict):
        for name in wanted.get("required", []):
            if value.get(name) is None:
                yield missing(f"{path}.{name}" if path else name)
        for name, one in value.items():
            if name in wanted.get("properties", {}) and name != "status":
                there = f"{path}.{name}" if path else name
                yield from required(one, wanted["properties"][name], there)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from required(one, schema.items(wanted), f"{path}[{place}]")
