"""When which fault comes: drawn from a seed, one in each stretch of the year."""

from __future__ import annotations

import numpy as np

from .catalogue import FAULTS, Fault
from .world import DAYS, START

Schedule = dict[int, list[Fault]]


def drawn(seed: int, faults: tuple[Fault, ...] = FAULTS) -> Schedule:
    """A day for each fault, counted from the first day of the world; each comes once.

    The year is cut into as many stretches as there are faults, the last month is left free, and a
    fault comes on any day of its stretch.
    """
    rng = np.random.default_rng([seed, 42])
    length = (DAYS - 30) // max(len(faults), 1)
    schedule: Schedule = {}
    for place, number in enumerate(rng.permutation(len(faults))):
        day = START + place * length + int(rng.integers(0, max(length, 1)))
        schedule.setdefault(day, []).append(faults[number])
    return schedule
