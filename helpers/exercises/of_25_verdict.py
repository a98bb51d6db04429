"""Exercise 25.3: a release rule that looks every day and is still not fooled by luck."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    cases = (
        ("a challenger that saves much", 60.0),
        ("a challenger that costs much", -60.0),
        ("a challenger that is no different", 0.0),
        ("one that comes close and falls back", None),
    )
    for about, mean in cases:
        if mean is None:
            saved = [40.0, 45.0, 30.0, -160.0, -170.0, 20.0, 30.0, 160.0, 170.0, 180.0, 150.0]
        else:
            saved = rng.normal(mean, 100.0, 28).tolist()
        yield Case(([round(x, 1) for x in saved], 60.0, 10_000.0), about)


def _form(begin: str, body: str, end: str) -> str:
    return f"def verdict(saved, worth, variance):\n{begin}{body}{end}"


_BEGIN = "    evidence = 0\n    for day, money in enumerate(saved, 1):\n"
_ADD = "        evidence += worth * (money - worth / 2) / variance\n"
_LOOK = (
    "        if evidence >= log(20):\n"
    '            return "promote", day\n'
    "        if evidence <= -log(20):\n"
    '            return "stop", day\n'
)
_EXCHANGED = (
    "        if evidence <= -log(20):\n"
    '            return "promote", day\n'
    "        if evidence >= log(20):\n"
    '            return "stop", day\n'
)
_AT_THE_END = (
    "    if evidence >= log(20):\n"
    '        return "promote", len(saved)\n'
    '    return "stop", len(saved)'
)
_END = '    return "stop", len(saved)'
_SOLUTION = _form(_BEGIN, _ADD + _LOOK, _END)

VERDICT = Exercise(
    id="25.3",
    title="Promote, stop, or look another day",
    task="Write `verdict(saved, worth, variance)`: the decision on a release and the day on which "
    "it falls.",
    answer="verdict",
    given="from math import exp, log",
    trial=Calls(
        fresh=_fresh,
        show="[50.0, 70.0, 90.0, 80.0, 60.0, 90.0, 70.0, 100.0, 80.0, 90.0, 70.0], 60.0, 10_000.0",
    ),
    solution=_SOLUTION,
    why="The evidence may be looked at every day, since the bar of log(20) already pays for "
    "looking often: luck alone crosses it in at most one release of twenty (Wald, 1945), if the "
    "days are independent.",
    hints=(
        "Begin with `evidence = 0` and walk through the days with `enumerate(saved, 1)`.",
        "Each day adds `worth * (money - worth / 2) / variance`. Then compare the evidence with "
        "`log(20)` and with `-log(20)`.",
        'Where no bar was reached by the last day, return `"stop", len(saved)`: without proof the '
        "champion stays.",
    ),
    also=(
        "import itertools\n"
        "def verdict(saved, worth, variance):\n"
        "    steps = (worth * (money - worth / 2) / variance for money in saved)\n"
        "    for day, evidence in enumerate(itertools.accumulate(steps), 1):\n"
        "        if abs(evidence) >= log(20):\n"
        '            return ("promote" if evidence > 0 else "stop"), day\n'
        '    return "stop", len(saved)',
    ),
    mistakes=(
        Mistake(
            "looks at the last day alone",
            _form(_BEGIN, _ADD, _AT_THE_END),
            "This adds up all days and looks once, at the end, so a bad challenger takes up "
            "people's time to the end. Look after each day, inside the loop.",
        ),
        Mistake(
            "no evidence becomes a promotion",
            _form(_BEGIN, _ADD + _LOOK, '    return "promote", len(saved)'),
            "Where no bar was reached, this promotes. Without proof the champion stays: the "
            'default is `"stop"`.',
        ),
        Mistake(
            "forgets what the saving is held against",
            _form(_BEGIN, _ADD.replace("(money - worth / 2)", "money") + _LOOK, _END),
            'Half of `worth` is not taken off. The evidence weighs two stories, "saves nothing" '
            'and "saves `worth`", and the point between them is `worth / 2`.',
        ),
        Mistake(
            "each day for itself",
            _form(_BEGIN, _ADD.replace("+=", "=") + _LOOK, _END),
            "Each day is judged for itself. Evidence adds up: use `+=`.",
        ),
        Mistake(
            "promotes what costs money",
            _form(_BEGIN, _ADD + _EXCHANGED, _END),
            "The two bars are exchanged: this promotes the challenger that costs money. `saved` is "
            "what the challenger saves, so a high evidence speaks for it.",
        ),
        Mistake(
            "no bar at all",
            _form(_BEGIN, _ADD + _LOOK.replace("log(20)", "0"), _END),
            "With a bar of 0 the first day decides alone. A bar of `log(20)` keeps luck to one "
            "release in twenty.",
        ),
    ),
)
