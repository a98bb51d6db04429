"""Exercise 41.3: the loop of a scheduler that loses no task when a worker dies."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, Unusable, before, in_order, letters_of


class WorkerDied(Exception):
    """The worker that had the task is gone."""


class Flaky:
    """Work that is done, but for some tasks only after so many workers have died of them."""

    def __init__(self, deaths: Mapping[str, int]) -> None:
        self.deaths = dict(deaths)

    def __call__(self, task: str) -> str:
        """The task in capitals. Raises WorkerDied as often as it was told to."""
        if self.deaths.get(task, 0) > 0:
            self.deaths[task] -= 1
            raise WorkerDied(task)
        return task.upper()


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for count in (4, 9):
        tasks = [f"part {n}" for n in range(count)]
        deaths = {task: int(rng.integers(0, 3)) for task in tasks[1:]}
        yield Case((tasks, Flaky({**deaths, tasks[0]: 1})), f"{count} tasks and workers that die")


_LINES = (
    "        todo.append(task)",
    "return done",
    "while todo:",
    "        done[task] = work(task)",
    "todo, done = list(tasks), {}",
    "    except WorkerDied:",
    "    task = todo.pop(0)",
    "    try:",
)
_RIGHT = "E C G H D F A B"
_put_together = in_order("def finish(tasks, work):")


def _finish(answer: Any, exercise: Exercise) -> Callable:
    """The function that an order makes, unless its loop would never end."""
    letters = letters_of(answer, exercise)
    if letters.index("A") < letters.index("F"):
        raise Unusable(
            "Line A stands before `except`, so a task is put back although nobody died, and the "
            "loop never ends. Put back only what failed, under `except`."
        )
    return _put_together(answer, exercise)


AGAIN = Exercise(
    id="41.3",
    title="Nothing is lost",
    task="Put the lines of `finish(tasks, work)` in order: it gives the result of each task, and "
    "gives a task out again when its worker dies.",
    answer="finish",
    given="from helpers.exercises.of_41_again import Flaky, WorkerDied",
    lines=_LINES,
    trial=Calls(
        fresh=_fresh,
        show="['a', 'b', 'c'], Flaky({'b': 1})",
        prepare=_finish,
    ),
    solution=f'finish = "{_RIGHT}"',
    why="A task is off the list only while it is worked on; when the worker dies, it goes back. It "
    "may run twice, so it has to give the same both times and put its file in place at the end.",
    hints=(
        "Before the loop: the list of what is to do, and an empty dict of what is done.",
        "In the loop: take the first task, then try to work on it.",
        "What belongs into `try` is what may fail: `done[task] = work(task)`. The task goes back "
        "under `except`.",
    ),
    also=('finish = "ecghdfab"', f"finish = {_RIGHT.split()!r}"),
    mistakes=(
        Mistake(
            "returns before the loop",
            'finish = "E B C G H D F A"',
            "`return done` stands before the loop, so the function ends with nothing done.",
            seen=before("B", "C"),
        ),
        Mistake(
            "takes the next task too late",
            'finish = "E C H D F A G B"',
            "`task` is worked on before one has been taken from the list. Take it first, at the "
            "beginning of the loop.",
            seen=before("D", "G"),
        ),
        Mistake(
            "the list comes last",
            'finish = "C G H D F A B E"',
            "The loop asks for `todo` before there is one. `todo` and `done` come first.",
            seen=before("C", "E"),
        ),
    ),
)
