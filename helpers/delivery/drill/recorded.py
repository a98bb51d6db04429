"""The eight incidents as they were recorded: for a drill on paper, or without Prometheus.

`python -m helpers.delivery.drill.record` records them.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from helpers.workspace import dataset

from .faults import ACTIONS, FAULTS, Fault, fault
from .reading import until_paged

SIGNALS_FILE, LOG_FILE = "incidents_signals.parquet", "incidents_log.parquet"
ANSWERS_FILE, QUERIES_FILE = "incidents_answers.parquet", "incidents_queries.json"
FIRST = "slow-till"  # the incident that lesson 16 begins with


class Recorded:
    """A shop that was recorded: it answers as `Shop` does, from the files under datasets/.

    The recording has three parts: before the fault, with it, and after the cure. What is shown
    ends where the part ends in which the drill is. `query`, `range` and `value` know the
    expressions that lesson 16 asks for, and raise LookupError for another.
    """

    live = False

    def __init__(self) -> None:
        self._signals = pd.read_parquet(dataset(SIGNALS_FILE))
        self._log, self._answers = (pd.read_parquet(dataset(f)) for f in (LOG_FILE, ANSWERS_FILE))
        self._queries = json.loads(dataset(QUERIES_FILE).read_text(encoding="utf-8"))
        self._incident, self._part = FIRST, 0

    def begin(self, fault: Fault) -> None:
        """Go on with the part in which the fault is there."""
        self._incident, self._part = fault.name, 1

    def act(self, action: str) -> None:
        """Do one of the things that can be done: the right one leads on to the last part."""
        if action not in ACTIONS:
            raise KeyError(action)
        if self._part == 1 and action == fault(self._incident).cure:
            self._part = 2

    def well(self) -> bool:
        """Whether the fault is not there."""
        return self._part != 1

    def switch(self, name: str) -> None:
        """As `Shop.switch`: begin a fault, or end it with an empty text."""
        if name:
            return self.begin(fault(name))
        self._part = 2 if self._part == 1 else self._part

    def open(self, *_: Any, **__: Any) -> None:
        """Nobody comes: those who came are on record."""

    def trade(self, seconds: float, **_: Any) -> None:
        """As `open`."""

    def close(self) -> None:
        """Nothing runs, so nothing has to end."""

    def metrics(self, name: str = "checkout_requests_total") -> str:
        """As `Shop.metrics`, before the fault."""
        lines = self._queries["metrics"].splitlines()
        return "\n".join(line for line in lines if line.startswith(name))

    def query(self, promql: str) -> pd.DataFrame:
        """As `Shop.query`, for an expression that is on record."""
        return pd.DataFrame(self._asked("query", promql))

    def range(self, promql: str, seconds: float) -> pd.DataFrame:
        """As `Shop.range`, for an expression that is on record."""
        return pd.DataFrame(self._asked("range", promql))

    def value(self, promql: str) -> float:
        """As `Shop.value`, for an expression that is on record."""
        found = self.query(promql)
        return float(found["value"].iloc[0]) if len(found) else float("nan")

    def wait_for_page(self, limit: float = 60.0) -> str:
        """As `Shop.wait_for_page`."""
        return until_paged(self.signals, limit)

    def signals(self, seconds: float = 20.0) -> pd.DataFrame:
        """As `Shop.signals`."""
        shown = self._until_now(self._signals, "ago").drop(columns=["incident", "part"])
        shown = shown.assign(ago=(shown["ago"] - shown["ago"].max()).round(2))
        return shown[shown["ago"] >= -seconds].reset_index(drop=True)

    def log(self) -> pd.DataFrame:
        """As `Shop.log`."""
        return self._until_now(self._log, "time").drop(columns=["incident", "part"])

    def answers(self) -> pd.DataFrame:
        """As `Shop.answers`."""
        return self._until_now(self._answers, "due").drop(columns=["incident", "part"])

    def _until_now(self, table: pd.DataFrame, by: str) -> pd.DataFrame:
        mine = table[(table["incident"] == self._incident) & (table["part"] <= self._part)]
        return mine.sort_values(by, kind="stable").reset_index(drop=True)

    def _asked(self, how: str, promql: str) -> list[dict[str, Any]]:
        part = "before" if self._part == 0 else "with"
        try:
            return self._queries[part][how][promql]
        except KeyError:
            raise LookupError(
                f"Prometheus is not running here, and this expression is not on record: {promql}"
            ) from None


def names() -> list[str]:
    """The names of the incidents that are to be on record."""
    return [one.name for one in FAULTS]
