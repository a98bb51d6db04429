"""Exercise 21.4: a contract between two tables."""

import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

GIVEN = 'import pandas as pd\nSTATES = ["open", "won", "lost"]'
STATES = ("open", "won", "lost")
FORM = """
def dispute_breaches(disputes, payments):
    times = payments[["transaction_id", "time"]]
    joined = disputes.merge(times, on="transaction_id", how="{how}")
    counts = {{
        "dispute_id repeats": joined["dispute_id"].duplicated({keep}).sum(),
        "payment unknown": joined["time"].isna().sum(),
        "opened before payment": (joined["opened_at"] {early} joined["time"]).sum(),
        "state unknown": (~joined["state"].isin(STATES)).sum(),
    }}
    return {{rule: int(n) for rule, n in counts.items(){only}}}
"""


def _function(how="left", keep="", early="<", only=" if n > 0") -> str:
    return FORM.format(how=how, keep=keep, early=early, only=only)


def _deliveries(rng):
    """Disputes that keep the contract, and the same with a fault of each kind or of all."""
    rows = int(rng.integers(12, 30))
    time = pd.Timestamp("2018-06-01") + pd.to_timedelta(rng.integers(0, 2_000_000, rows), unit="s")
    payments = pd.DataFrame({"transaction_id": rng.permutation(10_000)[:rows], "time": time})
    payments["amount"] = rng.uniform(1, 200, rows).round(2)
    good = payments.iloc[: rows - 2][["transaction_id"]].copy()
    good.insert(0, "dispute_id", rng.permutation(900)[: len(good)])
    good["opened_at"] = payments["time"] + pd.to_timedelta(rng.integers(1, 40, rows), unit="D")
    good["state"] = rng.choice(STATES, len(good))
    good.iloc[0, 2] = payments["time"].iloc[0]  # in the very second of its payment
    yield Case((good, payments), "nothing wrong")
    yield Case((_repeated(good), payments), "a dispute_id that comes three times")
    yield Case((_unknown(good), payments), "a dispute of a payment that is not in the log")
    yield Case((_early(good), payments), "a dispute opened before its payment")
    yield Case((_strange(good), payments), "a state that the contract does not know")
    every = _strange(_early(_unknown(_repeated(good))))
    yield Case((every, payments), "every rule broken at once")


def _repeated(good: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([good, good.iloc[[1, 1]]], ignore_index=True)


def _unknown(good: pd.DataFrame) -> pd.DataFrame:
    stray = good.iloc[[2, 3]].assign(transaction_id=[20_001, 20_002], dispute_id=[901, 902])
    return pd.concat([good, stray.assign(state=["open", "mislaid"])], ignore_index=True)


def _early(good: pd.DataFrame) -> pd.DataFrame:
    changed = good.copy()
    changed.iloc[4, 2] -= pd.Timedelta(days=90)
    return changed


def _strange(good: pd.DataFrame) -> pd.DataFrame:
    changed = good.copy()
    changed.iloc[5:8, 3] = ["Won", "pending", None]
    return changed


DISPUTES = Exercise(
    id="21.4",
    title="A contract between two tables",
    task="Write `dispute_breaches(disputes, payments)`: each broken rule with its number of rows.",
    answer="dispute_breaches",
    given=GIVEN,
    trial=Calls(
        fresh=_deliveries,
        show="pd.DataFrame({'dispute_id': [1, 2, 2], 'transaction_id': [10, 11, 99], "
        "'opened_at': pd.to_datetime(['2018-06-01', '2018-06-20', '2018-06-21']), "
        "'state': ['open', 'won', 'gone']}), "
        "pd.DataFrame({'transaction_id': [10, 11], 'amount': [5.0, 7.0], "
        "'time': pd.to_datetime(['2018-06-02', '2018-06-03'])})",
    ),
    solution=_function(),
    why="A contract can hold between tables: every dispute needs its payment, and may not come "
    "before it. A left join from the disputes keeps the rows that find no partner, which are the "
    "ones you look for.",
    hints=(
        "Bring the payment's `time` to each dispute with a join. Which kind of join keeps a "
        "dispute whose payment is not there?",
        'After `joined = disputes.merge(payments[["transaction_id", "time"]], '
        'on="transaction_id", how="left")` a payment that was not found has an empty `time`.',
        "Each rule is a column of True and False, and `.sum()` counts its True: `duplicated()`, "
        "`isna()`, `<`, `~isin(STATES)`. Put the counts in a dict and keep those above 0.",
    ),
    also=(
        """
def dispute_breaches(disputes, payments):
    time = disputes["transaction_id"].map(payments.set_index("transaction_id")["time"])
    broken = pd.DataFrame({
        "dispute_id repeats": disputes.duplicated("dispute_id"),
        "payment unknown": ~disputes["transaction_id"].isin(payments["transaction_id"]),
        "opened before payment": disputes["opened_at"] < time,
        "state unknown": ~disputes["state"].isin(["open", "won", "lost"]),
    })
    counts = broken.sum()
    return counts[counts > 0].to_dict()
""",
    ),
    mistakes=(
        Mistake(
            "rules that were kept are listed too",
            _function(only=""),
            "The counts are right, but rules that were kept stand in the dict with a 0, so a good "
            "delivery does not give an empty dict. Keep only the counts above 0.",
        ),
        Mistake(
            "inner join",
            _function(how="inner"),
            "Disputes of unknown payments are never counted: an inner join throws them away before "
            'you look. Join with `how="left"` from the disputes, and look for an empty `time`.',
        ),
        Mistake(
            "the first one counted as a repeat",
            _function(keep="keep=False"),
            "The first row with an id is no repeat; those after it are. Leave `keep=False` out, "
            "for `duplicated()` alone marks the second and later ones.",
        ),
        Mistake(
            "the same second counted as early",
            _function(early="<="),
            "A dispute in the very second of its payment keeps the contract, by its words: "
            '"before" is `<`, and you have `<=`.',
        ),
        Mistake(
            "the join turned round",
            _function(how="right"),
            "A right join keeps every payment and loses the disputes that have none, so payments "
            "without a dispute are counted as faults. Every row of `disputes` has to stay: "
            '`how="left"`.',
        ),
    ),
)
