"""Exercise 26.4: say from a dashboard alone what is wrong."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_TRIES = 20


def clear(board: pd.DataFrame, cause: str) -> bool:
    """Whether a board speaks plainly, so that two careful people would read it alike."""
    before, now = board.iloc[:14].mean(), board.iloc[-7:].mean()
    rise = now["chargebacks"] / before["chargebacks"]
    if cause == "new fraud":
        return bool(rise > 1.6)
    return cause not in ("nothing", "new customers") or bool(rise < 1.25)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    from helpers.monitoring.incidents import CAUSES, incident

    for cause in map(str, rng.permutation(CAUSES)):
        boards = (incident(cause, int(seed)) for seed in rng.integers(0, 10_000, _TRIES))
        yield Case((next(board for board in boards if clear(board, cause)),), "a fresh incident")


_WINDOWS = "    before, now = board.iloc[:14].mean(), board.iloc[-7:].mean()\n"
_LABELS = '    if now["label_age"] > 2:\n        return "labels stopped"\n'
_DOWN = '    if now["by_rule"] > 0.1:\n        return "model down"\n'
_CENTS = '    if now["amount"] > 2 * before["amount"]:\n        return "amounts in cents"\n'
_CUSTOMERS = '    if now["payments"] > 1.15 * before["payments"]:\n        return "new customers"\n'
_FRAUD = '    if now["chargebacks"] > 1.4 * before["chargebacks"]:\n        return "new fraud"\n'
_NOTHING = '    return "nothing"'


def _form(*steps: str, windows: str = _WINDOWS) -> str:
    return f"def diagnose(board):\n{windows}{''.join(steps)}{_NOTHING}"


_SOLUTION = _form(_LABELS, _DOWN, _CENTS, _CUSTOMERS, _FRAUD)

INCIDENT = Exercise(
    id="26.4",
    title="Diagnose an incident",
    task="Write `diagnose(board)`: the cause, one of the six in `CAUSES`, from the board's figures "
    "alone.",
    answer="diagnose",
    given="import numpy as np\nimport pandas as pd\n"
    "from helpers.monitoring.incidents import CAUSES, incident",
    trial=Calls(fresh=_fresh, show="incident('model down', 3)"),
    solution=_SOLUTION,
    why="The causes that name themselves come first: no label, no model, another unit. Only then "
    "does drift or a rise of chargebacks mean what it seems to mean.",
    hints=(
        "Compare two stretches: the first fortnight, in which all was well, and the last week. "
        "`board.iloc[:14].mean()` gives the mean of each figure.",
        "Begin with the figures that only one cause can move: `label_age`, `by_rule`, `amount`. "
        "Each answer is a `return`.",
        "What is left is told by `payments` (more customers) and `chargebacks` (more fraud that "
        "was missed). If neither has risen clearly, the cause is `nothing`.",
    ),
    also=(
        "def diagnose(board):\n"
        "    early, late = board.head(14).median(), board.tail(7).median()\n"
        '    if board["precision"].tail(3).isna().all():\n'
        '        return "labels stopped"\n'
        '    if late["by_rule"] > 0.2:\n'
        '        return "model down"\n'
        '    if late["amount"] > 3 * early["amount"]:\n'
        '        return "amounts in cents"\n'
        '    if late["payments"] > early["payments"] * 1.2:\n'
        '        return "new customers"\n'
        '    more = late["chargebacks"] > 1.35 * early["chargebacks"]\n'
        '    return "new fraud" if more else "nothing"',
    ),
    mistakes=(
        Mistake(
            "all drift is new customers",
            _form(
                '    if now["drift"] > 0.1:\n        return "new customers"\n',
                *(_LABELS, _DOWN, _CENTS, _FRAUD),
            ),
            "You ask for drift first. Labels that stop and amounts in cents move the features too: "
            "begin with the figures that only one cause can move.",
        ),
        Mistake(
            "chargebacks before the model",
            _form(_FRAUD, _LABELS, _DOWN, _CENTS, _CUSTOMERS),
            "You ask for chargebacks first. They also rise where the model does not decide and the "
            "rule misses more. Look at `by_rule` before you blame a new kind of fraud.",
        ),
        Mistake(
            "new fraud by the precision",
            _form(
                *(_LABELS, _DOWN, _CENTS, _CUSTOMERS),
                '    if now["precision"] < 0.7 * before["precision"]:\n'
                '        return "new fraud"\n',
            ),
            "You look for new fraud in the precision of the reviews. A fraud that the model does "
            "not know gets no high score, so it is never reviewed, and precision stays as it was. "
            "It comes back as chargebacks.",
        ),
        Mistake(
            "looks at the first days alone",
            _form(
                *(_LABELS, _DOWN, _CENTS, _CUSTOMERS, _FRAUD),
                windows="    before, now = board.iloc[-7:].mean(), board.iloc[:14].mean()\n",
            ),
            "Here the first fortnight is taken for now and the last week for before. In the first "
            "14 days all is well: compare the last week with them.",
        ),
        Mistake(
            "nothing about labels",
            _form(_DOWN, _CENTS, _CUSTOMERS, _FRAUD),
            "Nothing in your function asks whether labels still come. Without them chargebacks are "
            "0, and all looks well.",
        ),
        Mistake(
            "everything is fraud or nothing",
            _form(_FRAUD),
            "Only chargebacks are looked at. Four other causes never appear in your answers.",
        ),
    ),
)
