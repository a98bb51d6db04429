"""Rules for a pod as a whole; those for its containers are in `containers.py`."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Cause
from ..meta import Object
from .containers import container
from .volumes import volumes
from .wording import duplicate, missing, unsupported, wrong

RESTARTS = ("Always", "OnFailure", "Never")
_LONGEST = 2**31 - 1


def pod_spec(
    spec: Object | None, path: str, restarts: tuple[str, ...] = RESTARTS
) -> Iterator[Cause]:
    """What is wrong with a pod's spec at `path`."""
    spec = spec or {}
    known: set[str] = set()
    yield from volumes(spec.get("volumes") or [], f"{path}.volumes", known)
    if not spec.get("containers"):
        yield missing(f"{path}.containers")
    names: set[str] = set()
    for kind in ("containers", "initContainers"):
        for place, one in enumerate(spec.get(kind) or []):
            there = f"{path}.{kind}[{place}]"
            if one.get("name") in names:
                yield duplicate(f"{there}.name", one["name"])
            names.add(one.get("name"))
            yield from container(one, there, known)
    policy = spec.get("restartPolicy")
    if policy is not None and policy not in restarts:
        yield unsupported(f"{path}.restartPolicy", policy, *restarts)
    seconds = spec.get("activeDeadlineSeconds")
    if isinstance(seconds, int) and not 1 <= seconds <= _LONGEST:
        words = f"must be between 1 and {_LONGEST}, inclusive"
        yield wrong(f"{path}.activeDeadlineSeconds", seconds, words)
