"""The release gate: one candidate, named checks, and a report that says why."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .asking import NoScores
from .checks import Check, checks_for
from .evidence import Bounds, Evidence
from .soundness import SOUNDNESS

_WORDS = {True: "passed", False: "FAILED", None: "not run"}
_SIGNS = {True: "✓", False: "✗", None: "–"}  # a sign beside the word: colour alone tells too few


@dataclass(frozen=True)
class GateReport:
    """What the gate found. `passed` is True where every check was run and passed."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether the candidate may be released; a check that was not run is not passed."""
        return all(check.passed is True for check in self.checks)

    @property
    def failed(self) -> list[Check]:
        """The checks that failed."""
        return [check for check in self.checks if check.passed is False]

    def __getitem__(self, name: str) -> Check:
        """The check of that name. Raises KeyError that names those there are."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(f"no check {name!r}; there are {[check.name for check in self.checks]}")

    def table(self) -> pd.DataFrame:
        """A row for each check: result, figure, bound, reason; the index is its name."""
        rows = {
            check.name: (_WORDS[check.passed], check.figure, check.bound, check.reason)
            for check in self.checks
        }
        columns = ["result", "figure", "bound", "reason"]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, to be written as JSON beside the model."""
        return {"passed": self.passed, "checks": [vars(check) for check in self.checks]}

    def verdict(self) -> str:
        """The outcome in one line."""
        if self.passed:
            return f"Released: all {len(self.checks)} checks passed."
        names = ", ".join(check.name for check in self.failed)
        return f"Stopped by {len(self.failed)} of {len(self.checks)} checks: {names}."

    def __str__(self) -> str:
        return "\n".join([self.verdict(), *(f"  {_line(check)}" for check in self.checks)])

    __repr__ = __str__

    def to_markdown(self) -> str:
        """The report as a Markdown table, for a model card or a pull request."""
        rows = ["| check | result | figure | bound | reason |", "|---|---|---|---|---|"]
        rows += ["| " + " | ".join(_cells(check)) + " |" for check in self.checks]
        return "\n".join([self.verdict(), "", *rows])

    def _repr_html_(self) -> str:
        left = ' style="text-align:left"'
        names = ("check", "", "figure", "bound", "reason")
        head = "".join(f"<th{left}>{name}</th>" for name in names)
        body = "".join(_row(check) for check in self.checks)
        return (
            f"<p><strong>{html.escape(self.verdict())}</strong></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def release_gate(
    candidate: Any,
    champion: Any | None,
    payments: pd.DataFrame,
    X: pd.DataFrame,
    *,
    bounds: Bounds | None = None,
    **more: Any,
) -> GateReport:
    """Judge a fitted candidate on test payments, beside the champion if there is one.

    candidate, champion: anything with `predict_proba` and `feature_names_in_`, such as a model of
    scikit-learn trained on a DataFrame. payments: time, customer_id, amount and is_fraud of days
    that neither has seen; X: their features with the same index. `more` goes to Evidence: slices,
    groups, behaviours, disturbances, seed.

    Columns, values, days and answers are looked at first. Where one of these is not in order, the
    rest is not run and the report says so: nothing is raised for a bad model or a bad batch.
    """
    evidence = Evidence(candidate, champion, payments, X, bounds or Bounds(), **more)
    checks: list[Check] = []
    for check in SOUNDNESS.values():
        checks.append(check(evidence))
        if not checks[-1].passed:
            return GateReport((*checks, *_not_run(evidence, checks)))
    checks += [_run(name, check, evidence) for name, check in checks_for(evidence).items()]
    return GateReport(tuple(checks))


def _run(name: str, check: Any, evidence: Evidence) -> Check:
    try:
        return check(evidence)
    except NoScores as error:  # it answered as things are, and not on changed inputs
        return Check(name, False, None, "", str(error))


def _not_run(evidence: Evidence, done: list[Check]) -> list[Check]:
    names: Mapping[str, Any] = {**SOUNDNESS, **checks_for(evidence)}
    reason = f"{done[-1].name}: not in order, so nothing after it would mean anything"
    return [Check(name, None, None, "", reason) for name in list(names)[len(done) :]]


def _line(check: Check) -> str:
    figure = "" if check.figure is None else f"{check.figure:.3f} ({check.bound}); "
    return f"{_WORDS[check.passed]:<8} {check.name}: {figure}{check.reason}"


def _cells(check: Check) -> list[str]:
    figure = "" if check.figure is None else f"{check.figure:.3f}"
    result = f"{_SIGNS[check.passed]} {_WORDS[check.passed]}"
    return [check.name, result, figure, check.bound, check.reason.replace("|", "\\|")]


def _row(check: Check) -> str:
    *short, reason = (html.escape(cell) for cell in _cells(check))
    cells = "".join(f'<td style="text-align:left;white-space:nowrap">{cell}</td>' for cell in short)
    cells += f'<td style="text-align:left">{reason}</td>'
    weight = "font-weight:bold" if check.passed is False else ""
    return f'<tr style="{weight}">{cells}</tr>'
