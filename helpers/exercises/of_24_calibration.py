"""Exercise 24.4: how far scores are from honest probabilities."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, edges in ((60, [0, 0.5, 1]), (400, [0, 0.1, 0.3, 0.6, 1])):
        scores = rng.beta(0.6, 2.0, rows)
        fraud = rng.random(rows) < np.where(scores > 0.5, 0.97, 0.3 * scores)
        yield Case((scores, fraud, edges), f"{rows} payments in {len(edges) - 1} bins")


def _form(inside: str, closing: str = "return total", opening: str = "total = 0") -> str:
    return (
        "def calibration_error(scores, is_fraud, edges):\n"
        f"    {opening}\n"
        "    for low, high in zip(edges[:-1], edges[1:]):\n"
        "        inside = (scores > low) & (scores <= high)\n"
        f"        {inside}\n"
        f"    {closing}"
    )


_GAP = "abs(scores[inside].mean() - is_fraud[inside].mean())"
_SOLUTION = _form(f"if inside.any(): total += inside.mean() * {_GAP}")

CALIBRATION = Exercise(
    id="24.4",
    title="How honest is a score?",
    task="Write `calibration_error(scores, is_fraud, edges)`: in each bin of scores, how far the "
    "mean score lies from the share of fraud, and of that the mean over all payments.",
    answer="calibration_error",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show="np.array([0.1, 0.3, 0.4, 0.9]), np.array([False, False, True, True]), [0, 0.5, 1]",
    ),
    solution=_SOLUTION,
    why="Each bin counts by its share of the payments. Without the absolute value a bin that "
    "promises too much would make up for one that promises too little.",
    hints=(
        "For each pair of neighbouring edges: which scores lie above the low one and at most at "
        "the high one?",
        "In a bin, the gap is `abs(scores[inside].mean() - is_fraud[inside].mean())`.",
        "`inside.mean()` is the bin's share of the payments: add up share times gap, and leave "
        "out a bin that is empty.",
    ),
    also=(
        _form(
            "if inside.any(): total += abs(scores[inside].sum() - is_fraud[inside].sum())",
            "return total / len(scores)",
        ),
        "def calibration_error(scores, is_fraud, edges):\n"
        "    frame = pd.DataFrame({'score': scores, 'fraud': is_fraud})\n"
        "    bins = frame.groupby(pd.cut(frame['score'], edges), observed=True)\n"
        "    gap = (bins['score'].mean() - bins['fraud'].mean()).abs()\n"
        "    return (gap * bins.size()).sum() / len(frame)",
    ),
    mistakes=(
        Mistake(
            "every bin counts alike",
            _form(f"if inside.any(): gaps.append({_GAP})", "return np.mean(gaps)", "gaps = []"),
            "Here each bin counts alike, if it holds three payments or three thousand. Weigh each "
            "gap by the bin's share of the payments, `inside.mean()`.",
        ),
        Mistake(
            "no absolute value",
            _form(
                "if inside.any(): total += inside.mean() * "
                "(scores[inside].mean() - is_fraud[inside].mean())"
            ),
            "Without the absolute value, a bin that promises too much makes up for one that "
            "promises too little. Take `abs(...)` of each gap.",
        ),
        Mistake(
            "payment by payment",
            "def calibration_error(scores, is_fraud, edges):\n"
            "    return abs(scores - is_fraud).mean()",
            "This compares each score with its own payment, which is fraud or not and never 0.3. "
            "A probability can be judged in a group alone: take the means of each bin.",
        ),
        Mistake(
            "the worst bin",
            _form(f"if inside.any(): gaps.append({_GAP})", "return max(gaps)", "gaps = []"),
            "This is the largest gap of any bin, the *maximum* calibration error. Wanted is the "
            "mean over the payments.",
        ),
        Mistake(
            "all in one bin",
            "def calibration_error(scores, is_fraud, edges):\n"
            "    return abs(scores.mean() - is_fraud.mean())",
            "This takes all payments as one bin, so errors of high and low scores cancel out. Go "
            "through the bins between the `edges`.",
        ),
        Mistake(
            "sum of the gaps",
            _form(f"if inside.any(): total += {_GAP}"),
            "The gaps are added up without a weight, so more bins give a larger error. Weigh each "
            "by its share of the payments, `inside.mean()`.",
        ),
    ),
)
