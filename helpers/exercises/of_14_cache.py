"""Exercise of lesson 14 on the build cache: what runs again when one file has changed."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

FOLDERS = ("checkout", "tests", "wheels")


def _builds(rng: np.random.Generator) -> Iterator[Case]:
    steps = [("COPY", "requirements.txt"), ("RUN", "install"), ("COPY", "checkout"), ("RUN", "x")]
    number = int(rng.integers(10, 99))
    yield Case((steps, f"checkout/part{number}.py"), "a file in a copied folder")
    yield Case((steps, "requirements.txt"), "a file that is copied by its name")
    yield Case((steps, f"checkout_old/part{number}.py"), "a folder whose name only begins alike")
    yield Case(([("RUN", "a"), ("COPY", "."), ("RUN", "b")], f"notes{number}"), "COPY of all")
    yield Case(([("RUN", "notes"), ("COPY", "app.py")], "notes"), "a RUN that names the file")


SOLUTION = """\
def runs_again(steps, changed):
    for number, (word, what) in enumerate(steps):
        inside = what in (".", changed) or changed.startswith(what + "/")
        if word == "COPY" and inside:
            return list(range(number, len(steps)))
    return []"""

CACHE = Exercise(
    id="14.4",
    title="What runs again",
    task="Write `runs_again(steps, changed)`: the numbers, from 0, of the steps that the build "
    "cache cannot serve when the file `changed` has changed.",
    answer="runs_again",
    trial=Calls(
        fresh=_builds,
        show="[('COPY', 'requirements.txt'), ('RUN', 'pip install'), ('COPY', 'checkout'), "
        "('RUN', 'compile')], 'checkout/app.py'",
    ),
    solution=SOLUTION,
    why="A layer stands on those below it. When one is new, all that stand on it are made again.",
    hints=(
        "Find the first COPY that takes the file. A folder takes a file whose path begins with the "
        'folder\'s name and a "/", and "." takes every file.',
        "From that step on all run again: `list(range(number, len(steps)))`. If there is none, an "
        "empty list.",
    ),
    also=(
        "def runs_again(steps, changed):\n"
        "    again = []\n"
        "    for number, (word, what) in enumerate(steps):\n"
        "        hit = word == 'COPY' and (what == '.' or f'{changed}/'.startswith(f'{what}/'))\n"
        "        if again or hit:\n"
        "            again.append(number)\n"
        "    return again",
    ),
    mistakes=(
        Mistake(
            "only the step itself",
            SOLUTION.replace("list(range(number, len(steps)))", "[number]"),
            "The COPY itself runs again, and so does every step after it: each stands on what "
            "was there before. Give all numbers from this one on.",
        ),
        Mistake(
            "begins alike",
            SOLUTION.replace('what + "/"', "what"),
            "`checkout_old/a.py` begins with `checkout` and does not lie in that folder. Put a "
            '"/" after the name of the folder.',
        ),
        Mistake(
            "forgets the whole folder",
            SOLUTION.replace('what in (".", changed)', "what == changed"),
            'A step `COPY .` takes every file, and here it takes none. Treat "." by itself.',
        ),
        Mistake(
            "a RUN takes files too",
            SOLUTION.replace('word == "COPY" and inside', "inside"),
            "A RUN is judged by its text alone, whatever files it names. Only COPY takes files "
            "from the folder.",
        ),
    ),
)
