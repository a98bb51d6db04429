"""Exercise 26.3: a limit from quiet days and a budget of false alarms, as lines to be ordered."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for days, budget in ((120, 1.0), (360, 0.5), (240, 0.0)):
        quiet = np.convolve(rng.gamma(4, 10, days + 6), np.ones(7) / 7, "valid").round(1)
        yield Case((quiet, budget), f"{days} quiet days and {budget:g} alarms a month")


_LINES = (
    "    if alarms <= a_month * months:",
    "            quiet_until = day + 7",
    "months = len(quiet) / 30",
    "        if value > limit and day >= quiet_until:",
    "for limit in limits:",
    "        return limit",
    "    alarms, quiet_until = 0, 0",
    "limits = sorted(quiet)",
    "    for day, value in enumerate(quiet):",
    "            alarms += 1",
)

LIMIT = Exercise(
    id="26.3",
    title="A limit from quiet days",
    task="Put the lines of `limit_for(quiet, a_month)` in order: the lowest limit that would have "
    "rung at most `a_month` times a month on quiet days.",
    answer="lines",
    lines=_LINES,
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh,
        show="[3, 9, 9, 4, 2, 3, 5, 8, 9, 2, 3, 4, 3, 2, 9, 3, 2, 4, 5, 3, 2, 1, 3, 4, 2, 3, 5, "
        "3, 2, 6], 2",
        prepare=in_order("def limit_for(quiet, a_month):"),
    ),
    solution='lines = "C H E G I D J B A F"',
    why="Nothing is said about the fraud that one wants to find: the limit follows from how often "
    "people may be called in vain. How long a true change takes to cross it is looked at next.",
    hints=(
        "Begin with what is needed before the first limit is tried: the months, and the limits in "
        "rising order.",
        "For each limit: begin with no alarm, go through the days, count.",
        "Only when all days are counted does one ask whether the alarms are few enough.",
    ),
    also=('lines = "H C E G I D B J A F"', 'lines = "H C E G I D J B A F"'),
    mistakes=(
        Mistake(
            "asks before it has counted",
            'lines = "C H E G A F I D J B"',
            "Here the alarms are judged before the days have been gone through, when there are "
            "none. So the lowest limit always wins: count first, then ask.",
            before("A", "I"),
        ),
        Mistake(
            "limits made after they are needed",
            'lines = "C E G I D J B A F H"',
            "`limits` is used before it is made. What a loop runs over has to stand before it.",
            before("E", "H"),
        ),
        Mistake(
            "months made after they are needed",
            'lines = "H E G I D J B A F C"',
            "`months` is used before it is made: it belongs to what stands before the loop.",
            before("E", "C"),
        ),
    ),
)
