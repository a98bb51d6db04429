"""Exercise of lesson 22: a till's risk, from the labels that were known at the time."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

GIVEN = "import numpy as np\nimport pandas as pd"
NOW = pd.Timestamp("2018-05-20 12:00")


def _frame(days_ago: np.ndarray, till: np.ndarray, is_fraud: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "time": NOW - pd.to_timedelta(days_ago, unit="D"),
            "terminal_id": till,
            "is_fraud": is_fraud.astype(bool),
        }
    )


def _histories(rng: np.random.Generator) -> Iterator[Case]:
    for days, delay in ((7, 7), (30, 7), (5, 14)):
        ago = rng.integers(-8, 4 * 50, 120) / 4  # quarters of a day: some hit an edge
        frame = _frame(ago, rng.integers(0, 3, 120), rng.random(120) < 0.4)
        yield Case((frame, NOW, 1, days, delay), f"a window of {days} days, {delay} days of delay")
    fraud = np.array([1, 0, 0, 1])
    edge = _frame(np.array([7.0, 9.0, 10.0, 14.0]), np.full(4, 1), fraud)
    yield Case((edge, NOW, 1, 7, 7), "payments exactly at the window's edges")
    last = _frame(np.array([9.0, 10.0, 14.0]), np.full(3, 1), fraud[1:])
    yield Case((last, NOW, 1, 7, 7), "a payment exactly at the window's far edge")
    fresh = _frame(np.array([0.0, 1.0, 6.9]), np.full(3, 1), np.array([1, 1, 0]))
    yield Case((fresh, NOW, 1, 7, 7), "labels that are not known yet")
    yield Case((fresh, NOW, 2, 7, 7), "no payment at this till")


_HEAD = (
    "def risk_of(payments, now, terminal, days, delay):\n"
    '    own = payments[payments["terminal_id"] == terminal]\n'
    "    until = now - pd.Timedelta(days=delay)\n"
    "    since = until - pd.Timedelta(days=days)\n"
)
_WINDOW = '    known = own[(own["time"] > since) & (own["time"] <= until)]\n'
_SHARE = '    return known["is_fraud"].mean() if len(known) else 0.0'


def _instead(old: str, new: str) -> str:
    code = _HEAD + _WINDOW + _SHARE
    if old not in code:
        raise ValueError(f"the solution has no {old!r}")
    return code.replace(old, new)


RISK = Exercise(
    id="22.3",
    title="A till's risk, at the time",
    task="Write `risk_of(payments, now, terminal, days, delay)`: the share of fraud among the "
    "till's labels that became known in the last `days` days before `now`; 0 where there are none.",
    answer="risk_of",
    given=GIVEN,
    trial=Calls(
        fresh=_histories,
        show="pd.DataFrame({'time': pd.to_datetime(['2018-05-01', '2018-05-06', '2018-05-08', "
        "'2018-05-10', '2018-05-19', '2018-05-09']), 'terminal_id': [1, 1, 1, 1, 1, 2], "
        "'is_fraud': [False, True, True, False, True, False]}), "
        "pd.Timestamp('2018-05-20'), 1, 7, 7",
    ),
    solution=_HEAD + _WINDOW + _SHARE,
    why="A label counts from the moment at which it is known, `delay` days after its payment. "
    "So both edges of the window move back by the delay.",
    hints=(
        "Turn it round: a label that became known between `now - days` and `now` belongs to a "
        "payment from how long ago?",
        "The newest payment with a known label was made at `now - delay`; the window reaches "
        "`days` further back from there.",
        "Keep the till's own payments with `since < time <= until`, where `until` is `now` minus "
        "the delay and `since` is `until` minus the days. Then take the mean of `is_fraud`, or "
        "0.0 if there are no rows.",
    ),
    also=(
        "def risk_of(payments, now, terminal, days, delay):\n"
        '    age = now - payments["time"]\n'
        "    first, last = pd.Timedelta(days=delay), pd.Timedelta(days=delay + days)\n"
        '    known = (payments["terminal_id"] == terminal) & (age >= first) & (age < last)\n'
        '    return payments["is_fraud"][known].sum() / max(known.sum(), 1)',
        "def risk_of(payments, now, terminal, days, delay):\n"
        '    known_at = payments["time"] + pd.Timedelta(days=delay)\n'
        "    since = now - pd.Timedelta(days=days)\n"
        '    own = payments["terminal_id"] == terminal\n'
        '    labels = payments.loc[own & (known_at <= now) & (known_at > since), "is_fraud"]\n'
        "    return float(np.nan_to_num(labels.mean()))",
    ),
    mistakes=(
        Mistake(
            "forgets the delay",
            _instead("until = now - pd.Timedelta(days=delay)", "until = now"),
            "These labels were not known yet: the delay is missing, and the payment's own label "
            "is in the window. Let the window end at `now` minus the delay.",
        ),
        Mistake(
            "only one edge moves",
            _instead("since = until -", "since = now -"),
            "Only the near edge of the window has moved, so the window has shrunk. It is `days` "
            "long: move the far edge back by the delay too.",
        ),
        Mistake(
            "no far edge",
            _instead('(own["time"] > since) & (own["time"] <= until)', 'own["time"] <= until'),
            "This counts every label ever known. Only the last `days` days are wanted: add the "
            "window's far edge.",
        ),
        Mistake(
            "divides by the window's length",
            _instead(
                'known["is_fraud"].mean() if len(known) else 0.0', "known.is_fraud.sum()/days"
            ),
            "This is frauds a day. A share divides by the number of labels in the window, not by "
            "its length in days.",
        ),
        Mistake(
            "counts frauds",
            _instead('known["is_fraud"].mean() if len(known) else 0.0', 'known["is_fraud"].sum()'),
            "This is the number of frauds. Divide it by the number of labels in the window to get "
            "a share.",
        ),
        Mistake(
            "all tills together",
            _instead('payments[payments["terminal_id"] == terminal]', "payments"),
            "This mixes the labels of all tills. Begin with the payments of this one till.",
        ),
        Mistake(
            "a gap where there are no labels",
            _instead(" if len(known) else 0.0", ""),
            "Where no label is known the mean of nothing is NaN. Give 0.0 there, as the task says.",
        ),
        Mistake(
            "near edge left out",
            _instead('own["time"] <= until', 'own["time"] < until'),
            "A label that becomes known exactly at `now` is known. Let the near edge belong to "
            "the window with `<=`.",
        ),
        Mistake(
            "far edge taken in",
            _instead('own["time"] > since', 'own["time"] >= since'),
            "The window is open at its far end: a label from exactly `days` days before has left "
            "it. Use `>` there, or windows that follow each other count it twice.",
        ),
    ),
)
