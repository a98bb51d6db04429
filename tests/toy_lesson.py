"""A small lesson with one exercise of each kind, for the tests of the machinery."""

import pandas as pd

from helpers.exercises.base import Choice, Exercise, Lesson, Mistake, Prediction, Question
from helpers.exercises.trials import Calls, Case, OnState, OnYourData, Unusable, before, in_order

GIVEN = "import pandas as pd\nimport numpy as np"


def fresh_payments(rng):
    for rows in (5, 30):
        frame = pd.DataFrame(
            {
                "terminal_id": rng.integers(0, 3, rows),
                "amount": rng.uniform(1, 99, rows).round(2),
            }
        )
        yield Case((frame,), f"{rows} payments")


TAKINGS = Exercise(
    id="90.1",
    title="Takings of each terminal",
    task="Write `takings(payments)`: the sum of `amount` of each terminal, as a Series.",
    answer="takings",
    given=GIVEN,
    trial=Calls(
        fresh=fresh_payments,
        show="pd.DataFrame({'terminal_id': [1, 2, 1], 'amount': [5.0, 7.0, 2.5]})",
    ),
    solution="def takings(payments):\n    return payments.groupby('terminal_id')['amount'].sum()",
    why="A group for each terminal, one sum for each group.",
    hints=("Which rows belong together?", "Group by `terminal_id`, then sum `amount`."),
    also=(
        "takings = lambda p: p.pivot_table(index='terminal_id', values='amount', "
        "aggfunc='sum')['amount']",
    ),
    mistakes=(
        Mistake(
            "mean for sum",
            "def takings(payments):\n    return payments.groupby('terminal_id')['amount'].mean()",
            "This is the mean payment of each terminal. Takings are a sum.",
        ),
        Mistake(
            "count for sum",
            "def takings(payments):\n    return payments.groupby('terminal_id')['amount'].count()",
            "This counts payments. Takings are money: sum the amounts.",
        ),
        Mistake(
            "not grouped",
            "def takings(payments):\n    return payments['amount'].sum()",
            "This is one sum for the whole shop; one for each terminal is wanted.",
        ),
    ),
)

ORDER = Exercise(
    id="90.2",
    title="Double, then add",
    task="Put the lines in order so that `total` gives twice the sum.",
    answer="lines",
    lines=("return result", "result = 2 * summed", "summed = a + b"),
    trial=Calls(
        fresh=lambda rng: [Case(tuple(int(x) for x in rng.integers(1, 99, 2)))],
        show="1, 2",
        prepare=in_order("def total(a, b):"),
    ),
    solution='lines = "C B A"',
    why="A value has to be made before it is used.",
    hints=("What does `result` need?", "`summed` comes first."),
    also=('lines = ["c", "b", "a"]',),
    mistakes=(
        Mistake(
            "return first",
            'lines = "A C B"',
            "It returns `result` before anything is made.",
            lambda letters: letters[0] == "A",
        ),
        Mistake("return early", 'lines = "C A B"', "It returns before the doubling."),
        Mistake(
            "doubled early", 'lines = "B C A"', "It doubles `summed` too early.", before("B", "C")
        ),
    ),
)

MINE = Exercise(
    id="90.3",
    title="The mean of yours",
    task="Compute the mean of `mine`.",
    answer="mean",
    given=GIVEN,
    trial=OnYourData(data=lambda seed: pd.Series(range(seed % 50, seed % 97 + 90)), name="mine"),
    solution="mean = mine.mean()",
    why="The mean is the sum over the count.",
    hints=("Sum over count.", "`mine.mean()`"),
    also=("mean = mine.sum() / len(mine)",),
    mistakes=(
        Mistake("sum", "mean = mine.sum()", "That is the sum."),
        Mistake("largest", "mean = mine.max()", "That is the largest."),
        Mistake("smallest", "mean = mine.min()", "That is the smallest."),
    ),
)


def _text(path):
    if not path.exists():
        raise Unusable(f"There is no file {path.name} yet.")
    return path.read_text()


STATE = Exercise(
    id="90.4",
    title="A file that greets",
    task="Write hello into the file.",
    answer="path",
    given="import tempfile, pathlib\nfolder = pathlib.Path(tempfile.mkdtemp())",
    trial=OnState(
        look=_text, wrong=lambda text: None if text == "hello\n" else f"the file holds {text!r}"
    ),
    solution="path = folder / 'a.txt'\n_ = path.write_text('hello\\n')",
    why="A file of text ends in a newline.",
    hints=("write_text", "the newline"),
    also=("path = folder / 'b.txt'\nopen(path, 'w').write('hello\\n')",),
    mistakes=(
        Mistake(
            "no newline",
            "path = folder / 'a.txt'\n_ = path.write_text('hello')",
            "The newline is missing.",
            lambda text: text == "hello",
        ),
        Mistake(
            "empty",
            "path = folder / 'a.txt'\n_ = path.write_text('')",
            "The file is empty.",
            lambda text: text == "",
        ),
        Mistake(
            "shouting",
            "path = folder / 'a.txt'\n_ = path.write_text('HELLO\\n')",
            "Quietly, please.",
            lambda text: text.isupper(),
        ),
    ),
)

LESSON = Lesson(
    "90",
    exercises=(TAKINGS, ORDER, MINE, STATE),
    predictions=(
        Prediction("90.a", "How much is it?", low=0, high=100, unit="%"),
        Prediction("90.b", "Which one?", choices=("the first", "the second")),
    ),
    questions=tuple(
        Question(
            f"90.q{n}", f"Question {n}?", (Choice("yes", "Indeed.", True), Choice("no", "Look up."))
        )
        for n in (1, 2, 3)
    ),
)
