"""What a request asks for beside its address: its body, its options, who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from . import codec
from .decoding import parse
from .errors import bad_request


async def body_of(request: web.Request) -> Any:
    """What a request carries, from JSON, YAML or protobuf."""
    body = await request.read()
    if "protobuf" in request.content_type:
        return codec.decode(body)
    return parse(body, request.content_type)


async def options_of(request: web.Request) -> Mapping[str, Any]:
    """How a deletion is to go, from the body and the address."""
    sent = await body_of(request) if request.can_read_body else {}
    if not isinstance(sent, dict):
        raise bad_request("DeleteOptions is a JSON object")
    query = {key: request.query[key] for key in ("propagationPolicy",) if key in request.query}
    if request.query.get("gracePeriodSeconds", "").isdigit():
        sent["gracePeriodSeconds"] = int(request.query["gracePeriodSeconds"])
    return {**query, **sent}


def wants_table(request: web.Request) -> bool:
    """Whether the client wants to be given columns."""
    return "as=Table" in request.headers.get("Accept", "")


def is_dry(request: web.Request) -> bool:
    """Whether nothing is to be changed."""
    return request.query.get("dryRun") == "All"


def is_strict(request: web.Request) -> bool:
    """Whether an unknown field is an error."""
    return request.query.get("fieldValidation") == "Strict"


def is_warned(request: web.Request) -> bool:
    """Whether an unknown field is worth a warning."""
    return request.query.get("fieldValidation", "Warn") == "Warn"


def manager_of(request: web.Request) -> str:
    """Who makes the change: the field manager, or else the program's name."""
    agent = request.headers.get("User-Agent", "unknown").partition("/")[0]
    return request.query.get("fieldManager") or agent
