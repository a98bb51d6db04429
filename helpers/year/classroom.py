"""A class: a folder of kept runs, each played again, as a table and as a plot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.plots import CHALLENGER, CHAMPION, FRAUD, GENUINE

from .bill import PARTS
from .keep import read, resume
from .score import Score, score
from .yardsticks import capacity, ends
from .year import Year

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Neighbours differ in colour and in dashes, for whoever does not tell the colours apart.
COLOURS, STYLES = (GENUINE, CHALLENGER, FRAUD, CHAMPION), ("-", "--", ":", "-.")
LOOKS = [(COLOURS[(n + n // 4) % 4], STYLES[n % 4]) for n in range(16)]
SCORED = ("regret", "found", "false_alarms", "days_to_detect")
COLUMNS = ("who", "seed", "day", "cost", *SCORED, "note")


@dataclass(frozen=True)
class Run:
    """One kept run. year and score: None where it was refused, and `note` says why."""

    file: str
    who: str
    year: Year | None = None
    score: Score | None = None
    note: str = ""


def runs(folder: Path | str) -> list[Run]:
    """The kept runs of a folder, each played again; a file that does not add up is refused.

    Playing takes some seconds for a year, and as much again for the two ends of the scale of each
    seed, number of days and review capacity.
    """
    scales: dict[tuple, tuple[float, float]] = {}
    return [_run(path, scales) for path in sorted(Path(folder).glob("*.json"))]


def _run(path: Path, scales: dict[tuple, tuple[float, float]]) -> Run:
    try:
        year, who = resume(path), read(path)["who"] or path.stem
    except ValueError as error:
        return Run(path.name, path.stem, note=f"refused: {error}")
    key = (year.seed, year.day, tuple(capacity(year)))
    if key not in scales:
        scales[key] = tuple(end.cost for end in ends(year))
    try:
        return Run(path.name, who, year, score(year, *scales[key]))
    except ValueError as error:
        return Run(path.name, who, year, note=f"no regret: {error}")


def table(of: list[Run]) -> pd.DataFrame:
    """A row for each run, the least regret first within a seed and number of days.

    Runs compare where seed and day are the same. Refused ones stand last, with the reason as note.
    """
    rows = [_row(run) for run in of]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"seed": "Int64", "day": "Int64"})
    return frame.sort_values(["seed", "day", "regret", "cost"], ignore_index=True)


def _row(run: Run) -> dict:
    row = {"who": run.who, "note": run.note}
    if run.year is not None:
        row |= {"seed": run.year.seed, "day": run.year.day, "cost": run.year.cost}
    if run.score is not None:
        row |= {name: getattr(run.score, name) for name in SCORED}
    return row


def plot(of: list[Run], ax: Axes) -> Axes:
    """What each run has cost so far, day by day, in thousands."""
    played = [run for run in of if run.year is not None and run.year.day]
    for run, (colour, style) in zip(played, LOOKS * (len(played) // len(LOOKS) + 1), strict=False):
        spent = run.year.bills()[list(PARTS)].sum(axis=1).cumsum() / 1000
        ax.plot(np.arange(1, len(spent) + 1), spent, style, color=colour, label=run.who)
    if played:
        ax.legend()
    return ax
