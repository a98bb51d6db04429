"""The shop's dashboard: the four golden signals, and what a payment is worth on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.plots import NEUTRAL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# From the palette of Okabe and Ito; none of them stands for genuine, fraud or a model.
ROUTES = {"/payments": "#000000", "/basket/price": "#56B4E9"}
CALM, ALARM = "#56B4E9", "#E69F00"
SCALES = {
    "traffic": (0, 30),
    "errors": (0, 5),
    "in flight": (0, 20),
    "memory": (0, 150),
    "mean payment": (0, 45),
}


def dashboard(signals: pd.DataFrame, title: str = "The checkout, in the last seconds") -> Figure:
    """Draw the signals that `signals()` of a shop gives; time runs to the right, 0 is now.

    A shaded band: Prometheus gets no answer. A dotted line: another release begins to answer.
    """
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 3, figsize=(10.5, 5.2), sharex=True, layout="constrained")
    latency, traffic, errors, in_flight, memory, payment = panels.flat
    _latency(latency, signals)
    for label, values in _lines(signals, "traffic"):
        traffic.plot(values, color=ROUTES.get(label, NEUTRAL), label=label)
    _panel(traffic, "Traffic", "requests a second")
    _at_least(traffic, *SCALES["traffic"])
    _errors(errors, signals)
    for ax, name, heading, unit in (
        (in_flight, "in flight", "Saturation: requests under way", "requests"),
        (memory, "memory", "Saturation: memory", "MB"),
        (payment, "mean payment", "Business: mean payment", "money"),
    ):
        for _, values in _lines(signals, name):
            ax.plot(values, color="#000000")
        _panel(ax, heading, unit)
        _at_least(ax, *SCALES[name])
    for ax in panels.flat:
        _mark(ax, signals)
    for ax in panels[1]:
        ax.set_xlabel("seconds from now")
    figure.suptitle(title)
    return figure


def _latency(ax: Axes, signals: pd.DataFrame) -> None:
    for name, style in (("p99", ":"), ("p50", "-")):
        for label, values in _lines(signals, name):
            ax.plot(1000 * values, style, color=ROUTES.get(label, NEUTRAL), label=f"{label} {name}")
    ax.set_yscale("log")
    ax.set_ylim(0.3, 9000)
    _panel(ax, "Latency", "milliseconds, log scale")
    ax.legend(fontsize=7, ncols=2, loc="upper left")


def _errors(ax: Axes, signals: pd.DataFrame) -> None:
    for label, values in _lines(signals, "errors"):
        if label.startswith(("4", "5")):
            ax.plot(values, color=ALARM if label[0] == "5" else CALM, label=label)
    _panel(ax, "Errors", "a second, by status")
    _at_least(ax, *SCALES["errors"])
    if ax.lines:
        ax.legend(fontsize=7)


def _lines(signals: pd.DataFrame, name: str) -> list[tuple[str, pd.Series]]:
    chosen = signals[signals["signal"] == name]
    return [(label, _whole(part)) for label, part in chosen.groupby("label")]


def _whole(part: pd.DataFrame) -> pd.Series:
    """A series on the common steps, so that a gap is drawn as a gap."""
    values = part.set_index("ago")["value"]
    steps = pd.Index(sorted({round(x * 2) / 2 for x in values.index}))
    values.index = [round(x * 2) / 2 for x in values.index]
    values = values[~values.index.duplicated()]
    every = [steps.min() + 0.5 * n for n in range(round((steps.max() - steps.min()) * 2) + 1)]
    return values.reindex(every)


def _panel(ax: Axes, title: str, unit: str) -> None:
    ax.set_title(title, fontsize=10)
    ax.set_ylabel(unit, fontsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.25)


def _at_least(ax: Axes, low: float, high: float) -> None:
    ax.set_ylim(low, max(high, ax.get_ylim()[1]))


def _mark(ax: Axes, signals: pd.DataFrame) -> None:
    up = signals[signals["signal"] == "up"]
    for moment in up.loc[up["value"] == 0, "ago"]:
        ax.axvspan(moment - 0.25, moment + 0.25, color=NEUTRAL, alpha=0.25, linewidth=0)
    seen = signals[signals["signal"] == "version"].groupby("label")["ago"].min()
    for moment in seen[seen > seen.min()]:
        ax.axvline(moment, color=NEUTRAL, linestyle=":")
