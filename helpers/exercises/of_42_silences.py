"""Exercise 42.1: which alarms to send when several ring, as lines to be put in order."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    names = [f"rule {letter}" for letter in "abcdefgh"]
    for count in (3, 5, 8):
        rang = list(rng.permutation(names)[:count])
        silences = {n: list(rng.permutation(names)[: rng.integers(0, 4)]) for n in names[::2]}
        yield Case((rang, silences), f"{count} rules that ring")


_LINES = (
    "        sent.append(name)",
    "    quiet.update(other for other in silences.get(name, []) if other != name)",
    "sent = []",
    "for name in rang:  # first round",
    "return sent",
    "for name in rang:  # second round",
    "    if name not in quiet:",
    "quiet = set()",
)

SILENCES = Exercise(
    id="42.1",
    title="One alarm for one fault",
    task="Put the lines of `to_send(rang, silences)` in order: the rules that ring and that no "
    "other ringing rule silences.",
    answer="lines",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show="['drift', 'amounts', 'disk'], {'amounts': ['drift', 'skew']}",
        prepare=in_order("def to_send(rang, silences):"),
    ),
    solution='lines = "H D B C F G A E"',
    why="All that rings is gathered before anything is sent: whether drift is worth a call depends "
    "on what else rings, not on which rule comes first in the list.",
    hints=(
        "Two rounds over the same rules: the first gathers what is silenced, the second sends.",
        "`quiet` has to be there before the first round, `sent` before the second.",
    ),
    also=('lines = "H C D B F G A E"', 'lines = "C H D B F G A E"'),
    mistakes=(
        Mistake(
            "sends before it has gathered",
            'lines = "H C F G A D B E"',
            "The round that sends comes first, when `quiet` is still empty: everything is sent. "
            "Gather first.",
            before("F", "D"),
        ),
        Mistake(
            "quiet made after it is needed",
            'lines = "D B H C F G A E"',
            "`quiet` is filled before it is made. What a loop adds to has to stand before it.",
            before("B", "H"),
        ),
        Mistake(
            "returns before it has sent",
            'lines = "H D B C E F G A"',
            "`return` ends the function before the second round has begun, so nothing is sent.",
            before("E", "F"),
        ),
    ),
)
