"""How long ago, in kubectl's short form."""

from __future__ import annotations

from .times import now, parse

UNKNOWN = "<unknown>"


def age(text: str | None) -> str:
    """How long ago, in kubectl's short form: 45s, 3m12s, 5h."""
    if not text:
        return UNKNOWN
    return duration(max(0, int((now() - parse(text)).total_seconds())))


def duration(seconds: int) -> str:
    """Seconds in kubectl's short form."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return f"{minutes}m{seconds % 60}s" if seconds % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{days}d"
