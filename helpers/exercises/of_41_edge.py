"""Exercise 41.1: the rows that lie before a window, in SQL."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_FORM = '''
def at_the_till(payments, hours):
    before = {}
    return duckdb.sql(f"""
        SELECT transaction_id, row_number() OVER now - count(*) OVER until AS payments
        FROM payments
        WINDOW now AS (PARTITION BY terminal_id ORDER BY time, transaction_id
                       ROWS UNBOUNDED PRECEDING),
               until AS (PARTITION BY terminal_id ORDER BY time {{before}})
        ORDER BY transaction_id
    """).df()
'''


def _form(frame: str) -> str:
    return _FORM.format(frame)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, hours in ((40, 2), (120, 5)):
        minutes = np.sort(rng.integers(0, 12 * 4, rows)) * 15
        payments = pd.DataFrame(
            {
                "transaction_id": range(rows),
                "time": pd.Timestamp("2018-06-04") + pd.to_timedelta(minutes, unit="min"),
                "terminal_id": rng.integers(0, 3, rows),
            }
        )
        yield Case((payments, hours), f"windows of {hours} hours and payments in the same minute")


_RANGE = "RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL {hours} HOURS PRECEDING"

EDGE = Exercise(
    id="41.1",
    title="What lies before the window",
    task="Write the frame `before` of `at_the_till`: all payments at the till that are `hours` or "
    "more older than this one.",
    answer="at_the_till",
    given="import duckdb\nimport pandas as pd",
    trial=Calls(
        fresh=_fresh,
        show="pd.DataFrame({'transaction_id': [0, 1, 2, 3], 'terminal_id': [5, 5, 5, 5], 'time': "
        "pd.to_datetime(['2018-06-04 09:00', '2018-06-04 10:30', '2018-06-04 11:00', "
        "'2018-06-04 11:00'])}), 2",
    ),
    solution=_form(f'f"{_RANGE}"'),
    why="The window is (t - hours, t], so what lies before it goes from the beginning up to and "
    "including t - hours. `RANGE` measures in time, `ROWS` in rows.",
    hints=(
        "Look at `until` in the cell above: it has one beginning and one end. What changes when "
        "days become hours?",
        "A frame is `RANGE BETWEEN <beginning> AND <end>`. It begins with the till's first row.",
        "The end is `INTERVAL {hours} HOURS PRECEDING`; the text needs an f in front.",
    ),
    also=(
        _form(
            'f"RANGE BETWEEN UNBOUNDED PRECEDING AND to_minutes({60 * hours}) PRECEDING"',
        ),
        _form(f'"{_RANGE}".format(hours=hours)'),
    ),
    mistakes=(
        Mistake(
            "the window itself",
            _form('f"RANGE BETWEEN INTERVAL {hours} HOURS PRECEDING AND CURRENT ROW"'),
            "This frame is the window itself. Its count is taken off, so what is left is what lay "
            "before. `before` has to end where the window begins.",
        ),
        Mistake(
            "rows for time",
            _form('f"ROWS BETWEEN UNBOUNDED PRECEDING AND {hours} PRECEDING"'),
            "`ROWS` counts rows, so this ends so many payments ago and not so many hours ago. "
            "Time is measured by `RANGE` and an `INTERVAL`.",
        ),
        Mistake(
            "days for hours",
            _form('f"RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL {hours} DAYS PRECEDING"'),
            "Here the window is as many days long as it should be hours: `INTERVAL {hours} HOURS`.",
        ),
        Mistake(
            "everything so far",
            _form('"RANGE UNBOUNDED PRECEDING"'),
            "This counts everything up to now and takes it off again, so next to nothing is left. "
            "`before` has to end `hours` ago.",
        ),
    ),
)
