"""Exercise 26.1: the population stability index, its last step missing."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_HEAD = """\
def psi(reference, current, edges):
    def shares(values):
        bins = np.searchsorted(edges, values, side="right")
        counts = np.bincount(bins, minlength=len(edges) + 1)
        return np.maximum(counts / len(values), 0.0001)

    r, c = shares(reference), shares(current)
"""


def _form(last: str) -> str:
    return f"{_HEAD}    return {last}"


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, move in ((500, 0.0), (800, 0.4), (300, 2.0)):
        reference = rng.lognormal(3, 0.7, rows)
        current = rng.lognormal(3 + move, 0.7, rows // 2)
        edges = np.quantile(reference, np.arange(1, 10) / 10)
        yield Case((reference, current, edges), f"amounts moved by {move:g} on the log scale")


PSI = Exercise(
    id="26.1",
    title="The population stability index",
    task="Write the last step of `psi`: the sum over the bins of the difference of the two shares "
    "times the logarithm of their ratio.",
    answer="psi",
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh,
        show="np.array([5.0, 15.0, 25.0, 35.0]), np.array([5.0, 25.0, 25.0, 35.0, 38.0]), "
        "np.array([10.0, 20.0, 30.0])",
    ),
    solution=_form("((c - r) * np.log(c / r)).sum()"),
    why="Each bin adds something above 0, whether it has grown or shrunk, for the difference and "
    "the logarithm change sign together. Where nothing has changed, all of them add 0.",
    hints=(
        "`r` and `c` are arrays, one share for each bin: the whole formula works on arrays.",
        "The difference is `c - r`, the logarithm of the ratio is `np.log(c / r)`.",
        "Multiply the two and add up with `.sum()`.",
    ),
    also=(
        _form("np.sum((r - c) * np.log(r / c))"),
        _form("sum((b - a) * np.log(b / a) for a, b in zip(r, c))"),
        _form("float((c - r) @ (np.log(c) - np.log(r)))"),
    ),
    mistakes=(
        Mistake(
            "one side only",
            _form("(c * np.log(c / r)).sum()"),
            "This weighs the logarithm with the current share alone. That is the Kullback-Leibler "
            "divergence, a relative. PSI weighs with the difference: `c - r`.",
        ),
        Mistake(
            "the other side only",
            _form("(r * np.log(r / c)).sum()"),
            "This weighs the logarithm with the reference's share alone. PSI weighs it with the "
            "difference of the two shares.",
        ),
        Mistake(
            "one value for each bin",
            _form("(c - r) * np.log(c / r)"),
            "This is what each bin adds. PSI is one number: add them up.",
        ),
        Mistake(
            "mean for sum",
            _form("((c - r) * np.log(c / r)).mean()"),
            "This is the mean over the bins. The rule of thumb, 0.1 and 0.25, is for the sum.",
        ),
        Mistake(
            "ratio the wrong way round",
            _form("((c - r) * np.log(r / c)).sum()"),
            "This comes out below 0. Difference and ratio must look the same way: `c - r` with "
            "`c / r`.",
        ),
        Mistake(
            "no logarithm",
            _form("((c - r) * (c / r)).sum()"),
            "The ratio stands here without its logarithm, so a bin that has shrunk takes away "
            "instead of adding.",
        ),
        Mistake(
            "logarithm to base 10",
            _form("((c - r) * np.log10(c / r)).sum()"),
            "This takes the logarithm to base 10. PSI takes the natural one, `np.log`; its limits "
            "of 0.1 and 0.25 belong to that.",
        ),
    ),
)
