"""Fields of an object by a path: `status.conditions[type=Ready].status`, `spec.containers.0`."""

import re

STEP = re.compile(r"([^.\[]+)(?:\[(\w+)=([^\]]+)\])?\.?")


def field(obj, path: str):
    """The value there, or None. A list's member is named by its number or by one of its fields."""
    for name, key, wanted in STEP.findall(path):
        obj = _member(obj, name)
        if key:
            obj = next((one for one in obj or [] if str(one.get(key)) == wanted), None)
    return obj


def put(obj, path: str, value) -> None:
    """Set what is there; None takes it away. What lies above it is made where it is missing."""
    *above, last = path.split(".")
    for name in above:
        obj = obj[int(name)] if isinstance(obj, list) else obj.setdefault(name, {})
    if value is None:
        obj.pop(last, None)
    elif isinstance(obj, list):
        obj[int(last)] = value
    else:
        obj[last] = value


def _member(obj, name: str):
    if isinstance(obj, list):
        return obj[int(name)] if name.isdigit() and int(name) < len(obj) else None
    return obj.get(name) if isinstance(obj, dict) else None
