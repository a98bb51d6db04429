"""Exercise 24.2: the paired bootstrap over cards, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _mean_of_frauds(is_fraud: pd.Series, score: pd.Series) -> float:
    return float((score * is_fraud).mean())


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for cards, draws in ((6, 20), (15, 50)):
        rows = cards * 5
        scored = pd.DataFrame(
            {
                "customer_id": rng.integers(0, cards, rows),
                "is_fraud": rng.random(rows) < 0.4,
                "challenger": rng.random(rows),
                "champion": rng.random(rows),
            }
        )
        about = f"{cards} cards and {draws} draws"
        yield Case((scored, _mean_of_frauds, draws, int(rng.integers(99))), about)


_SHOW = """pd.DataFrame({
    "customer_id": [7, 7, 8, 9],
    "is_fraud": [True, False, True, False],
    "challenger": [0.9, 0.2, 0.6, 0.1],
    "champion": [0.7, 0.3, 0.2, 0.1],
}), lambda is_fraud, score: (score * is_fraud).mean(), 3, 0"""

_LINES = (
    "    drawn = rng.choice(cards, len(cards))",
    "return np.array(gaps)",
    "    y = sample['is_fraud']",
    "rng, gaps = np.random.default_rng(seed), []",
    "    sample = pd.concat([payments_of[card] for card in drawn])",
    "for _ in range(draws):",
    "payments_of = dict(list(scored.groupby('customer_id')))",
    "    gaps.append(metric(y, sample['challenger']) - metric(y, sample['champion']))",
    "cards = list(payments_of)",
)

BOOTSTRAP = Exercise(
    id="24.2",
    title="Better, or lucky?",
    task="Put the lines of `paired_gaps(scored, metric, draws, seed)` in order: how far the "
    "challenger leads in each of many resamples of the cards.",
    answer="lines",
    given="import numpy as np\nimport pandas as pd",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show=_SHOW,
        prepare=in_order("def paired_gaps(scored, metric, draws, seed):"),
    ),
    solution='lines = "D G I F A E C H B"',
    why="Cards are drawn with replacement, each with all its payments, and both models are "
    "measured on that same sample: what makes it easy or hard cancels out of the difference.",
    hints=(
        "Before the loop: a generator, the payments of each card, the list of cards.",
        "In the loop: draw cards, put their payments together, then measure both models on them.",
        "`y` belongs to the sample, so it comes after `sample` and before the gap.",
    ),
    also=('lines = "G I D F A E C H B"', 'lines = "G D I F A E C H B"'),
    mistakes=(
        Mistake(
            "the sample before the draw",
            'lines = "D G I F E A C H B"',
            "`sample` is put together from `drawn`, so the cards have to be drawn first.",
            before("E", "A"),
        ),
        Mistake(
            "labels before the sample",
            'lines = "D G I F A C E H B"',
            "`y` is read from a `sample` that is not there yet, or is that of the draw before. "
            "Labels and scores must come from one sample.",
            before("C", "E"),
        ),
        Mistake(
            "the gap before its labels",
            'lines = "D G I F A E H C B"',
            "The gap is measured before `y` holds the labels of this sample.",
            before("H", "C"),
        ),
        Mistake(
            "cards before they are grouped",
            'lines = "D I G F A E C H B"',
            "`cards` is a list of the keys of `payments_of`, which has to be made first.",
            before("I", "G"),
        ),
        Mistake(
            "returns in the middle",
            'lines = "D G I B F A E C H"',
            "`return` stands before the loop, so nothing has been drawn yet. It comes last.",
            before("B", "F"),
        ),
    ),
)
