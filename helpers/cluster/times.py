"""Times as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime | None = None) -> str:
    """A moment to the second, such as 2026-03-01T12:00:00Z; the present where none is given."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro(moment: datetime | None = None) -> str:
    """A moment to the microsecond, which keeps the order of what happens within a second."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """The moment of a stamp."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
