"""Exercise 31.4: whether a challenger is better than the champion, beyond chance."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for gain, spread, users in (
        (0.05, 0.1, 400),
        (0.01, 0.1, 60),
        (-0.01, 0.1, 60),
        (-0.05, 0.1, 300),
        (0.012, 0.05, 400),
    ):
        champion = rng.beta(1, 4, users)
        noise = rng.normal(0, spread, users)
        challenger = champion + gain + noise - noise.mean()
        yield Case((champion, challenger), f"{users} shoppers and a gain of {gain:+.3f}")


def _passes(low: str) -> str:
    return (
        "def passes(champion, challenger):\n"
        "    gain = challenger - champion\n"
        "    error = gain.std(ddof=1) / np.sqrt(len(gain))\n"
        f"    return bool({low})"
    )


GATE = Exercise(
    id="31.4",
    title="A gate for the challenger",
    task="Write `passes(champion, challenger)`: True where the whole 95 % interval of the mean "
    "gain lies above 0.",
    answer="passes",
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh,
        show="np.array([0.1, 0.3, 0.2, 0.4]), np.array([0.2, 0.3, 0.5, 0.4])",
    ),
    solution=_passes("gain.mean() - 1.96 * error > 0"),
    why="Both models are measured on the same shoppers, so the gain is taken shopper by shopper. "
    "A gain that could be chance is no reason to change what works.",
    hints=(
        "First the gain of each shopper, `challenger - champion`, then its mean.",
        "The standard error of a mean is the standard deviation (`std(ddof=1)`) divided by the "
        "root of the number of shoppers.",
        "The interval begins at mean - 1.96 * error. Is that above 0?",
    ),
    also=(
        "def passes(champion, challenger):\n"
        "    from scipy import stats\n"
        "    gain = np.asarray(challenger) - np.asarray(champion)\n"
        "    return gain.mean() > 1.96 * stats.sem(gain)",
    ),
    mistakes=(
        Mistake(
            "any gain will do",
            _passes("gain.mean() > 0"),
            "Any gain passes, also one that is chance. Take off 1.96 standard errors and see "
            "whether it still lies above 0.",
        ),
        Mistake(
            "the spread of shoppers for the error of the mean",
            _passes("gain.mean() - 1.96 * gain.std(ddof=1) > 0"),
            "This is how far shoppers differ, not how well their mean is known. Divide by the "
            "root of their number.",
        ),
        Mistake(
            "the other end of the interval",
            _passes("gain.mean() + 1.96 * error > 0"),
            "This looks at the upper end: it passes what could be better. Ask for the lower end, "
            "so that it surely is.",
        ),
        Mistake(
            "champion and challenger exchanged",
            _passes("-gain.mean() - 1.96 * error > 0"),
            "The gain has the wrong sign: this passes a challenger that is worse. It is "
            "`challenger - champion`.",
        ),
        Mistake(
            "not shopper by shopper",
            "def passes(champion, challenger):\n"
            "    n = len(champion)\n"
            "    error = np.sqrt(champion.var(ddof=1) / n + challenger.var(ddof=1) / n)\n"
            "    return bool(challenger.mean() - champion.mean() - 1.96 * error > 0)",
            "This treats the two as measured on different shoppers, so the differences between "
            "shoppers drown the gain. Subtract shopper by shopper first.",
        ),
    ),
)
