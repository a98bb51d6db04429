"""Exercise 43.1: which loop a system needs."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for in_use, trained_by in product((True, False), ("us", "others", None)):
        system = {"in_use": in_use, "trained_by": trained_by}
        yield Case((system,), f"{system}")


def _loops(condition: str) -> str:
    return (
        "def loops(system):\n"
        "    needed = set()\n"
        "    if system['in_use']:\n"
        "        needed.add('DevOps')\n"
        f"{condition}"
        "    return needed"
    )


LOOPS = Exercise(
    id="43.1",
    title="Which loop",
    task="Finish `loops(system)`: the set of loops that a system needs.",
    answer="loops",
    trial=Calls(fresh=_fresh, show="{'in_use': True, 'trained_by': 'others'}"),
    solution=_loops(
        "    if system['in_use'] and system['trained_by'] is not None:\n"
        "        needed.add('MLOps')\n"
    ),
    why="Whatever is in use has to be shipped and watched: DevOps. If it has learned from data, it "
    "can go stale while nobody touches it, whoever has trained it: MLOps besides. What is used "
    "once and thrown away needs neither.",
    hints=(
        "Who needs the second loop? A system whose answers were learned from data, by anybody.",
        "And only while it is in use: a model in a report that nobody runs again cannot go stale.",
        "So: `if system['in_use'] and system['trained_by'] is not None:`.",
    ),
    also=(
        "def loops(system):\n"
        "    if not system['in_use']:\n"
        "        return set()\n"
        "    return {'DevOps'} | ({'MLOps'} if system['trained_by'] else set())",
    ),
    mistakes=(
        Mistake(
            "MLOps in place of DevOps",
            "def loops(system):\n"
            "    if not system['in_use']:\n"
            "        return set()\n"
            "    return {'MLOps'} if system['trained_by'] else {'DevOps'}",
            "With a model the DevOps loop does not go away: the service around it is still "
            "written, tested, deployed and watched. Such a system needs both.",
        ),
        Mistake(
            "only what we train ourselves",
            _loops(
                "    if system['in_use'] and system['trained_by'] == 'us':\n"
                "        needed.add('MLOps')\n"
            ),
            "A model that others have trained goes stale for your customers all the same. You do "
            "not train it, but you test, watch and replace it.",
        ),
        Mistake(
            "also what nobody uses",
            _loops("    if system['trained_by'] is not None:\n        needed.add('MLOps')\n"),
            "A model that is not in use needs no loop: nothing is deployed, nothing can go stale.",
        ),
        Mistake(
            "both for everything",
            _loops("    if system['in_use']:\n        needed.add('MLOps')\n"),
            "Your function wants MLOps for every system in use, also for one that has learned "
            "nothing. There is no model in it to retrain.",
        ),
    ),
)
