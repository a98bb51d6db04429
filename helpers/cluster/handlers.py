"""What each verb does: get, list, create, replace, patch and delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from . import apply, schema
from .answers import ok, success
from .asked import body_of, is_dry, is_strict, is_warned, manager_of, options_of, wants_table
from .decoding import as_object, parse
from .errors import ApiError, bad_request, not_found
from .flags import flag
from .meta import Object, name_of, namespace_of, uid_of
from .no_effect import no_effect
from .patch import APPLY, TYPES, patched
from .resources import NAMESPACES
from .selecting import selector
from .store import Store
from .table import table
from .target import Target


class Verbs:
    """The API's verbs on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, request: web.Request, to: Target) -> web.Response:
        """One object, or the list of those that the selectors let through."""
        if to.name:
            return self._shown(request, to, self._store.get(to.resource, to.namespace, to.name))
        found = self._selected(request.query, to)
        version = str(self._store.version)
        if wants_table(request):
            include = request.query.get("includeObject", "Metadata")
            return ok(table(to.resource, found, version, include))
        head = {"kind": f"{to.resource.kind}List", "apiVersion": to.resource.api_version}
        return ok(head | {"metadata": {"resourceVersion": version}, "items": found})

    async def create(self, request: web.Request, to: Target) -> web.Response:
        """A new object."""
        if to.name:
            raise ApiError(405, "MethodNotAllowed", "POST is for the address without a name")
        obj, warnings = await self._sent(request, to)
        made = self._store.create(to.resource, obj, manager_of(request), is_dry(request))
        return self._shown(request, to, made, 201, warnings, no_effect(to.resource, obj))

    async def replace(self, request: web.Request, to: Target) -> web.Response:
        """An object in place of the one of its name."""
        obj, warnings = await self._sent(request, to)
        obj["metadata"].setdefault("name", to.name)
        _require_same("name", name_of(obj), to.name)
        made = self._store.update(
            to.resource, obj, manager_of(request), to.subresource, is_dry(request)
        )
        return self._shown(request, to, made, 200, warnings)

    async def patch(self, request: web.Request, to: Target) -> web.Response:
        """A change of an object, in one of four forms."""
        kind = request.content_type
        if kind not in TYPES:
            raise ApiError(
                415, "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                + ", ".join(TYPES),
            )  # fmt: skip
        if not to.name:
            raise ApiError(405, "MethodNotAllowed", "PATCH needs a name")
        sent = parse(await request.read(), kind)
        if kind == APPLY:
            return self._apply(request, to, sent)
        live = self._store.get(to.resource, to.namespace, to.name)
        made = patched(live, sent, kind, schema.of(to.resource))
        obj, warnings = as_object(to.resource, made, is_strict(request))
        for key in ("name", "namespace"):
            _require_same(key, obj.get("metadata", {}).get(key), live["metadata"].get(key))
        made = self._store.update(
            to.resource, obj, manager_of(request), to.subresource, is_dry(request)
        )
        return self._shown(request, to, made, 200, warnings)

    def _apply(self, request: web.Request, to: Target, sent: Any) -> web.Response:
        obj, warnings = as_object(to.resource, sent, is_strict(request))
        meta = obj.setdefault("metadata", {})
        meta |= {"name": to.name} | ({"namespace": to.namespace} if to.namespace else {})
        if meta.pop("managedFields", None):
            raise bad_request("metadata.managedFields must be nil")
        manager, dry = request.query.get("fieldManager", ""), is_dry(request)
        if not manager:
            raise bad_request("fieldManager is required for apply patch")
        live = self._store.find(to.resource, to.namespace, to.name or "")
        if live is None:
            self._require_namespace(to)
            new = apply.new_object(to.resource, obj, manager)
            made = self._store.create(to.resource, new, "", dry)
            return self._shown(request, to, made, 201, warnings, no_effect(to.resource, obj))
        force = flag(request.query.get("force"))
        new = apply.applied(to.resource, live, obj, manager, force, to.subresource)
        new["metadata"].pop("resourceVersion", None)
        made = self._store.update(to.resource, new, "", to.subresource, dry, tracked=False)
        return self._shown(request, to, made, 200, warnings)

    async def delete(self, request: web.Request, to: Target) -> web.Response:
        """One object, or all that the selectors let through."""
        options = await options_of(request)
        dry = is_dry(request) or "All" in options.get("dryRun", [])
        grace, how = options.get("gracePeriodSeconds"), options.get("propagationPolicy")
        if how not in (None, "Background", "Foreground", "Orphan"):
            raise bad_request(f"propagationPolicy is Background, Foreground or Orphan, not {how}")
        if not to.name:
            for one in self._selected(request.query, to):
                if not dry:
                    self._store.delete(to.resource, namespace_of(one), name_of(one), grace, how)
            return ok(success())
        there = self._store.get(to.resource, to.namespace, to.name)
        wanted = (options.get("preconditions") or {}).get("uid")
        if wanted and wanted != uid_of(there):
            raise ApiError(
                409, "Conflict",
                f"Precondition failed: UID in precondition: {wanted}, UID in object meta: "
                f"{uid_of(there)}",
            )  # fmt: skip
        if dry:
            return self._shown(request, to, there)
        gone = self._store.delete(to.resource, to.namespace, to.name, grace, how)
        if self._store.find(to.resource, to.namespace, to.name) is None:
            return ok(success(to, uid_of(gone)))
        return self._shown(request, to, gone)

    def _selected(self, query: Mapping[str, str], to: Target) -> list[Object]:
        test = selector(query)
        found = [one for one in self._store.list(to.resource, to.namespace) if test(one)]
        return sorted(found, key=lambda one: (namespace_of(one) or "", name_of(one)))

    async def _sent(self, request: web.Request, to: Target) -> tuple[Object, list[str]]:
        obj, warnings = as_object(to.resource, await body_of(request), is_strict(request))
        meta = obj.setdefault("metadata", {})
        if to.resource.namespaced:
            if meta.get("namespace") not in (None, "", to.namespace):
                raise bad_request(
                    "the namespace of the provided object does not match the namespace sent on "
                    "the request"
                )
            meta["namespace"] = to.namespace
            self._require_namespace(to)
        return obj, warnings

    def _require_namespace(self, to: Target) -> None:
        if not to.resource.namespaced:
            return
        there = self._store.find(NAMESPACES, None, to.namespace or "")
        if there is None:
            raise not_found(NAMESPACES, to.namespace or "")
        if "deletionTimestamp" in there["metadata"]:
            raise ApiError(
                403, "Forbidden",
                f"unable to create new content in namespace {to.namespace} because it is being "
                "terminated",
            )  # fmt: skip

    def _shown(
        self,
        request: web.Request,
        to: Target,
        obj: Object,
        code: int = 200,
        warnings: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> web.Response:
        """The answer. warnings: for who asks for them; notes: for everybody."""
        shown: Any = obj
        if wants_table(request):
            version = obj["metadata"].get("resourceVersion", "")
            shown = table(
                to.resource, [obj], version, request.query.get("includeObject", "Metadata")
            )
        return ok(shown, code, [*(warnings if is_warned(request) else ()), *notes])


def _require_same(key: str, sent: str | None, there: str | None) -> None:
    if sent != there:
        raise bad_request(
            f"the {key} of the object ({sent}) does not match the {key} on the URL ({there})"
        )
