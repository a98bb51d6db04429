"""Rules for a LabelSelector."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .metadata import labels, qualified
from .wording import forbidden, missing, wrong


def label_selector(selector: Object, path: str) -> Iterator[Cause]:
    """What is wrong with a selector at `path`."""
    yield from labels(selector.get("matchLabels") or {}, f"{path}.matchLabels")
    for place, one in enumerate(selector.get("matchExpressions") or []):
        yield from _expression(one, f"{path}.matchExpressions[{place}]")


def _expression(one: Object, path: str) -> Iterator[Cause]:
    operator, values = one.get("operator"), one.get("values")
    if operator in ("In", "NotIn"):
        if not values:
            words = "must be specified when `operator` is 'In' or 'NotIn'"
            yield missing(f"{path}.values", words)
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            words = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield forbidden(f"{path}.values", words)
    else:
        yield wrong(f"{path}.operator", operator, "not a valid selector operator")
    yield from qualified(one.get("key") or "", f"{path}.key")
