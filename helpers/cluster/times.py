"""Times as the API writes them, and the one clock that the whole cluster goes by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_ahead = timedelta(0)


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC) + _ahead


def advance(seconds: float) -> None:
    """Let the cluster's clock run ahead of the machine's: for tests."""
    global _ahead
    _ahead += timedelta(seconds=seconds)


def stamp(moment: datetime | None = None) -> str:
    """A moment to the second, such as 2026-03-01T12:00:00Z; the present where none is given."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro(moment: datetime | None = None) -> str:
    """A moment to the microsecond, which keeps the order of what happens within a second."""
    return (moment or now()).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """The moment of a stamp."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def since(text: str) -> float:
    """Seconds that have passed since a stamp."""
    return (now() - parse(text)).total_seconds()
