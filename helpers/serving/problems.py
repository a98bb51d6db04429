"""Errors in one form: RFC 9457, "Problem Details for HTTP APIs".

What the till sent is never repeated in an error: it may be a card, a NaN, or half a character.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from .ledger import LedgerUnavailable


class Fault(BaseModel):
    """One thing that is wrong in a request: where, and what was expected."""

    where: str
    message: str


class Problem(BaseModel):
    """Why a request was refused."""

    title: str
    status: int
    detail: str
    errors: list[Fault] = []


SCHEMA = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
FAULT = SCHEMA.pop("$defs")["Fault"]
SCHEMA["properties"]["errors"]["items"] = FAULT


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of these error statuses."""
    content = {"application/problem+json": {"schema": SCHEMA}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def problem(
    status: int, detail: str, faults: list[Fault] | None = None, headers: Mapping | None = None
) -> Response:
    """An answer that says what is wrong."""
    body = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [fault.model_dump() for fault in faults or []],
    }
    # ASCII alone, since a name that came with the request may not be valid Unicode.
    content = json.dumps(body, ensure_ascii=True).encode("ascii")
    return Response(content, status, headers, media_type="application/problem+json")


def answer_problems(app: FastAPI) -> None:
    """Make every error of this app a problem."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault.model_construct(where=".".join(map(str, one["loc"]))[:200], message=one["msg"])
            for one in error.errors()[:20]
        ]
        if any(one["type"] == "json_invalid" for one in error.errors()):
            return problem(400, "The body is not JSON.", faults)
        return problem(422, "The request does not have the expected form.", faults)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(LedgerUnavailable)
    async def later(request: Request, error: LedgerUnavailable) -> Response:
        logging.getLogger("checkout").error(str(error))
        detail = "The ledger cannot be used now. Nothing was charged; ask again, same key."
        return problem(503, detail, headers={"Retry-After": "1"})
