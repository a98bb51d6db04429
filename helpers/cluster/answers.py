"""Answers in the API's form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from .errors import ApiError
from .meta import Object
from .target import Target


def ok(
    value: Any, code: int = 200, warnings: Sequence[str] | None = None, kind: str = ""
) -> web.Response:
    """A JSON answer; kubectl prints each warning."""
    answer = web.Response(body=json.dumps(value).encode(), status=code)
    answer.headers["Content-Type"] = kind or "application/json"
    for one in warnings or ():
        quoted = one.replace("\\", "\\\\").replace('"', '\\"')
        answer.headers.add("Warning", f'299 - "{quoted}"')
    return answer


def refused(error: ApiError) -> web.Response:
    """The answer to a request that is refused."""
    # kubectl hides some refusals behind words of its own, a warning never.
    warnings = [error.message] if error.code == 501 else ()
    return ok(error.status(), error.code, warnings)


def success(to: Target | None = None, uid: str = "") -> Object:
    """The Status of what is done."""
    done: Object = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
    if to:
        done["details"] = {
            "name": to.name,
            "group": to.resource.group,
            "kind": to.resource.plural,
            "uid": uid,
        }
    return done
