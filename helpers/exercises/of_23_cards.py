"""Exercise 23.2: precision in the day's most suspicious cards, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for days, k in ((4, 3), (7, 5)):
        rows = 25 * days
        card = rng.integers(0, 30, rows)
        fraud = (rng.random(30) < 0.4)[card] & (rng.random(rows) < 0.7)
        scored = pd.DataFrame(
            {
                "day": np.sort(rng.integers(1, days + 1, rows)),
                "customer_id": card,
                "score": rng.permutation(rows) / rows + 0.5 * fraud,
                "is_fraud": fraud,
            }
        )
        yield Case((scored, k), f"{days} days and k = {k}")


_SHOW = """pd.DataFrame({
    "day": [1, 1, 1, 1, 2, 2, 2],
    "customer_id": [7, 7, 8, 9, 7, 8, 9],
    "score": [0.9, 0.8, 0.2, 0.5, 0.8, 0.3, 0.6],
    "is_fraud": [True, False, False, False, True, False, False],
}), 1"""

_LINES = (
    "    found |= set(caught)",
    '    cards = payments.groupby("customer_id")[["score", "is_fraud"]].max()',
    "return sum(shares) / len(shares)",
    'for day, payments in scored.groupby("day"):',
    '    top = cards.sort_values("score", ascending=False).head(k)',
    "    shares.append(len(caught) / k)",
    '    payments = payments[~payments["customer_id"].isin(found)]',
    "found, shares = set(), []",
    '    caught = top.index[top["is_fraud"]]',
)

CARDS = Exercise(
    id="23.2",
    title="Precision in the day's top cards",
    task="Put the lines of `card_precision(scored, k)` in order: the share of compromised cards "
    "among the k most suspicious of each day, mean over the days.",
    answer="lines",
    given="import pandas as pd",
    lines=_LINES,
    trial=Calls(fresh=_fresh, show=_SHOW, prepare=in_order("def card_precision(scored, k):")),
    solution='lines = "H D G B E I A F C"',
    why="From payments to cards, from cards to the top k, from the top k to those caught; a card "
    "that is caught is blocked, so it is left out from the next day on.",
    hints=(
        "Begin with what has to be there before the first day, and end with the mean.",
        "In a day: leave out the cards found before, make cards of payments, take the top k.",
        "Then see which of them are compromised (`caught`), and note them for the days to come.",
    ),
    also=('lines = "H D G B E I F A C"',),
    mistakes=(
        Mistake(
            "cards before the blocked are left out",
            'lines = "H D B G E I A F C"',
            "`cards` is made before the cards found earlier are left out, so a blocked card is "
            "found again and again. Leave them out first.",
            before("B", "G"),
        ),
        Mistake(
            "top before cards",
            'lines = "H D G E B I A F C"',
            "`top` is taken before this day's `cards` are there. Make cards of the payments "
            "first, then sort them.",
            before("E", "B"),
        ),
        Mistake(
            "caught before top",
            'lines = "H D G B I E A F C"',
            "`caught` asks who among the top k is compromised, so `top` has to be there first.",
            before("I", "E"),
        ),
        Mistake(
            "noted before caught",
            'lines = "H D G B E A I F C"',
            "Cards are noted in `found` before it is known which were `caught` today.",
            before("A", "I"),
        ),
        Mistake(
            "counted before caught",
            'lines = "H D G B E F I A C"',
            "The share is counted before it is known which cards were `caught` today.",
            before("F", "I"),
        ),
    ),
)
