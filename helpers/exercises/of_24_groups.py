"""Exercise 24.1: whom the false alarms meet, with its last step missing."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, names in ((80, ["old", "new"]), (300, ["north", "south", "east"])):
        alarm, is_fraud = rng.random((2, rows)) < [[0.4], [0.2]]
        payments = pd.DataFrame({"group": rng.choice(names, rows), "is_fraud": is_fraud})
        yield Case((payments, alarm), f"{rows} payments in {len(names)} groups")


def _form(last_step: str) -> str:
    return (
        "def wrong_alarms(payments, alarm):\n"
        "    scored = payments.assign(alarm=alarm)\n"
        '    genuine = scored[~scored["is_fraud"]]\n'
        f"    {last_step}"
    )


_SOLUTION = _form('return genuine.groupby("group")["alarm"].mean()')

GROUPS = Exercise(
    id="24.1",
    title="Whom the false alarms meet",
    task="Write the last step of `wrong_alarms(payments, alarm)`: for each group the share of its "
    "genuine payments that raised an alarm.",
    answer="wrong_alarms",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show='pd.DataFrame({"group": ["new", "new", "new", "old", "old", "old", "old"], '
        '"is_fraud": [False, False, True, False, False, False, True]}), '
        "np.array([True, False, True, True, False, False, False])",
    ),
    solution=_SOLUTION,
    why="The mean of True and False is a share. Taken within each group, and among genuine "
    "payments alone, it is the false positive rate: what an honest customer of that group meets.",
    hints=(
        "`genuine` holds one row for each genuine payment, with its group and its alarm.",
        "Group by `group`, take the column `alarm`; its mean is the share of True.",
        'It is `genuine.groupby("group")["alarm"]` and then `.mean()`.',
    ),
    also=(
        _form(
            "return pd.Series({name: part['alarm'].mean() "
            "for name, part in genuine.groupby('group')})"
        ),
        "def wrong_alarms(payments, alarm):\n"
        "    genuine, group = ~payments['is_fraud'], payments['group']\n"
        "    wrong = genuine & alarm\n"
        "    return wrong.groupby(group).sum() / genuine.groupby(group).sum()",
    ),
    mistakes=(
        Mistake(
            "counts for shares",
            _form('return genuine.groupby("group")["alarm"].sum()'),
            "These are numbers of alarms. A large group has more of everything: divide by the "
            "group's genuine payments, which `.mean()` does.",
        ),
        Mistake(
            "the groups' shares of all alarms",
            _form("return genuine[genuine['alarm']]['group'].value_counts(normalize=True)"),
            "This says how the false alarms divide among the groups. A large group gets many even "
            "if it is treated well. Ask within each group: of its genuine payments, which share?",
        ),
        Mistake(
            "fraud is counted too",
            _form('return scored.groupby("group")["alarm"].mean()'),
            "This takes all payments, frauds among them. An alarm for a fraud is right: take the "
            "rows of `genuine`.",
        ),
        Mistake(
            "over all payments of the group",
            _form(
                'return genuine.groupby("group")["alarm"].sum() / scored.groupby("group").size()'
            ),
            "The numerator is right; it is divided by all payments of the group, frauds among "
            "them. Divide by its genuine payments.",
        ),
        Mistake(
            "no groups",
            _form('return genuine["alarm"].mean()'),
            "This is one share for everybody, the average that hides. Take it for each `group`.",
        ),
    ),
)
