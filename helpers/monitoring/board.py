"""A dashboard as small plots, one for each figure, all over the same days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.plots import NEUTRAL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLES = {
    "payments": "payments a day",
    "amount": "mean amount",
    "drift": "greatest PSI of a feature",
    "high_scores": "share of high scores",
    "by_rule": "share decided by the rule",
    "precision": "precision of reviews",
    "chargebacks": "chargebacks per 10,000",
    "label_age": "age of newest label, days",
}
LEAST = {  # the scale reaches at least so far, or noise would look like news
    "drift": 0.3,
    "high_scores": 0.02,
    "by_rule": 1.0,
    "precision": 1.0,
    "label_age": 7.0,
}


def draw_board(board: pd.DataFrame, title: str) -> Figure:
    """Draw a board (see `incidents.incident`) and give the figure; a gap is a figure not known."""
    import matplotlib.pyplot as plt

    figure, plots = plt.subplots(2, 4, figsize=(11, 4.6), layout="constrained", sharex=True)
    figure.suptitle(title)
    for ax, (name, text) in zip(plots.flat, TITLES.items(), strict=True):
        ax.plot(board.index, board[name], color=NEUTRAL)
        top = max(1.15 * board[name].max(), LEAST.get(name, 0))
        ax.set(ylim=(-0.03 * top, top), xlim=(0, len(board)))
        ax.set_title(text, fontsize=10)
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(alpha=0.25)
    for ax in plots[1]:
        ax.set_xlabel("day")
    return figure
