"""Exercise 41.4: cut a hot key by time, each block with the past that its windows need."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

GIVEN = '''\
import numpy as np
import pandas as pd


def lately(rows):
    """For each payment, how many there were in the 3 days up to it."""
    time = rows["time"].to_numpy()
    first = np.searchsorted(time, time - np.timedelta64(3, "D"), side="right")
    last = np.searchsorted(time, time, side="right")
    return pd.DataFrame({"payments": last - first}, rows.index)
'''

_FORM = """
def in_blocks(build, payments, days, margin):
    time, day = payments["time"], pd.Timedelta(days=1)
    begin, made = time.min().normalize(), []
    while begin <= time.max():
        end = begin + days * day
        near = payments[(time >= {start}) & (time < end)]
        made.append({made})
        begin = end
    return pd.concat(made)
"""


def _form(start: str = "begin - margin * day", made: str = 'build(near)[near["time"] >= begin]'):
    return _FORM.format(start=start, made=made)


def _lately():
    names = {}
    exec(GIVEN, names)
    return names["lately"]


def _narrow(days: int, margin: int):
    """`lately`, for no more rows than a block with a margin, or two, may hold."""
    lately = _lately()

    def build(rows):
        span = rows["time"].max() - rows["time"].min()
        if len(rows) and span > pd.Timedelta(days=days + 2 * margin):
            raise ValueError("these are more rows than a block and its margin")
        return lately(rows)

    return build


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for rows, days, margin in ((400, 5, 3), (400, 2, 3), (500, 7, 4)):
        minutes = np.sort(rng.integers(0, 30 * 24 * 60, rows))
        time = pd.Timestamp("2018-06-01 09:00") + pd.to_timedelta(minutes, unit="min")
        payments = pd.DataFrame({"transaction_id": range(rows), "time": time})
        yield Case(
            (_narrow(days, margin), payments, days, margin),
            f"blocks of {days} days and a margin of {margin}",
        )


BLOCKS = Exercise(
    id="41.4",
    title="A hot key, cut by time",
    task="Write `in_blocks(build, payments, days, margin)`: the same as `build(payments)`, made "
    "block by block of `days` days, each with the `margin` days before it.",
    answer="in_blocks",
    given=GIVEN,
    trial=Calls(
        fresh=_fresh,
        show='lately, pd.DataFrame({"transaction_id": range(6), "time": pd.to_datetime('
        '["2018-06-01", "2018-06-02", "2018-06-03", "2018-06-04", "2018-06-05", "2018-06-07"])}), '
        "2, 3",
    ),
    solution=_form(),
    why="A block with the margin before it holds all that its windows look at, so its rows get the "
    "same features as among all rows. The margin's own rows were made with the block before.",
    hints=(
        "Go through time from the first day on, `days` at a time. For each block choose the rows "
        "it needs, which are more than its own.",
        "The rows it needs: from `begin - pd.Timedelta(days=margin)` up to the block's end. "
        "`build` them all.",
        "Of what `build` gives keep the block's own rows, those from `begin` on; `pd.concat` puts "
        "the blocks together.",
    ),
    also=(
        """
def in_blocks(build, payments, days, margin):
    start = payments["time"].min().normalize()
    block = (payments["time"] - start) // pd.Timedelta(days=days)
    made = []
    for number in sorted(block.unique()):
        first = start + pd.Timedelta(days=int(number) * days - margin)
        near = payments[(payments["time"] > first) & (block <= number)]
        made.append(build(near).loc[block.index[block == number]])
    return pd.concat(made)
""",
        _form(start="begin - 2 * margin * day"),
    ),
    mistakes=(
        Mistake(
            "no margin",
            _form(start="begin"),
            "Each block starts without a past, so the first payments of a block look as if nothing "
            "had been before them. Give `build` the `margin` days before the block too.",
        ),
        Mistake(
            "keeps the margin",
            _form(made="build(near)"),
            "There are too many rows: the margin's payments come out with their own block and with "
            "the next one. Keep of each block only the rows from its beginning on.",
        ),
        Mistake(
            "one block for a margin",
            _form(start="begin - days * day"),
            "The margin is taken as long as a block. Where blocks are shorter than the windows "
            "that is too little: take `margin` days.",
        ),
        Mistake(
            "a margin of hours",
            _form(start="begin - margin * day / 24"),
            "The margin is measured in hours here; it is given in days: "
            "`pd.Timedelta(days=margin)`.",
        ),
    ),
)
