"""Rules for what is asked of a container: probes, and hooks at its start and end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import Cause
from ..meta import Object
from .wording import AT_LEAST_0, forbidden, missing, port_name, port_number, unsupported, wrong

_COUNTS = (
    "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold",
    "failureThreshold",
)  # fmt: skip


def lifecycle(given: Object, path: str) -> Iterator[Cause]:
    """What is wrong with the hooks at `path`."""
    for name in ("postStart", "preStop"):
        if given.get(name) is not None:
            yield from _handler(given[name], f"{path}.{name}")


def probe(given: Object, path: str, kind: str) -> Iterator[Cause]:
    """What is wrong with a probe at `path`. kind: readinessProbe, livenessProbe or startupProbe."""
    yield from _handler(given, path)
    for name in _COUNTS:
        if isinstance(given.get(name), int) and given[name] < 0:
            yield wrong(f"{path}.{name}", given[name], AT_LEAST_0)
    if kind != "readinessProbe" and given.get("successThreshold", 1) not in (0, 1):
        yield wrong(f"{path}.successThreshold", given["successThreshold"], "must be 1")


def _handler(given: Object, path: str) -> Iterator[Cause]:
    asks = {"exec": _exec, "httpGet": _http, "tcpSocket": _tcp, "grpc": _grpc, "sleep": _sleep}
    kinds = [kind for kind in asks if given.get(kind) is not None]
    if not kinds:
        yield missing(path, "must specify a handler type")
    for place, kind in enumerate(kinds):
        if place:
            yield forbidden(f"{path}.{kind}", "may not specify more than 1 handler type")
        else:
            yield from asks[kind](given[kind], f"{path}.{kind}")


def _exec(given: Object, path: str) -> Iterator[Cause]:
    if not given.get("command"):
        yield missing(f"{path}.command")


def _http(given: Object, path: str) -> Iterator[Cause]:
    if not given.get("path"):
        yield missing(f"{path}.path")
    yield from _port(given.get("port"), f"{path}.port")
    scheme = given.get("scheme", "HTTP")
    if scheme not in ("HTTP", "HTTPS"):
        yield unsupported(f"{path}.scheme", scheme, "HTTP", "HTTPS")


def _tcp(given: Object, path: str) -> Iterator[Cause]:
    yield from _port(given.get("port"), f"{path}.port")


def _grpc(given: Object, path: str) -> Iterator[Cause]:
    yield forbidden(path, "this teaching server supports httpGet, tcpSocket and exec")


def _sleep(given: Object, path: str) -> Iterator[Cause]:
    return iter(())


def _port(port: Any, path: str) -> Iterator[Cause]:
    yield from port_name(path, port) if isinstance(port, str) else port_number(path, port)
