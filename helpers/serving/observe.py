"""Around every request: an id, the time it took, one line in the log, and the counters."""

from __future__ import annotations

import logging
import os
import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .problems import problem

log = logging.getLogger("checkout")
SAFE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observe:
    """ASGI middleware that sees every request, and answers 500 where the app fails."""

    def __init__(self, app: ASGIApp, metrics: Metrics, version: str) -> None:
        self._app, self._metrics = app, metrics
        self._version = (b"x-checkout-version", version.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever is not HTTP goes through as it is."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun = time.perf_counter()
        request_id = _request_id(scope)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                stamp = (b"x-request-id", request_id.encode())
                message["headers"] = [*message["headers"], stamp, self._version]
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, noting)
        except Exception:
            log.exception("the request failed", extra={"fields": {"request_id": request_id}})
            if status:
                raise
            answer = problem(500, f"Something went wrong here. Request {request_id}.")
            await answer(scope, receive, noting)
        finally:
            self._metrics.in_flight.dec()
            self._note(scope, request_id, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.answered(route, method, status, seconds)
        fields = {
            "request_id": request_id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 3),
        }
        # A 503 is meant: the service drains, or the ledger has said so in a line of its own.
        level = logging.ERROR if status == 500 else logging.INFO
        log.log(level, "request", extra={"fields": fields})


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is harmless in a log, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if SAFE_ID.fullmatch(given):
                return given
    return os.urandom(8).hex()
