"""What ours said otherwise than the real one, line by line, and which of it is meant so."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Meant:
    """A difference that is meant: where it occurs, what it looks like, and why it is there."""

    parts: tuple[str, ...]
    at: str
    said: str
    why: str

    def covers(self, part: str, line: str, difference: str) -> bool:
        """Whether this difference is that one. Both patterns are searched for, not matched."""
        here = part in self.parts and re.search(self.at, line)
        return bool(here and re.search(self.said, difference))


def meant() -> list[Meant]:
    """All differences that are meant."""
    found = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))
    return [Meant(tuple(one.pop("in")), **one) for one in found]


def differences(real: dict, ours: dict) -> list[str]:
    """In words: "exit: 0 -> 1", "out: - a line of the real one", "seen: path: 1 -> 2"."""
    found = []
    for key in sorted(real.keys() | ours.keys() - {"line"}):
        theirs, mine = real.get(key), ours.get(key)
        if key in ("out", "err", "events", "order"):
            found += [f"{key}: {one}" for one in _lines(theirs or [], mine or [])]
        elif key in ("seen", "bounds"):
            found += [f"{key}: {one}" for one in _leaves(theirs, mine)]
        elif theirs != mine:
            found.append(f"{key}: {theirs} -> {mine}")
    return found


def _lines(real: list[str], ours: list[str]) -> list[str]:
    changed = difflib.ndiff(real, ours)
    return [one.rstrip() for one in changed if one[0] in "-+"]


def _leaves(real, ours) -> list[str]:
    theirs, mine = dict(_flat(real)), dict(_flat(ours))
    paths = sorted(theirs.keys() | mine.keys())
    absent = "(absent)"
    return [
        f"{path}: {theirs.get(path, absent)!r} -> {mine.get(path, absent)!r}"
        for path in paths
        if theirs.get(path, absent) != mine.get(path, absent)
    ]


def _flat(value, above: str = ""):
    """Each leaf with its path. A member of a list goes by its name, type or manager, if it has one.

    Entries of one second are in no order in managedFields that both servers would have to keep.
    """
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _flat(one, f"{above}.{key}")
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            known = _known_by(one) if isinstance(one, dict) else None
            yield from _flat(one, f"{above}[{known or number}]")
    else:
        yield above, value


def _known_by(member: dict) -> str | None:
    if "manager" in member:
        return " ".join(str(member.get(key, "")) for key in ("manager", "operation", "subresource"))
    return member.get("type") or member.get("name")
