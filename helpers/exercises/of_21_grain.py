"""Exercises 21.1 and 21.2: is this a key, and a join that keeps the grain."""

import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order

GIVEN = "import pandas as pd"


def _tables(rng):
    """Tables of visits in which `till` and `day` together are a key, or are one no longer."""
    days = pd.date_range("2018-06-01", periods=int(rng.integers(3, 9)))
    whole = pd.DataFrame(
        [(till, day) for till in range(5) for day in days], columns=["till", "day"]
    )
    whole = whole.sample(frac=1, random_state=int(rng.integers(1 << 30))).reset_index(drop=True)
    whole["takings"] = rng.uniform(1, 500, len(whole)).round(2)
    twice = pd.concat([whole, whole.iloc[[2]].assign(takings=-1.0)], ignore_index=True)
    again = pd.concat([whole, whole.iloc[[3]]], ignore_index=True)
    gap = whole.astype({"till": "float64"})
    gap.loc[1, "till"] = None
    both = pd.concat([gap, gap.iloc[[3]]], ignore_index=True)
    key = ["till", "day"]
    yield Case((whole, key), "two columns that are a key together")
    yield Case((whole, ["till"]), "half a key")
    yield Case((twice, key), "a key that comes twice, with other takings")
    yield Case((again, key), "a row that was sent twice")
    yield Case((gap, key), "a gap in the key")
    yield Case((both, key), "a gap and a repeat in the key")
    yield Case((whole.iloc[:0], key), "no rows at all")


IS_KEY = Exercise(
    id="21.1",
    title="Is this a key?",
    task="Finish `is_key(table, columns)`: True where they name each row once, without gaps.",
    answer="is_key",
    given=GIVEN,
    trial=Calls(
        fresh=_tables,
        show="pd.DataFrame({'till': [1, 1, None], 'day': ['Mon', 'Tue', 'Mon']}), ['till', 'day']",
    ),
    solution="""
def is_key(table, columns):
    repeats = table.duplicated(columns).any()
    gaps = table[columns].isna().any(axis=None)
    return not repeats and not gaps
""",
    why="A key names each row once: one repeat is too many, and a gap names nothing. Both have to "
    "be absent.",
    hints=(
        "`repeats` and `gaps` are True where something is wrong. A key is the opposite of wrong.",
        "Neither may be there: `not ... and not ...`.",
    ),
    also=(
        """
def is_key(table, columns):
    return not (table.duplicated(columns).any() or table[columns].isna().any(axis=None))
""",
        """
def is_key(table, columns):
    return len(table[columns].dropna().drop_duplicates()) == len(table)
""",
    ),
    mistakes=(
        Mistake(
            "the wrong way round",
            """
def is_key(table, columns):
    return table.duplicated(columns).any() or table[columns].isna().any(axis=None)
""",
            "This is True where something is wrong with the key. Turn it round: a key has neither "
            "repeats nor gaps.",
        ),
        Mistake(
            "gaps forgotten",
            """
def is_key(table, columns):
    return not table.duplicated(columns).any()
""",
            "Repeats are looked for, but a row with a gap in its key passes, and such a row can "
            "neither be found nor joined. Use `gaps` too.",
        ),
        Mistake(
            "repeats forgotten",
            """
def is_key(table, columns):
    return not table[columns].isna().any(axis=None)
""",
            "Gaps are looked for, but a key may come twice here. Use `repeats` too: it is the "
            "repeats that multiply rows in a join.",
        ),
        Mistake(
            "or for and",
            """
def is_key(table, columns):
    return not table.duplicated(columns).any() or not table[columns].isna().any(axis=None)
""",
            "With `or` one virtue is enough: a table with repeats passes if only it has no gaps. "
            "A key needs both, so join them with `and`.",
        ),
        Mistake(
            "whole rows",
            """
def is_key(table, columns):
    return not table.duplicated().any() and not table[columns].isna().any(axis=None)
""",
            "This compares whole rows. Two rows with the same key and other takings are not equal, "
            "and it is them you look for: give `columns` to `duplicated`.",
        ),
    ),
)


def _disputed(rng):
    """Payments, and disputes of some of them: several each, in no order of time."""
    for rows in (6, 40):
        ids = rng.permutation(1_000)[:rows]
        payments = pd.DataFrame(
            {"transaction_id": ids, "amount": rng.uniform(1, 200, rows).round(2)}
        )
        many = ids[: rows // 2].repeat(2)
        order = rng.permutation(len(many))
        opened = pd.Timestamp("2018-07-01") + pd.to_timedelta(order, unit="h")
        state = [f"state {n}" for n in order]
        disputes = pd.DataFrame({"transaction_id": many, "opened_at": opened, "state": state})
        first = disputes.sort_values("opened_at", ascending=False)  # the latest comes first
        yield Case((payments, first.reset_index(drop=True)), "two disputes of one payment")


LATEST = Exercise(
    id="21.2",
    title="A join that keeps the grain",
    task="Put the lines in order: each payment once, with the state of its latest dispute.",
    answer="lines_21_2",
    given=GIVEN,
    lines=(
        'joined = payments.merge(disputes, on="transaction_id", how="left")',
        "return joined",
        'disputes = disputes.drop_duplicates("transaction_id", keep="last")',
        'joined["state"] = joined["state"].fillna("no dispute")',
        'disputes = disputes.sort_values("opened_at")',
    ),
    trial=Calls(
        fresh=_disputed,
        show="pd.DataFrame({'transaction_id': [1, 2], 'amount': [9.5, 20.0]}), "
        "pd.DataFrame({'transaction_id': [1, 1], "
        "'opened_at': pd.to_datetime(['2018-07-09', '2018-07-02']), 'state': ['lost', 'open']})",
        prepare=in_order("def with_latest_dispute(payments, disputes):"),
    ),
    solution='lines_21_2 = "E C A D B"',
    why="Bring the many side to the grain of the other before you join, and say which of the many "
    "you want: the latest. Then a left join can neither add nor lose a payment.",
    hints=(
        "How many rows of one payment may `disputes` have when it is joined?",
        '`keep="last"` keeps the last row as they stand. So how must they stand before it?',
        "Sort, keep the last, join, fill, return.",
    ),
    also=('lines_21_2 = ["e", "c", "a", "d", "b"]',),
    mistakes=(
        Mistake(
            "return before the join",
            'lines_21_2 = "E C B A D"',
            "It returns `joined` before there is one. A value has to be made before it is used: "
            "move the `return` down.",
            before("B", "A"),
        ),
        Mistake(
            "return before the gaps are filled",
            'lines_21_2 = "E C A B D"',
            "A `return` ends the function, so line D below it never runs, and payments without a "
            "dispute keep an empty state. The `return` comes last.",
            before("B", "D"),
        ),
        Mistake(
            "joined too early",
            'lines_21_2 = "E A C D B"',
            "The join comes while a payment may still have several disputes, so it comes out once "
            "for each. Bring `disputes` to one row a payment first (line C), then join.",
            before("A", "C"),
        ),
        Mistake(
            "not the latest",
            'lines_21_2 = "C E A D B"',
            'The grain is kept, but which dispute stays is left to chance: `keep="last"` takes the '
            "last row as they happen to stand. Sort by `opened_at` before it.",
            before("C", "E"),
        ),
    ),
)
