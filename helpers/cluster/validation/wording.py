"""Kubernetes' words for what is wrong with a field."""

from __future__ import annotations

import json
from typing import Any

from ..errors import Cause

LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
NAME = rf"{LABEL}(\.{LABEL})*"
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    f"for validation is '{NAME}')"
)
RFC1035 = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
    "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
RFC1123 = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    f"for validation is '{LABEL}')"
)
LABEL_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
AT_LEAST_0 = "must be greater than or equal to 0"
PORT = "must be between 1 and 65535, inclusive"


def wrong(field: str, value: Any, words: str) -> Cause:
    """A value that breaks a rule; `words` name the rule."""
    shown = value if isinstance(value, int | float) else json.dumps(value, separators=(",", ":"))
    return Cause(field, "FieldValueInvalid", f"Invalid value: {shown}: {words}")


def missing(field: str, words: str = "") -> Cause:
    """A value that has to be there."""
    return Cause(field, "FieldValueRequired", "Required value" + (f": {words}" if words else ""))


def unsupported(field: str, value: Any, *supported: str) -> Cause:
    """A value that is none of those there are."""
    named = ", ".join(json.dumps(one) for one in supported)
    words = f"Unsupported value: {json.dumps(value)}: supported values: {named}"
    return Cause(field, "FieldValueNotSupported", words)


def forbidden(field: str, words: str) -> Cause:
    """A field that may not be set, or not so."""
    return Cause(field, "FieldValueForbidden", f"Forbidden: {words}")
