"""A run kept as a file: its seed and what was done on which day. Resuming plays it again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from .schedule import drawn
from .score import Score
from .settings import Settings
from .year import Year

VERSION = 1


def save(year: Year, path: Path | str, who: str = "") -> Path:
    """Write a run as JSON, whole or not at all, and give its path."""
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

    Raises ValueError where it comes to another cost: the file was changed, or the course was.
    """
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    if told.get("version") != VERSION:
        raise ValueError(f"{path} is of version {told.get('version')!r}, this is {VERSION}")
    year = Year(told["seed"], Settings(**told["began"]), drawn(told["seed"]))
    for day, what, value in told["journal"]:
        year.play(day - year.day)
        year.cure(value) if what == "cure" else year.change(Settings(**value))
    year.play(told["day"] - year.day)
    if abs(year.cost - told["cost"]) > 0.01:
        raise ValueError(f"{path} says {told['cost']}, but played again it cost {year.cost:.2f}")
    return year


def compare(folder: Path | str, scores: dict[str, Score] | None = None) -> pd.DataFrame:
    """The runs of a class: a row for each file of a folder, cheapest first within a seed and day.

    Runs compare where seed and day are the same.
    """
    rows = []
    for path in sorted(Path(folder).glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        names = ("who", "seed", "day", "cost")
        rows.append({"file": path.name, **{name: told[name] for name in names}})
    table = pd.DataFrame(rows, columns=["file", "who", "seed", "day", "cost"])
    return table.sort_values(["seed", "day", "cost"], ignore_index=True)


def _plain(value):
    if isinstance(value, Settings):
        return asdict(value) | {"alerts": sorted(value.alerts)}
    return value
