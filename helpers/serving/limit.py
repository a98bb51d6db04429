"""What a body must be before anybody reads it: JSON, and of bounded size."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: refuses a body that is not JSON (415) or above `limit` bytes (413).

    It acts when a route asks for the body, so a route without one is not held up. It counts
    what comes in, since a chunked body does not say its length beforehand.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with a counted body."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            if not size:
                self._refuse(dict(scope["headers"]))
            message = await receive()
            size += len(message.get("body", b"")) + 1
            if size > self._limit + 1:
                raise self._too_large()
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)

    def _refuse(self, headers: dict[bytes, bytes]) -> None:
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json":
            raise HTTPException(415, "Send JSON, with Content-Type: application/json.")
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._limit:
            raise self._too_large()

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"A body has at most {self._limit} bytes.")
