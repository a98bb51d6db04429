"""The palette of the course and its plot functions; they take and return matplotlib's `ax`.

Two colours mean the same thing in every plot. They are from the palette of Okabe and Ito (2008,
https://jfly.uni-koeln.de/color/), which colour-blind readers can tell apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GENUINE = "#0072B2"
FRAUD = "#D55E00"
CHAMPION = "#009E73"
CHALLENGER = "#CC79A7"
NEUTRAL = "#6E6E6E"


def axes(title: str, x: str, y: str, size: tuple[float, float] = (7.0, 3.4)) -> Axes:
    """An empty plot with its title and axis labels set. `size` is width and height in inches."""
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.set(title=title, xlabel=x, ylabel=y)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.25)
    return ax
