"""Exercise 15.1: how many pods there may be, and how many have to be ready, during an update."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    yield Case((7, "25%", "25%"), "7 pods and 25% for both")
    for replicas in (3, 7, 10):
        percent = f"{int(rng.choice([15, 25, 35]))}%"
        yield Case((replicas, percent, percent), f"{replicas} pods and {percent} for both")
        whole = int(rng.integers(1, 3))
        yield Case((replicas, whole, percent), f"{replicas} pods, {whole} and {percent}")
    yield Case((4, 2, 0), "whole numbers alone")


def _bounds(least: str) -> str:
    return (
        "def bounds(replicas, max_surge, max_unavailable):\n"
        "    def pods(value, rounded):\n"
        "        if isinstance(value, int):\n"
        "            return value\n"
        '        return rounded(replicas * int(value.rstrip("%")) / 100)\n'
        "\n"
        "    most = replicas + pods(max_surge, math.ceil)\n"
        f"    least = {least}\n"
        "    return most, least"
    )


BOUNDS = Exercise(
    id="15.1",
    title="The bounds of a rolling update",
    task="Finish `bounds(replicas, max_surge, max_unavailable)`: the most pods that there may be "
    "during an update, and the fewest that have to be available.",
    answer="bounds",
    given="import math",
    trial=Calls(fresh=_fresh, show='10, "25%", "25%"'),
    solution=_bounds("replicas - pods(max_unavailable, math.floor)"),
    why="A surge is rounded up and what may be missing is rounded down: in doubt there is more.",
    hints=(
        "The fewest are those that are wanted, less those that may be missing.",
        "`pods(value, rounded)` makes a number of pods of 25 % or of 2. Which way is it rounded, "
        "so that in doubt customers are served by more?",
        "`math.floor` rounds down: of 2.5 pods that may be missing it makes 2.",
    ),
    also=(
        "def bounds(replicas, max_surge, max_unavailable):\n"
        "    def part(value):\n"
        "        return value if isinstance(value, int) else replicas * int(value[:-1]) / 100\n"
        "    return replicas + math.ceil(part(max_surge)), "
        "replicas - int(part(max_unavailable) // 1)",
        _bounds("math.ceil(replicas - pods(max_unavailable, lambda share: share))"),
    ),
    mistakes=(
        Mistake(
            "rounded up",
            _bounds("replicas - pods(max_unavailable, math.ceil)"),
            "What may be missing is rounded up here, so one pod more is taken away than was "
            "allowed. It is rounded down.",
        ),
        Mistake(
            "rounded to the nearest",
            _bounds("replicas - pods(max_unavailable, round)"),
            "`round` goes to the nearest number, and so sometimes up: more would be missing than "
            "was allowed. Always round down here.",
        ),
        Mistake(
            "how many may be missing",
            _bounds("pods(max_unavailable, math.floor)"),
            "This is how many may be missing. Wanted is how many have to be there.",
        ),
        Mistake(
            "the surge in its place",
            _bounds("replicas - pods(max_surge, math.floor)"),
            "This takes `max_surge` away. A surge is what may come on top; what may be missing "
            "stands in `max_unavailable`.",
        ),
        Mistake(
            "counted from the most",
            _bounds("most - pods(max_unavailable, math.floor)"),
            "This counts from the most pods that there may be. The fewest are counted from those "
            "that are wanted, `replicas`.",
        ),
    ),
)
