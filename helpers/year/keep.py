"""A run kept as a file: its seed and what was done on which day. Resuming plays it again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .schedule import drawn
from .settings import Settings
from .year import Year

VERSION = 2


def save(year: Year, path: Path | str, who: str = "") -> Path:
    """Write a run as JSON, whole or not at all, and give its path.

    Raises ValueError for a year whose faults are not those of its seed, or that knows each label at
    once: from the seed and the journal it could not be played again.
    """
    if year.all_known or year.schedule != drawn(year.seed):
        raise ValueError("only Year(seed, settings), with the faults of its seed, can be kept")
    path = Path(path)
    told = {
        "version": VERSION,
        "who": who,
        "seed": year.seed,
        "day": year.day,
        "began": _plain(year.began),
        "journal": [[day, what, _plain(value)] for day, what, value in year.journal],
        "cost": round(year.cost, 2),
    }
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told, indent=1), encoding="utf-8")
    part.replace(path)
    return path


def resume(path: Path | str) -> Year:
    """Play a kept run again from its seed, up to the day on which it was saved.

    Raises ValueError, naming the file, where it is no run of this course, or where playing it again
    comes to another cost: the file was changed by hand, or the course was.
    """
    path = Path(path)
    told = read(path)
    try:
        year = replayed(told)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} cannot be played: {error}") from error
    if abs(year.cost - told["cost"]) > 0.01:
        raise ValueError(
            f"{path.name} says that {told['day']} days cost {told['cost']:,.2f}, but played again "
            f"from its seed and its journal they cost {year.cost:,.2f}. The file was changed, or "
            "saved by another version of the course"
        )
    return year


def read(path: Path | str) -> dict[str, Any]:
    """What a kept run says of itself. Raises ValueError, naming the file, where it is no run."""
    path = Path(path)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name} is no kept run: {error}") from error
    kinds = {"who": str, "seed": int, "day": int, "began": dict, "journal": list}
    kinds |= {"cost": (int, float)}
    if not isinstance(told, dict) or told.get("version") != VERSION:
        raise ValueError(f"{path.name} is no run kept by this version of the course ({VERSION})")
    for name, kind in kinds.items():
        if not isinstance(told.get(name), kind):
            raise ValueError(f"{path.name} is no kept run: its {name!r} is {told.get(name)!r}")
    return told


def replayed(told: dict[str, Any]) -> Year:
    """The year of a kept run, played again from its seed and its journal.

    Raises KeyError, TypeError or ValueError where the journal holds what nobody can do.
    """
    year = Year(told["seed"], Settings(**told["began"]))
    for day, what, value in told["journal"]:
        if what not in ("cure", "change") or not year.day <= day <= told["day"]:
            raise ValueError(f"its journal says {what!r} on day {day}, after day {year.day}")
        year.play(day - year.day)
        year.cure(value) if what == "cure" else year.change(Settings(**value))
    return year.play(told["day"] - year.day)


def _plain(value: Settings | str) -> dict[str, Any] | str:
    if isinstance(value, Settings):
        return asdict(value) | {"alerts": sorted(value.alerts)}
    return value
