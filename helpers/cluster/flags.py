"""Yes and no in a request's address, in all the ways that clients write them."""

from __future__ import annotations


def flag(text: str | None) -> bool:
    """Whether a parameter says yes: Go's kubectl writes true, Python's client True."""
    return text in ("1", "t", "T", "true", "True", "TRUE")
