"""Exercise 16.1: a quantile out of a histogram's buckets, as Prometheus works it out."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

BORDERS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for q in (0.5, 0.9, 0.99):
        counts = np.cumsum(rng.integers(1, 60, len(BORDERS))).tolist()
        yield Case((q, list(BORDERS), counts), f"the quantile {q}")
    # The first bucket holds it, whose lower border is 0.
    counts = np.cumsum([80, *rng.integers(1, 9, len(BORDERS) - 1)]).tolist()
    yield Case((0.3, list(BORDERS), counts), "a quantile in the first bucket")


def quantile(last: str, rank: str = "q * counts[-1]") -> str:
    """The function with its rank and its last step."""
    return (
        "def quantile(q, borders, counts):\n"
        f"    rank = {rank}\n"
        "    place = next(n for n, count in enumerate(counts) if count >= rank)\n"
        "    low, below = (borders[place - 1], counts[place - 1]) if place else (0, 0)\n"
        "    inside = counts[place] - below\n"
        f"    return {last}"
    )


LAST = "low + (borders[place] - low) * (rank - below) / inside"

QUANTILE = Exercise(
    id="16.1",
    title="A quantile from buckets",
    task="Finish `quantile(q, borders, counts)`: go so far into the bucket as the rank lies among "
    "the bucket's own requests.",
    answer="quantile",
    trial=Calls(fresh=_fresh, show="0.5, [0.1, 0.2, 0.4], [10, 30, 40]"),
    solution=quantile(LAST),
    why="Prometheus does not know the single times, only how many lie in each bucket. It acts as "
    "if they were spread evenly in it, so an answer can be off by as much as the bucket is wide.",
    hints=(
        "The rank lies between `below` and `counts[place]`. How far along, as a share?",
        "`(rank - below) / inside` is that share, 0 at the lower border and 1 at the upper.",
        "Begin at `low` and add that share of the bucket's width, `borders[place] - low`.",
    ),
    also=(
        "import numpy as np\n\n\n"
        "def quantile(q, borders, counts):\n"
        "    return float(np.interp(q * counts[-1], [0, *counts], [0, *borders]))",
    ),
    mistakes=(
        Mistake(
            "the upper border",
            quantile("borders[place]"),
            "This is the upper border of the right bucket. It is an upper limit, and Prometheus "
            "goes further: it looks how far into the bucket the rank lies.",
        ),
        Mistake(
            "the lower border",
            quantile("low"),
            "This is the lower border of the right bucket. Go on from there, by the share of the "
            "bucket's requests that lie below the rank.",
        ),
        Mistake(
            "the middle of the bucket",
            quantile("(low + borders[place]) / 2"),
            "The middle is the same for every rank in the bucket. Use how far the rank lies "
            "between `below` and `counts[place]`.",
        ),
        Mistake(
            "the share of all requests",
            quantile("low + (borders[place] - low) * rank / counts[-1]"),
            "`rank / counts[-1]` is `q` itself, the share among all requests. What counts is the "
            "share among those in this bucket: begin at `below`, divide by `inside`.",
        ),
        Mistake(
            "not begun at the lower border",
            quantile("borders[place] * (rank - below) / inside"),
            "The share is right, but you walk from 0. The bucket begins at `low`: start there, "
            "and walk its width, `borders[place] - low`.",
        ),
        Mistake(
            "walked the upper border's length",
            quantile("low + borders[place] * (rank - below) / inside"),
            "The bucket is not as wide as its upper border is high. Its width is "
            "`borders[place] - low`.",
        ),
        Mistake(
            "counted from above",
            quantile("low + (borders[place] - low) * (counts[place] - rank) / inside"),
            "This walks from the wrong end: a rank that is just above `below` has to lie just "
            "above `low`.",
        ),
    ),
)
