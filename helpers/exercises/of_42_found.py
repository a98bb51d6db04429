"""Exercise 42.3: which share of the faults was found, from a blank page."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_CURES = ("mend the feed", "retrain", "clear the disk", "add workers")


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for count in (6, 20):
        came = rng.integers(0, 300, count)
        faults = [(int(d), int(d + rng.integers(2, 12)), str(rng.choice(_CURES))) for d in came]
        alarms = []
        for first, last, cure in faults:
            other = str(rng.choice(_CURES))
            day = int(rng.choice([first - 1, first, first + 1, last, last + 1]))
            alarms.append((day, str(rng.choice([cure, cure, other]))))
        yield Case((faults, alarms), f"{count} faults")


def _form(test: str, last: str = "sum(hit) / len(faults)") -> str:
    return (
        "def found(faults, alarms):\n"
        "    hit = []\n"
        "    for came, ended, cure in faults:\n"
        f"        hit.append(any({test} for day, asked in alarms))\n"
        f"    return {last}\n"
    )


_RIGHT = "came <= day <= ended and asked == cure"

FOUND = Exercise(
    id="42.3",
    title="Which share was found",
    task="Write `found(faults, alarms)`: the share of the faults that had an alarm with the right "
    "cure while they were there.",
    answer="found",
    trial=Calls(
        fresh=_fresh,
        show="[(3, 8, 'retrain'), (10, 12, 'add workers'), (20, 25, 'retrain')], "
        "[(2, 'retrain'), (4, 'retrain'), (8, 'retrain'), (11, 'retrain'), (20, 'add workers')]",
    ),
    solution=_form(_RIGHT),
    why="An alarm counts for a fault if it rings in time and asks for what helps. One fault that "
    "rings ten times is found once.",
    hints=(
        "Go through the faults, and ask for each whether any alarm has found it.",
        "An alarm `(day, asked)` has found a fault `(came, ended, cure)` where "
        "`came <= day <= ended` and `asked == cure`.",
        "Divide how many were found by how many faults there are.",
    ),
    also=(
        "def found(faults, alarms):\n"
        "    asked = set(alarms)\n"
        "    hit = sum(any((d, c) in asked for d in range(a, b + 1)) for a, b, c in faults)\n"
        "    return hit / len(faults)",
    ),
    mistakes=(
        Mistake(
            "any cure will do",
            _form("came <= day <= ended"),
            "This counts an alarm that rang in time and asked for something else. Whoever follows "
            "it mends what is whole: the cure has to be the fault's.",
        ),
        Mistake(
            "any day will do",
            _form("asked == cure"),
            "This counts an alarm of any day. One that rang before the fault came, or weeks after "
            "it ended, has found nothing.",
        ),
        Mistake(
            "counts the alarms",
            "def found(faults, alarms):\n"
            "    hits = 0\n"
            "    for came, ended, cure in faults:\n"
            "        hits += sum(came <= d <= ended and c == cure for d, c in alarms)\n"
            "    return hits / len(faults)",
            "This counts alarms: a fault that rings three times counts three times. Ask for each "
            "fault whether `any` alarm has found it.",
        ),
        Mistake(
            "how many",
            _form(_RIGHT, "sum(hit)"),
            "This is how many were found. Divide by the number of faults.",
        ),
    ),
)
