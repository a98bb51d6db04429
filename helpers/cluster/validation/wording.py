"""Kubernetes' words for what is wrong with a field."""

from __future__ import annotations

import json
import re
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
QUALIFIED = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
ENV_NAME = (
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', "
    "or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or "
    "'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')"
)
CONFIG_KEY = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
    "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)
PORT_NAME = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
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


def duplicate(field: str, value: Any) -> Cause:
    """A value that is there already."""
    return Cause(field, "FieldValueDuplicate", f"Duplicate value: {json.dumps(value)}")


def not_found(field: str, value: Any) -> Cause:
    """A name of something that is not there."""
    return Cause(field, "FieldValueNotFound", f"Not found: {json.dumps(value)}")


def port_number(field: str, value: Any, lowest: int = 1) -> list[Cause]:
    """What is wrong with the number of a port."""
    fits = not isinstance(value, int) or lowest <= value <= 65535
    return [] if fits else [wrong(field, value, PORT)]


def port_name(field: str, value: Any) -> list[Cause]:
    """What is wrong with the name of a port."""
    if not re.fullmatch(r"[-a-z0-9]+", value):
        return [wrong(field, value, PORT_NAME)]
    if len(value) > 15:
        return [wrong(field, value, "must be no more than 15 characters")]
    return []
