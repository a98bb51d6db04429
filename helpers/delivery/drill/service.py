"""The checkout service with a switch for faults, and with figures of its own process.

`python -m helpers.delivery.drill.service PORT SWITCH`: SWITCH is a file that holds the name of
the fault that is on, or nothing. The service itself is not touched: a decider and a middleware
stand around it. It can share its port, so that a new version takes over without a gap.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
from fastapi import FastAPI
from prometheus_client import Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from helpers.serving.__main__ import Server
from helpers.serving.app import create_app
from helpers.serving.decisions import Decision, Purchase
from helpers.serving.logs import log_to_stdout
from helpers.serving.metrics import Metrics
from helpers.serving.problems import problem
from helpers.serving.settings import Settings

from .names import BAD_RELEASE, SERVING, SLOW_TILL

CHECK_SECONDS, TILL_SECONDS = 0.3, 0.9
RECEIPT_BYTES, MOST_RECEIPTS = 150_000, 2000  # at most 300 MB
log = logging.getLogger("checkout")


class Faults:
    """What can go wrong with a payment, each behind the switch."""

    def __init__(self, switch: Path, version: str) -> None:
        self._switch, self._version = switch, version
        self._receipts: list[bytes] = []
        self._taken = 0

    def on(self) -> str:
        """The fault that is switched on, or an empty text."""
        try:
            return self._switch.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    async def decide(self, purchase: Purchase) -> Decision:
        """Approve, after whatever the fault does."""
        fault, self._taken = self.on(), self._taken + 1
        if fault == "slow-check":
            await asyncio.sleep(CHECK_SECONDS)
        if fault == "slow-till" and purchase.terminal_id == SLOW_TILL:
            await asyncio.sleep(TILL_SECONDS)
        if fault == "memory-leak" and len(self._receipts) < MOST_RECEIPTS:
            self._receipts.append(os.urandom(RECEIPT_BYTES))
        if fault == "crash-loop" and self._taken % 15 == 0:
            log.critical("loyalty points: no room for the ranking, the process ends")
            os._exit(70)
        if self._version == BAD_RELEASE and purchase.customer_id % 5 == 0:
            loyalty: dict[int, int] = {}
            loyalty[purchase.customer_id]  # the bug of the release: not every customer has points
        return Decision("approve", "no fraud check is installed")


class MetricsPage:
    """ASGI middleware: while the fault is on, the page of metrics does not answer as it should."""

    def __init__(self, app: ASGIApp, fault: Callable[[], str]) -> None:
        self._app, self._fault = app, fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope.get("path") == "/metrics" and self._fault() == "silent-metrics":
            return await problem(403, "Metrics are closed.")(scope, receive, send)
        await self._app(scope, receive, send)


class Announced(Server):
    """The service's own server, which says in the log when it takes requests."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        log.info(SERVING)


def build(settings: Settings, switch: Path) -> FastAPI:
    """The checkout service with the switch and two gauges of its process."""
    metrics = Metrics(settings.version)
    process = psutil.Process()
    memory = Gauge(
        "process_resident_memory_bytes", "Memory of the process.", registry=metrics.registry
    )
    memory.set_function(lambda: process.memory_info().rss)
    Gauge("process_start_time_seconds", "When the process began.", registry=metrics.registry).set(
        process.create_time()
    )
    faults = Faults(switch, settings.version)
    app = create_app(settings, faults.decide, metrics)
    app.add_middleware(MetricsPage, fault=faults.on)
    return app


def listening(host: str, port: int) -> socket.socket:
    """A socket there, shared with another process of ours where the system can do that."""
    ours = socket.socket()
    if hasattr(socket, "SO_REUSEPORT"):
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ours.bind((host, port))
    return ours


def main() -> int:
    """Serve until a signal comes."""
    port, switch = int(sys.argv[1]), Path(sys.argv[2])
    settings = Settings(port=port)
    log_to_stdout(settings.log_level, settings.version)
    app = build(settings, switch)
    Announced(app, settings).run(sockets=[listening(settings.host, port)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
