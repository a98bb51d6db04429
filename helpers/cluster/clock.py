"""The time that the cluster goes by, in one place, so that a test can set it."""

from __future__ import annotations

import datetime as dt

_ahead = dt.timedelta(0)


def now() -> dt.datetime:
    """The time, in UTC."""
    return dt.datetime.now(dt.UTC) + _ahead


def stamp(time: dt.datetime | None = None) -> str:
    """A time (now, if none is given) as the API writes it: whole seconds, in UTC."""
    return (time or now()).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> dt.datetime:
    """The time that a stamp stands for. Raises ValueError where it is none."""
    return dt.datetime.fromisoformat(text)


def since(text: str) -> float:
    """Seconds that have passed since a stamp."""
    return (now() - parse(text)).total_seconds()


def advance(seconds: float) -> None:
    """Let the cluster's clock run ahead: for tests."""
    global _ahead
    _ahead += dt.timedelta(seconds=seconds)
