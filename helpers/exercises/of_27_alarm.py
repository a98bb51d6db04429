"""Exercise 27.2: the alarm on growing losses, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(([int(n) for n in rng.poisson(30, 20)] + [90, 95],), "a jump at the end")
    fall = [60, 50, 40, *(int(n) for n in rng.integers(24, 28, 5)), 48, 70]
    yield Case((fall,), "counts that fall, then rise to what they were")
    yield Case(([int(n) for n in rng.integers(50, 60, 12)],), "counts that stay")


_LINES = (
    "        return week",
    "fewest = float('inf')",
    "    line = fewest + 3 * fewest**0.5",
    "return None",
    "for week, count in enumerate(counts):",
    "    if count > line:",
    "    fewest = min(fewest, count)",
)

ALARM = Exercise(
    id="27.2",
    title="An alarm when losses grow",
    task="Put the lines of `first_alarm(counts)` in order: the first week whose count lies more "
    "than three standard deviations above the fewest so far, or None.",
    answer="lines",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show="[40, 25, 38, 41]",
        prepare=in_order("def first_alarm(counts):"),
    ),
    solution='lines = "B E G C F A D"',
    why="The best weeks of the model are what it can do; a count n of rare things scatters by "
    "about the root of n. As the best of many weeks is partly luck, such an alarm also rings now "
    "and then where nothing has changed.",
    hints=(
        "First what is remembered from week to week, then the loop, then what is said in the end.",
        "Inside the loop: bring the fewest up to date, work out the line, compare.",
        "`return week` stands under `if`; `return None` is reached when no week raised the alarm.",
    ),
    also=('lines = "B E C F A G D"',),
    mistakes=(
        Mistake(
            "gives up before it has looked",
            'lines = "B D E G C F A"',
            "`return None` stands before the loop, so the function ends before it has looked at a "
            "single week. Say None when all weeks are done.",
            seen=before("D", "E"),
        ),
        Mistake(
            "nothing is remembered yet",
            'lines = "E G C F A B D"',
            "`fewest` is used in the loop and set only after it. Set it before the loop begins.",
            seen=before("E", "B"),
        ),
        Mistake(
            "compares with a line that is not there",
            'lines = "B E G F A C D"',
            "The count is compared with `line` before the line has been worked out. Compute it "
            "first.",
            seen=before("F", "C"),
        ),
    ),
)
