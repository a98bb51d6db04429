"""A model card: what a model is for and how it did, written from evidence and not from memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from .gate import GateReport


@dataclass(frozen=True)
class About:
    """What no measurement can tell, in the words of the people who answer for the model.

    name and owner; purpose: what it is for, and who uses it; not_for: uses that are out of scope;
    factors: groups and conditions that it was looked at for, and why these; ethics: whom a mistake
    harms; caveats: what is known to be wrong, and what to do about it.

    Raises ValueError that names the first field left blank: a card with gaps is none.
    """

    name: str
    owner: str
    purpose: str
    not_for: str
    factors: str
    ethics: str
    caveats: str

    def __post_init__(self):
        for entry in fields(self):
            if not str(getattr(self, entry.name)).strip():
                raise ValueError(f"a model card needs {entry.name!r}; it is blank")


def model_card(
    about: About,
    model: Any,
    train: pd.DataFrame,
    test: pd.DataFrame,
    report: GateReport,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> str:
    """The card as Markdown, in the nine sections of its source.

    train and test: the payments (time, is_fraud) that the model learned from and was judged on;
    report: the gate's; tables: further figures by their title, such as a metric for each slice.

    Source: Mitchell et al., "Model cards for model reporting", FAT* 2019,
    https://doi.org/10.1145/3287560.3287596.
    """
    kind, settings = _kind(model)
    figures = [report.to_markdown()]
    for title, table in (tables or {}).items():
        figures += [f"### {title}", _markdown(table)]
    sections = {
        "Model details": f"{kind}. Owner: {about.owner}.\n\n{settings}",
        "Intended use": f"{about.purpose}\n\nOut of scope: {about.not_for}",
        "Factors": about.factors,
        "Metrics": _metrics(report),
        "Evaluation data": _extent(test),
        "Training data": _extent(train),
        "Quantitative analyses": "\n\n".join(figures),
        "Ethical considerations": about.ethics,
        "Caveats and recommendations": about.caveats,
    }
    parts = [f"# Model card: {about.name}"]
    parts += [f"## {title}\n\n{text.strip()}" for title, text in sections.items()]
    return "\n\n".join(parts) + "\n"


def _kind(model: Any) -> tuple[str, str]:
    """The model's type, and the settings that differ from scikit-learn's own."""
    inner = getattr(model, "model", model)
    about = type(model).__name__
    about += "" if inner is model else f" of a {type(inner).__name__}"
    if not hasattr(inner, "get_params"):
        return about, ""
    try:
        usual = type(inner)().get_params()
    except TypeError:  # a pipeline cannot be made without its steps
        return about, ""
    given = {k: v for k, v in inner.get_params().items() if usual.get(k) != v}
    listed = ", ".join(f"{name}={value!r}" for name, value in sorted(given.items()))
    return about, f"Settings beside the defaults: {listed or 'none'}."


def _metrics(report: GateReport) -> str:
    judged: Sequence = [check for check in report.checks if check.bound]
    return "\n".join(f"- {check.name}: {check.bound}" for check in judged)


def _extent(payments: pd.DataFrame) -> str:
    time, frauds = payments["time"], int(payments["is_fraud"].sum())
    return (
        f"{len(payments):,} payments from {time.min():%Y-%m-%d} to {time.max():%Y-%m-%d}, "
        f"{frauds:,} of them fraud ({frauds / len(payments):.2%})."
    )


def _markdown(table: pd.DataFrame) -> str:
    """A table in Markdown; numbers with three digits, several index columns side by side."""
    flat = table.reset_index()
    head = "| " + " | ".join(map(str, flat.columns)) + " |"
    rows = [
        "| " + " | ".join(_cell(value) for value in row) + " |"
        for row in flat.itertuples(index=False)
    ]
    return "\n".join([head, "|" + "---|" * len(flat.columns), *rows])


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("|", "\\|")
