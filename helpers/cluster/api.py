"""The API server: who asks, for what, and which part answers."""

from __future__ import annotations

import hmac
import logging
import sys
from typing import TYPE_CHECKING

from aiohttp import web

from . import discovery, metrics, openapi, reviews, schema, streaming
from .answers import ok, refused
from .asked import wants_table
from .errors import ApiError
from .flags import flag
from .handlers import Verbs
from .kubelet import node
from .resources import NODES
from .scale import scale
from .store import Store
from .target import target
from .times import stamp
from .watch import Watch

if TYPE_CHECKING:
    from .kubelet import Kubelet

LARGEST = 3 * 2**20  # bytes of a request, as in Kubernetes
_OPEN = ("/healthz", "/readyz", "/livez", "/version")
_CODES = {413: "RequestEntityTooLarge", 404: "NotFound", 405: "MethodNotAllowed"}
log = logging.getLogger("cluster")


class Api:
    """The API over a store. token: who does not bear it is turned away."""

    def __init__(self, store: Store, kubelet: Kubelet | None, token: str) -> None:
        self._store, self._kubelet, self._token = store, kubelet, token
        self._verbs = Verbs(store)

    def application(self) -> web.Application:
        """The web application."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._route(request)
        except ApiError as error:
            return refused(error)
        except web.HTTPException as error:
            reason = _CODES.get(error.status, "BadRequest")
            return refused(ApiError(error.status, reason, error.reason))
        except ConnectionError:
            raise
        except Exception as error:
            log.exception("%s %s", request.method, request.path)
            words = f"Internal error occurred: {error!r}"
            return refused(ApiError(500, "InternalError", words))

    async def _route(self, request: web.Request) -> web.StreamResponse:
        path = request.path.rstrip("/") or "/"
        if path in _OPEN:
            return ok(_version()) if path == "/version" else web.Response(text="ok")
        self._require_token(request)
        segments = path.strip("/").split("/")
        described = _described(request, path, segments)
        if described is not None:
            return described
        if path == node.LEASE:
            return ok(node.lease(self._store.get(NODES, None, node.NAME)))
        if segments[0] not in ("api", "apis") or len(segments) < 3:
            raise ApiError(404, "NotFound", "the server could not find the requested resource")
        group = "" if segments[0] == "api" else segments[1]
        if group in discovery.REVIEWS:
            return ok(await reviews.answer(request), 201)
        if group == metrics.GROUP:
            return metrics.answer(request, self._store, self._kubelet, segments[3:])
        return await self._serve(request, segments)

    async def _serve(self, request: web.Request, segments: list[str]) -> web.StreamResponse:
        to, method = target(segments), request.method
        if to.subresource == "log":
            return await streaming.log(request, self._store, self._kubelet, to)
        if to.subresource == "exec":
            return await streaming.execute(request, self._store, self._kubelet, to)
        if to.subresource == "scale" and method in ("GET", "PUT", "PATCH"):
            return await scale(request, self._store, to)
        if method == "GET":
            if not to.name and flag(request.query.get("watch")):
                as_table = wants_table(request)
                watch = Watch(self._store, to.resource, to.namespace, request.query, as_table)
                return await watch.serve(request)
            return self._verbs.read(request, to)
        verbs = {
            "POST": self._verbs.create,
            "PUT": self._verbs.replace,
            "PATCH": self._verbs.patch,
            "DELETE": self._verbs.delete,
        }
        if method not in verbs:
            words = "the server does not allow this method on the requested resource"
            raise ApiError(405, "MethodNotAllowed", words)
        return await verbs[method](request, to)

    def _require_token(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise ApiError(401, "Unauthorized", "Unauthorized")


def _described(request: web.Request, path: str, segments: list[str]) -> web.Response | None:
    """Discovery and the description of the API; None for what is neither."""
    if path in ("/api", "/apis"):
        core = path == "/api"
        accepted = request.headers.get("Accept", "")
        if "as=APIGroupDiscoveryList" in accepted and "v=v2;" in f"{accepted};":
            return ok(discovery.aggregated(core), kind=discovery.AGGREGATED)
        versions = {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        return ok(versions if core else discovery.groups())
    if path == "/openapi/v2":
        return web.Response(body=openapi.V2, headers={"Content-Type": openapi.V2_TYPE})
    if path == "/openapi/v3":
        return ok(openapi.index())
    if path.startswith("/openapi/v3/"):
        document = openapi.document("/".join(segments[2:]))
        if document:
            return web.Response(body=document, headers={"Content-Type": "application/json"})
    return _described_group(segments)


def _described_group(segments: list[str]) -> web.Response | None:
    if segments[0] == "apis" and len(segments) == 2:
        for name, version in discovery.VERSIONS:
            if name and name == segments[1]:
                return ok(
                    {"kind": "APIGroup", "apiVersion": "v1", **discovery.group(name, version)}
                )
    at = {"api": ("", *segments[1:]), "apis": tuple(segments[1:])}.get(segments[0])
    if at in discovery.VERSIONS:
        return ok(discovery.resource_list(*at))
    return None


def _version() -> dict[str, str]:
    major, minor, _ = schema.version().lstrip("v").split(".")
    return {
        "major": major,
        "minor": minor,
        "gitVersion": f"{schema.version()}+two-loops",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": stamp(),
        "goVersion": "",
        "compiler": f"CPython {sys.version_info.major}.{sys.version_info.minor}",
        "platform": f"{sys.platform}/teaching",
    }
