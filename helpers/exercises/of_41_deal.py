"""Exercise 41.2: deal the rows of a table out by key."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _form(last: str) -> str:
    return f"def deal(payments, key, parts):\n    part = payments[key] % parts\n    return {last}"


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, keys, parts in ((200, 40, 4), (60, 3, 7)):
        payments = pd.DataFrame(
            {
                "transaction_id": range(rows),
                "customer_id": rng.integers(0, keys, rows) * 3,
                "terminal_id": rng.integers(0, keys, rows),
            }
        )
        for key in ("customer_id", "terminal_id"):
            yield Case((payments, key, parts), f"{parts} parts by {key}, some of them empty")


DEAL = Exercise(
    id="41.2",
    title="Deal the rows out",
    task="Write the last step of `deal`: a list of `parts` frames, of which frame n holds the rows "
    "whose key leaves the remainder n.",
    answer="deal",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show="pd.DataFrame({'transaction_id': [0, 1, 2, 3, 4], "
        "'customer_id': [7, 4, 7, 1, 4]}), 'customer_id', 3",
    ),
    solution=_form("[payments[part == n] for n in range(parts)]"),
    why="All rows of one key come into one part, so that windows of that key need no other part. A "
    "part without rows is there all the same: the next step expects one for each number.",
    hints=(
        "`part` says for each row which part it belongs to, from 0 to `parts - 1`.",
        "`payments[part == 0]` are the rows of the first part. You need a list of all of them.",
        "Go through the numbers: `[... for n in range(parts)]`.",
    ),
    also=(
        _form("[payments.loc[(part == n).to_numpy()] for n in range(parts)]"),
        _form("[payments.iloc[np.flatnonzero(part == n)] for n in range(parts)]"),
    ),
    mistakes=(
        Mistake(
            "cut into equal pieces",
            _form("[payments.iloc[rows] for rows in np.array_split(range(len(payments)), parts)]"),
            "These parts are equally long, but one customer's rows lie in several of them. Then no "
            "part can work out the customer's windows. Choose the rows by `part`.",
        ),
        Mistake(
            "empty parts are lost",
            _form("[rows for _, rows in payments.groupby(part)]"),
            "`groupby` gives a group only where there are rows, so a part without rows is missing "
            "and all later ones have a wrong number. Go through `range(parts)`.",
        ),
        Mistake(
            "counts from 1",
            _form("[payments[part == n] for n in range(1, parts + 1)]"),
            "A remainder goes from 0 to `parts - 1`. Counted from 1, the rows of part 0 are in no "
            "part at all: lost, and nothing has complained.",
        ),
        Mistake(
            "by the key itself",
            _form("[payments[payments[key] == n] for n in range(parts)]"),
            "This takes the customers with the numbers 0, 1, 2... and leaves out all others. "
            "Compare `part`, the remainder, with n.",
        ),
    ),
)
