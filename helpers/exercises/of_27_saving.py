"""Exercise 27.3: what a policy saves, seed by seed, with an honest interval."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for seeds in (12, 20):
        hard = rng.normal(80_000, 12_000, seeds)  # what makes a seed dear for everybody
        bills = pd.DataFrame(
            {"never": hard + rng.normal(9_000, 2_000, seeds), "monthly": hard,
             "on drift": hard + rng.normal(5_000, 3_000, seeds)}
        )  # fmt: skip
        yield Case((bills, "monthly", "never"), f"{seeds} seeds")


def _saving(spread: str, difference: str = "bills[other] - bills[policy]") -> str:
    return (
        "def saving(bills, policy, other):\n"
        f"    saved = {difference}\n"
        f"    half = 1.96 * {spread}\n"
        "    return saved.mean() - half, saved.mean() + half"
    )


_SPREAD = "saved.std() / len(saved) ** 0.5"

SAVING = Exercise(
    id="27.3",
    title="Saved, or luck?",
    task="Write `saving(bills, policy, other)`: the 95 % interval of what `policy` saves beside "
    "`other`, from its lower to its upper end.",
    answer="saving",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show="pd.DataFrame({'never': [100.0, 160.0, 133.0], 'monthly': [90.0, 148.0, 125.0]}), "
        "'monthly', 'never'",
    ),
    solution=_saving(_SPREAD),
    why="A seed that is dear is dear for both policies. Taking the difference within each seed "
    "removes that, and the interval becomes far narrower than the two bills suggest.",
    hints=(
        "Take the difference within each seed first: what `other` cost less what `policy` cost.",
        "The mean's standard error is the standard deviation of these differences, divided by the "
        "root of how many there are.",
        "From `saved.mean() - 1.96 * ...` to `saved.mean() + 1.96 * ...`.",
    ),
    also=(
        "def saving(bills, policy, other):\n"
        "    saved = (bills[other] - bills[policy]).to_numpy()\n"
        "    error = np.sqrt(saved.var(ddof=1) / len(saved))\n"
        "    return tuple(saved.mean() + z * error for z in (-1.96, 1.96))",
        "def saving(bills, policy, other):\n"
        "    saved = bills[other] - bills[policy]\n"
        "    return [saved.mean() - 1.96 * saved.sem(), saved.mean() + 1.96 * saved.sem()]",
    ),
    mistakes=(
        Mistake(
            "the sign",
            _saving(_SPREAD, "bills[policy] - bills[other]"),
            "This is what the policy costs more. A saving is what `other` cost less what `policy` "
            "cost.",
        ),
        Mistake(
            "seeds not kept together",
            _saving("((bills[other].var() + bills[policy].var()) / len(saved)) ** 0.5"),
            "This treats the two columns as if they came from different seeds, so the seeds' own "
            "ups and downs blow the interval up. Use the spread of the differences.",
        ),
        Mistake(
            "the spread of one seed",
            _saving("saved.std()"),
            "This is where a single seed lies. The mean of many is known better: divide by the "
            "root of the number of seeds.",
        ),
        Mistake(
            "divided by the number and not its root",
            _saving("saved.std() / len(saved)"),
            "The standard error falls with the root of the number of seeds: `len(saved) ** 0.5`.",
        ),
        Mistake(
            "the spread of the ones that are there",
            _saving("saved.std(ddof=0) / len(saved) ** 0.5"),
            "`ddof=0` is the spread of these seeds alone. They stand for all seeds there could be: "
            "pandas' own `std()` divides by one less.",
        ),
    ),
)
