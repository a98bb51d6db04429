"""Exercise 43.2: what to learn next for a role, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order

_SKILLS = ("testing", "containers", "observability", "data handling", "model monitoring")


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for what in ("one learner", "another", "a third"):
        shares = {skill: round(float(rng.random()), 2) for skill in _SKILLS}
        needs = {skill: int(rng.integers(1, 4)) for skill in rng.permutation(_SKILLS)[:4]}
        yield Case((shares, needs), what)
    done = dict.fromkeys(_SKILLS, 1.0)
    yield Case((done, {"testing": 3, "containers": 2}), "somebody who has done everything")


NEXT = Exercise(
    id="43.2",
    title="The next skill",
    task="Put the lines of `next_skill(shares, needs)` in order: the skill with the largest gap, "
    "or None where there is no gap.",
    answer="lines",
    lines=(
        "return best",
        "        best, largest = skill, gap",
        "best = None",
        "    if gap > largest:",
        "largest = 0",
        "for skill, need in needs.items():",
        "    gap = need * (1 - shares[skill])",
    ),
    trial=Calls(
        fresh=_fresh,
        show="{'testing': 0.5, 'containers': 0.9}, {'testing': 2, 'containers': 3}",
        prepare=in_order("def next_skill(shares, needs):"),
    ),
    solution='lines = "C E F G D B A"',
    why="A gap counts for as much as the role needs the skill. What is missing in a skill that the "
    "role hardly needs can wait.",
    hints=(
        "First what is remembered, then the loop over the role's skills, last what is given back.",
        "Inside the loop: work the gap out, compare it, remember it.",
        "`best, largest = skill, gap` stands under the `if`.",
    ),
    also=('lines = "E C F G D B A"',),
    mistakes=(
        Mistake(
            "gives up before it has looked",
            'lines = "C E A F G D B"',
            "`return best` stands before the loop, so the answer is always None. Give it back when "
            "all skills have been looked at.",
            seen=before("A", "F"),
        ),
        Mistake(
            "nothing is remembered yet",
            'lines = "C F G D B E A"',
            "`largest` is compared in the loop and set only after it. Set it before the loop.",
            seen=before("F", "E"),
        ),
        Mistake(
            "compares a gap that is not there",
            'lines = "C E F D B G A"',
            "The gap is compared before it has been worked out. Compute it first.",
            seen=before("D", "G"),
        ),
    ),
)
