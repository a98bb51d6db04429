"""Watch: a request that stays open and is told each change, in the order of their versions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from .errors import ApiError
from .flags import flag
from .meta import Object, namespace_of
from .resources import Resource
from .selecting import Test, selector
from .store import Change, Store
from .table import table

HOUR, BOOKMARK_EVERY = 3600.0, 30.0  # seconds
WAITING = 2000  # changes that a slow client may be behind before it is cut off
_ENDED = "k8s.io/initial-events-end"


class Watch:
    """One client's watch on a kind of object."""

    def __init__(
        self,
        store: Store,
        resource: Resource,
        namespace: str | None,
        query: Mapping[str, str],
        as_table: bool,
    ) -> None:
        self._store, self._resource, self._namespace = store, resource, namespace
        self._query, self._table = query, as_table
        self._matches: Test = selector(query)
        self._queue: asyncio.Queue[Change] = asyncio.Queue(WAITING)
        self._columns = True  # the first table alone says what its columns are

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer until the client goes or its time is up. Raises ApiError Expired before that."""
        begun, past = self._begin()
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        end = self._store.subscribe(self._hear)
        try:
            await response.prepare(request)
            for change in past:
                await self._tell(response, change)
            if flag(self._query.get("sendInitialEvents")):
                await self._write(response, "BOOKMARK", self._bookmark({_ENDED: "true"}))
            await self._follow(response, request, begun)
        except (ConnectionError, RuntimeError):
            pass  # the client has hung up
        finally:
            end()
        return response

    def _begin(self) -> tuple[int, list[Change]]:
        version = self._query.get("resourceVersion", "")
        if version in ("", "0") or flag(self._query.get("sendInitialEvents")):
            there = self._store.list(self._resource, self._namespace)
            now = self._store.version
            return now, [Change("ADDED", self._resource, one, None, now) for one in there]
        if not version.isdigit():
            raise ApiError(400, "BadRequest", f"invalid resource version: {version!r}")
        kept, start = self._store.changes, int(version)
        if len(kept) == kept.maxlen and start < kept[0].version - 1:
            raise ApiError(410, "Expired", f"too old resource version: {start} ({kept[0].version})")
        return self._store.version, [one for one in kept if one.version > start]

    def _hear(self, change: Change) -> None:
        if change.resource is self._resource and not self._queue.full():
            self._queue.put_nowait(change)

    async def _follow(self, response: web.StreamResponse, request: web.Request, begun: int) -> None:
        until = time.monotonic() + float(self._query.get("timeoutSeconds") or HOUR)
        marked = time.monotonic()
        while (left := until - time.monotonic()) > 0:
            if self._queue.full() or request.transport is None or request.transport.is_closing():
                return
            try:
                change = await asyncio.wait_for(self._queue.get(), min(5.0, left))
            except TimeoutError:
                if time.monotonic() - marked > BOOKMARK_EVERY:
                    marked = time.monotonic()
                    await self._mark(response)
                continue
            if change.version > begun:
                await self._tell(response, change)

    async def _mark(self, response: web.StreamResponse) -> None:
        if flag(self._query.get("allowWatchBookmarks")):
            await self._write(response, "BOOKMARK", self._bookmark())

    async def _tell(self, response: web.StreamResponse, change: Change) -> None:
        obj = change.object
        outside = self._namespace is not None and namespace_of(obj) != self._namespace
        if change.resource is not self._resource or outside:
            return
        is_in = self._matches(obj)
        was_in = change.old is not None and self._matches(change.old)
        kind = change.type
        # What comes to match is new to the watcher; what stops to match is gone for it.
        if kind == "MODIFIED" and is_in != was_in:
            kind = "ADDED" if is_in else "DELETED"
        if is_in or was_in:
            await self._write(response, kind, obj)

    async def _write(self, response: web.StreamResponse, kind: str, obj: Object) -> None:
        shown: Any = obj
        if self._table:
            shown = self._as_table(kind, obj)
        await response.write(json.dumps({"type": kind, "object": shown}).encode() + b"\n")

    def _as_table(self, kind: str, obj: Object) -> Object:
        version = obj["metadata"]["resourceVersion"]
        if kind == "BOOKMARK":
            made = table(self._resource, [], version, columns=False)
            return made | {"rows": [{"cells": [], "object": obj}]}
        include = self._query.get("includeObject", "Metadata")
        made = table(self._resource, [obj], version, include, self._columns)
        self._columns = False
        return made

    def _bookmark(self, annotations: dict[str, str] | None = None) -> Object:
        meta: Object = {"resourceVersion": str(self._store.version), "creationTimestamp": None}
        if annotations:
            meta["annotations"] = annotations
        return {
            "kind": self._resource.kind,
            "apiVersion": self._resource.api_version,
            "metadata": meta,
        }
