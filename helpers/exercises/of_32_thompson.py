"""Exercise 32.3: Thompson sampling, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for products, rounds in ((3, 60), (6, 200)):
        rates = np.round(rng.uniform(0.05, 0.6, products), 2).tolist()
        yield Case((rates, rounds, int(rng.integers(1_000))), f"{products} products")


_LINES = (
    "    clicks[choice] += clicked",
    "    draws = rng.beta(1 + clicks, 1 + misses)",
    "return clicks + misses",
    "for _ in range(rounds):",
    "    clicked = rng.random() < rates[choice]",
    "clicks, misses = np.zeros(len(rates)), np.zeros(len(rates))",
    "    misses[choice] += not clicked",
    "    choice = draws.argmax()",
    "rng = np.random.default_rng(seed)",
)

THOMPSON = Exercise(
    id="32.3",
    title="Thompson sampling",
    task="Put the lines of `thompson(rates, rounds, seed)` in order: how often each product is "
    "shown by Thompson sampling.",
    answer="lines",
    given="import numpy as np",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show="[0.2, 0.6], 30, 7",
        prepare=in_order("def thompson(rates, rounds, seed):"),
    ),
    solution='lines = "I F D B H E A G C"',
    why="Draw a rate for each product from what is known of it, show the one that drew the "
    "highest, learn from what came. A product shown seldom draws now high, now low, so it gets "
    "its chance; a product known to be poor hardly ever does.",
    hints=(
        "Begin with what has to be there before the first round; the counts come back at the end.",
        "In a round: draw a rate for each product, choose one, show it, count what came.",
        "`choice` needs `draws`, `clicked` needs `choice`, and the counts need `clicked`.",
    ),
    also=('lines = "F I D B H E A G C"', 'lines = "I F D B H E G A C"'),
    mistakes=(
        Mistake(
            "chosen before drawn",
            'lines = "I F D H B E A G C"',
            "`choice` is the product that drew the highest rate, so the `draws` have to be there "
            "first.",
            before("H", "B"),
        ),
        Mistake(
            "clicked before chosen",
            'lines = "I F D B E H A G C"',
            "Whether there is a click depends on the product that is shown: `choice` comes "
            "before `clicked`.",
            before("E", "H"),
        ),
        Mistake(
            "clicks counted before the click",
            'lines = "I F D B H A E G C"',
            "`clicks` are counted before it is known whether this one was `clicked`.",
            before("A", "E"),
        ),
        Mistake(
            "misses counted before the click",
            'lines = "I F D B H G E A C"',
            "`misses` are counted before it is known whether this one was `clicked`.",
            before("G", "E"),
        ),
        Mistake(
            "back after one line",
            'lines = "I F C D B H E A G"',
            "The counts are given back before the first round. `return` ends the function, so it "
            "comes last.",
            before("C", "D"),
        ),
    ),
)
