"""Exercise 43.3: what "grows fastest" can mean."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    yield Case(
        ({"small": (1_000, 1_900), "large": (90_000, 99_000), "middle": (20_000, 24_000)},),
        "a small field beside a large one",
    )
    for what in ("four fields", "four others"):
        now = rng.integers(1_000, 200_000, 4)
        then = (now * rng.uniform(0.8, 1.6, 4)).astype(int)
        jobs = {
            f"field {n}": (int(a), int(b)) for n, (a, b) in enumerate(zip(now, then, strict=True))
        }
        yield Case((jobs,), what)
    yield Case(({"one": (100, 80), "two": (5_000, 4_900)},), "two fields that shrink")


def _grown(rate: str, jobs: str) -> str:
    return (
        "def grown(jobs):\n"
        f"    rate = max(jobs, key=lambda name: {rate})\n"
        f"    most = max(jobs, key=lambda name: {jobs})\n"
        "    return rate, most"
    )


_RATE, _NEW = "jobs[name][1] / jobs[name][0]", "jobs[name][1] - jobs[name][0]"

GROWTH = Exercise(
    id="43.3",
    title="Two ways to grow fastest",
    task="Write `grown(jobs)`: the field with the highest rate of growth, and the one with the "
    "most new jobs.",
    answer="grown",
    trial=Calls(fresh=_fresh, show="{'a': (10, 20), 'b': (1_000, 1_100)}"),
    solution=_grown(_RATE, _NEW),
    why="A small field grows fast in per cent and brings few jobs; a large one grows slowly and "
    "brings many. Who says 'grows faster' has to say which is meant.",
    hints=(
        "For each field there are two numbers: jobs now, and jobs then.",
        "The rate is `then / now`; the new jobs are `then - now`. Each has a field where it is "
        "largest.",
        "`max(jobs, key=lambda name: ...)` gives the name for which something is largest.",
    ),
    also=(
        "def grown(jobs):\n"
        "    rates = {name: (then - now) / now for name, (now, then) in jobs.items()}\n"
        "    new = {name: then - now for name, (now, then) in jobs.items()}\n"
        "    return max(rates, key=rates.get), max(new, key=new.get)",
    ),
    mistakes=(
        Mistake(
            "the two exchanged",
            "def grown(jobs):\n"
            f"    rate = max(jobs, key=lambda name: {_RATE})\n"
            f"    most = max(jobs, key=lambda name: {_NEW})\n"
            "    return most, rate",
            "The two are in the wrong order: first the field with the highest rate, then the one "
            "with the most new jobs.",
        ),
        Mistake(
            "new jobs for both",
            _grown(_NEW, _NEW),
            "Both are the field with the most new jobs. The rate is jobs then divided by jobs now.",
        ),
        Mistake(
            "the largest field",
            _grown(_RATE, "jobs[name][1]"),
            "Your second is the largest field. New jobs are jobs then less jobs now.",
        ),
        Mistake(
            "a part of what will be",
            _grown(f"({_NEW}) / (jobs[name][0] + jobs[name][1])", _RATE),
            "Your second follows the rate. New jobs are counted in people, not in per cent.",
        ),
    ),
)
