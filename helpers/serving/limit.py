"""A limit on the size of a request's body, so that nobody fills the memory."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: a body above `limit` bytes is refused with 413 as soon as that shows.

    It counts what comes in, too, since a chunked body does not say its length beforehand.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with a counted body."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit or _announced(scope) > self._limit:
                raise HTTPException(413, f"A body has at most {self._limit} bytes.")
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)


def _announced(scope: Scope) -> int:
    length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
    return int(length) if length.isdigit() else 0
