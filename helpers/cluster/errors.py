"""Refusals, worded and numbered as Kubernetes does: each becomes a `Status` object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .resources import Resource


@dataclass(frozen=True)
class Cause:
    """One fault of an object: the field's path, the kind of fault, and the words."""

    field: str
    reason: str
    message: str


class ApiError(Exception):
    """A request that is refused. code: HTTP's; reason: Kubernetes' word for it."""

    def __init__(self, code: int, reason: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code, self.reason, self.message, self.details = code, reason, message, details

    def status(self) -> dict[str, Any]:
        """The refusal as the API's `Status` object."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": {key: value for key, value in self.details.items() if value},
            "code": self.code,
        }


def _details(resource: Resource, name: str) -> dict[str, str]:
    return {"name": name, "group": resource.group, "kind": resource.plural}


def not_found(resource: Resource, name: str) -> ApiError:
    """There is no object of this name."""
    words = f'{resource.full} "{name}" not found'
    return ApiError(404, "NotFound", words, **_details(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    """There is an object of this name already."""
    words = f'{resource.full} "{name}" already exists'
    return ApiError(409, "AlreadyExists", words, **_details(resource, name))


def conflict(resource: Resource, name: str, why: str = "") -> ApiError:
    """The object is not the one that the caller has read."""
    why = why or (
        "the object has been modified; please apply your changes to the latest version and "
        "try again"
    )
    words = f'Operation cannot be fulfilled on {resource.full} "{name}": {why}'
    return ApiError(409, "Conflict", words, **_details(resource, name))


def invalid(resource: Resource, name: str, causes: Sequence[Cause]) -> ApiError:
    """The object breaks rules; all of them are told at once."""
    told = [f"{one.field}: {one.message}" for one in causes]
    words = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    listed = [{"reason": one.reason, "message": one.message, "field": one.field} for one in causes]
    return ApiError(
        422, "Invalid", f'{kind} "{name}" is invalid: {words}',
        name=name, group=resource.group, kind=resource.kind, causes=listed,
    )  # fmt: skip


def bad_request(words: str) -> ApiError:
    """The request cannot be read."""
    return ApiError(400, "BadRequest", words)


def not_supported(what: str, instead: str = "") -> ApiError:
    """Kubernetes can do this, the teaching server cannot; says what it can."""
    words = f"{what} is not supported by this teaching server. {instead}".strip()
    return ApiError(501, "NotImplemented", words)
