"""Lay out a new lesson: its notebook, its exercises and its tests, small and in order.

What is made runs and passes its tests as it stands, so that one begins from green. See
CONTRIBUTING.md for what comes next.
"""

from __future__ import annotations

import re
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.notebooks.stored import dumps, normalised
from helpers.workspace import ROOT

_EXERCISE = '''"""Lesson {number}, {title}: its exercises, guesses and quiz."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Choice, Exercise, Lesson, Mistake, Prediction, Question
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for length in (3, 8):
        yield Case(([int(n) for n in rng.integers(-9, 9, length)],), f"{{length}} numbers")


FIRST = Exercise(
    id="{number}.1",
    title="The largest step",
    task="Write `largest_step(values)`: the largest difference of two neighbours, without a sign.",
    answer="largest_step",
    trial=Calls(fresh=_fresh, show="[1, 4, 2]"),
    solution=(
        "def largest_step(values):\\n"
        "    return max(abs(b - a) for a, b in zip(values, values[1:]))"
    ),
    why="A step down is as large as a step up.",
    hints=("Look at neighbours: `zip(values, values[1:])`.", "`abs` takes the sign away."),
    also=(
        "def largest_step(values):\\n"
        "    return int(np.abs(np.diff(values)).max())",
    ),
    given="import numpy as np",
    mistakes=(
        Mistake(
            "with the sign",
            "def largest_step(values):\\n"
            "    return max(b - a for a, b in zip(values, values[1:]))",
            "This finds the largest step up. A step down counts too: take its sign away.",
        ),
        Mistake(
            "from end to end",
            "def largest_step(values):\\n    return abs(values[-1] - values[0])",
            "This compares the last value with the first. Compare neighbours.",
        ),
        Mistake(
            "the spread",
            "def largest_step(values):\\n    return max(values) - min(values)",
            "This is the spread of all values. Compare neighbours.",
        ),
    ),
)

PREDICTIONS = (
    Prediction("{number}.a", "How large is the largest step?", low=0, high=20, unit="steps"),
)

QUESTIONS = tuple(
    Question(
        f"{number}.q{{place}}",
        f"Question {{place}} of this lesson?",
        (
            Choice("The right answer.", "Why it is right.", right=True),
            Choice("A likely mistake.", "What is wrong with it."),
            Choice("Another.", "What is wrong with that."),
        ),
    )
    for place in (1, 2, 3)
)

LESSON = Lesson("{number}", exercises=(FIRST,), predictions=PREDICTIONS, questions=QUESTIONS)
'''

_TEST = '''"""What lesson {number} promises."""

from helpers import exercises


def test_its_exercises_are_declared():
    assert [one.id for one in exercises.lesson("{number}").exercises] == ["{number}.1"]
'''

_CELLS = (
    "# {number} {title}\n\nAfter this lesson you can ...\n\nAbout 45 minutes. Before it: ...",
    "This is where you will stand at the end.",
    ">import numpy as np\n\nfrom helpers.lesson import check, hint, place, predict, quiz, solution",
    '>place("{number}")',
    "## A question\n\nSomething fails first, and then is explained and mended.",
    '>predict("{number}.a")',
    '>values = [3, 7, 2]\nsteps = np.abs(np.diff(values))\npredict("{number}.a", came=steps.max())',
    "A sentence that reads what the cell has shown.\n\n"
    "### Exercise {number}.1: the largest step\n\n"
    "*In:* a list of numbers. *Out:* the largest difference of two neighbours, without a sign.",
    "!def largest_step(values):\n    # your lines here\n    ...\n\n\n"
    'check("{number}.1", largest_step)',
    '># hint("{number}.1")\n# solution("{number}.1")',
    "## Break it on purpose\n\nAnd how would one have noticed?",
    ">values[1:1]",
    "## What to keep\n\n- ...",
    '>quiz("{number}")',
    "## In the other loop\n\n...\n\n## Sources\n\n- ...",
)


def lay_out(number: str, name: str, title: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new lesson, and give their paths.

    number: two digits; name: words joined by _, for the file; title: for people. Raises ValueError
    for a number or name that cannot be one, FileExistsError where a lesson of that number is
    there.
    """
    if not re.fullmatch(r"\d\d", number):
        raise ValueError(f"a lesson's number is two digits, not {number!r}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"a lesson's name is like trace_requests, not {name!r}")
    if there := sorted(root.glob(f"notebooks/{number}_*.ipynb")):
        raise FileExistsError(f"{number} is {there[0].name} already")
    texts = {
        root / f"notebooks/{number}_{name}.ipynb": _notebook(number, title),
        root / f"helpers/exercises/lesson_{number}.py": _filled(_EXERCISE, number, title),
        root / f"tests/test_lesson_{number}.py": _filled(_TEST, number, title),
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _notebook(number: str, title: str) -> str:
    cells = []
    for text in _CELLS:
        filled = _filled(text, number, title)
        if filled[0] not in ">!":
            cells.append(new_markdown_cell(filled))
            continue
        cells.append(new_code_cell(filled[1:]))
        if filled[0] == "!":
            cells[-1].metadata["tags"] = ["exercise"]
    return dumps(normalised(new_notebook(cells=cells)))


def _filled(text: str, number: str, title: str) -> str:
    return (
        text.replace("{number}", number)
        .replace("{title}", title)
        .replace("{{", "{")
        .replace("}}", "}")
    )
