"""13.1, the wall clock of a job graph on a number of runners."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

SHOW = (
    "{'lint': [], 'test': [], 'docs': [], 'build': ['lint', 'test']}, "
    "{'lint': 1, 'test': 6, 'docs': 4, 'build': 2}, 2"
)


def _graphs(rng: np.random.Generator) -> Iterator[Case]:
    """Graphs whose jobs need some of those above them, on few runners and on many."""
    for count, runners in ((5, 1), (7, 2), (9, 3), (6, 9)):
        names = [f"job{n}" for n in range(count)]
        needs = {
            name: [one for one in names[:place] if rng.random() < 0.35]
            for place, name in enumerate(names)
        }
        minutes = {name: int(rng.integers(1, 9)) for name in names}
        about = "one runner" if runners == 1 else f"{count} jobs and {runners} runners"
        yield Case((needs, minutes, runners), about)


def _with(line: str) -> str:
    return f"""\
def wall_clock(needs, minutes, runners):
    free, ends = [0] * runners, {{}}
    for name in needs:
        ready = max((ends[one] for one in needs[name]), default=0)
        runner = free.index(min(free))
        begin = {line}
        ends[name] = free[runner] = begin + minutes[name]
    return max(ends.values())"""


CLOCK = Exercise(
    id="13.1",
    title="The wall clock",
    task="Finish `wall_clock(needs, minutes, runners)`: when does a job begin?",
    answer="wall_clock",
    trial=Calls(fresh=_graphs, show=SHOW),
    solution=_with("max(ready, free[runner])"),
    why="Two things have to be true before a job begins, so it is the later of the two times.",
    hints=(
        "`ready` is when all that the job needs has ended; `free[runner]` is when its runner is.",
        "It begins when both are true. Of two times at which one thing each comes true, which one "
        "is that?",
    ),
    also=(
        _with("ready if ready > free[runner] else free[runner]"),
        _with("sorted([free[runner], ready])[1]"),
    ),
    mistakes=(
        Mistake(
            "runners without end",
            _with("ready"),
            "This begins a job as soon as what it needs has ended, whether or not a runner is "
            "free. That is right only with runners enough.",
        ),
        Mistake(
            "forgets what is needed",
            _with("free[runner]"),
            "This begins a job as soon as a runner is free, also before what it needs has ended. "
            "Look at `ready` as well.",
        ),
        Mistake(
            "adds the two",
            _with("ready + free[runner]"),
            "The two waits do not follow each other: a job waits for its runner and for the jobs "
            "it needs during the same minutes. Take the later time, not the sum.",
        ),
        Mistake(
            "the earlier one",
            _with("min(ready, free[runner])"),
            "At the earlier of the two times only one of them is true. Both have to be.",
        ),
    ),
)
