"""Evidently's drift report: its verdicts as a small table, and the whole page as a file.

The page holds 4 to 5 MB of JavaScript, so a notebook links to it and never shows it in a cell.
Evidently takes some ten seconds to import, so it is imported when a report is made.
"""

from __future__ import annotations

import html
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.workspace import ROOT, workspace

from .windows import require_comparable

ROWS = 5_000  # of each window: enough for a report, and it keeps the page and the memory small


@dataclass(frozen=True)
class DriftReport:
    """Evidently's answer: `table` has a row for each column, `page` is the report as HTML.

    table: method (the test that Evidently chose), value, limit, and drifted (bool).
    """

    table: pd.DataFrame
    page: Path

    def _repr_html_(self) -> str:
        """A link, where JupyterLab can open the page: in the course's own folder."""
        if not self.page.is_relative_to(ROOT):
            return f"<p>{html.escape(repr(self))}</p>"
        link = html.escape(os.path.relpath(self.page))
        return (
            f'<p><a href="{link}" target="_blank" rel="noopener">Open Evidently\'s report</a> '
            f"(a file of {self.page.stat().st_size / 1e6:.0f} MB)</p>"
        )

    def __repr__(self) -> str:
        size = self.page.stat().st_size / 1e6
        return f"Evidently's report: {self.page.name} in {self.page.parent.name}/, {size:.0f} MB"


def drift_report(
    reference: pd.DataFrame, current: pd.DataFrame, name: str, rows: int = ROWS
) -> DriftReport:
    """Run Evidently's drift preset on at most `rows` rows of each window, drawn at random.

    The page goes to the workspace as `name`.html. Raises ValueError as `require_comparable`.
    """
    require_comparable(reference, current)
    os.environ.setdefault("DO_NOT_TRACK", "1")
    with warnings.catch_warnings():
        # Python 3.12 finds fault with texts in Evidently the first time that it compiles them.
        warnings.simplefilter("ignore", SyntaxWarning)
        from evidently import DataDefinition, Dataset, Report
        from evidently.presets import DataDriftPreset

    columns = DataDefinition(numerical_columns=list(reference))
    windows = [
        Dataset.from_pandas(_sample(window, rows), data_definition=columns)
        for window in (current, reference)
    ]
    snapshot = Report([DataDriftPreset()]).run(*windows)
    page = workspace("monitoring") / f"{name}.html"
    snapshot.save_html(str(page))
    return DriftReport(_table(snapshot.dict()), page)


def _sample(window: pd.DataFrame, rows: int) -> pd.DataFrame:
    window = window.astype(float).reset_index(drop=True)
    return window if len(window) <= rows else window.sample(rows, random_state=0)


def _table(found: dict) -> pd.DataFrame:
    """The verdict on each column; Evidently's p-values alarm below their limit, distances above."""
    rows = {}
    for metric in found["metrics"]:
        config = metric["config"]
        if not config["type"].endswith("ValueDrift"):
            continue
        method, limit, value = config["method"], config["threshold"], float(metric["value"])
        drifted = value < limit if re.search("p_value", method) else value >= limit
        rows[config["column"]] = dict(method=method, value=value, limit=limit, drifted=drifted)
    return pd.DataFrame.from_dict(rows, orient="index")
