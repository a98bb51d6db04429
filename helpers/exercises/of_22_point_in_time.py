"""Exercise of lesson 22: a test that tells features of the moment from features of the future."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

GIVEN = "import numpy as np\nimport pandas as pd"
Build = Callable[[pd.DataFrame], pd.DataFrame]


def _feature(payments: pd.DataFrame, values) -> pd.DataFrame:
    return pd.DataFrame({"value": np.asarray(values, dtype=float)}, index=payments.index)


def _earlier(payments: pd.DataFrame, key: str) -> np.ndarray:
    """Row i, column j: whether payment j has i's key and was not made after it."""
    time, group = payments["time"].to_numpy(), payments[key].to_numpy()
    return (group[:, None] == group) & (time[:, None] >= time)


def _share(payments: pd.DataFrame, counted: np.ndarray) -> pd.DataFrame:
    label = payments["is_fraud"].to_numpy().astype(float)
    frauds = np.where(counted, label, 0.0).sum(axis=1)
    return _feature(payments, frauds / np.maximum(counted.sum(axis=1), 1))


def _customer_count(payments: pd.DataFrame) -> pd.DataFrame:
    return _feature(payments, _earlier(payments, "customer_id").sum(axis=1))


def _since_last(payments: pd.DataFrame) -> pd.DataFrame:
    gap = payments.groupby("customer_id")["time"].diff()
    return _feature(payments, gap.dt.total_seconds())


def _known_risk(payments: pd.DataFrame) -> pd.DataFrame:
    known = payments["known_at"].to_numpy() <= payments["time"].to_numpy()[:, None]
    return _share(payments, _earlier(payments, "terminal_id") & known)


def _own_label(payments: pd.DataFrame) -> pd.DataFrame:
    return _share(payments, _earlier(payments, "terminal_id"))


def _labels_at_once(payments: pd.DataFrame) -> pd.DataFrame:
    not_own = ~np.eye(len(payments), dtype=bool)
    return _share(payments, _earlier(payments, "terminal_id") & not_own)


def _whole_count(payments: pd.DataFrame) -> pd.DataFrame:
    return _feature(payments, payments.groupby("customer_id")["time"].transform("count"))


def _until_next(payments: pd.DataFrame) -> pd.DataFrame:
    gap = payments.groupby("customer_id")["time"].diff(-1)
    return _feature(payments, gap.dt.total_seconds())


def _whole_risk(payments: pd.DataFrame) -> pd.DataFrame:
    labels = payments["is_fraud"].astype(float)
    return _feature(payments, labels.groupby(payments["terminal_id"]).transform("mean"))


BUILDERS: tuple[tuple[str, Build], ...] = (
    ("features that are the amount alone", lambda p: _feature(p, p["amount"])),
    ("features that count the customer's payments so far", _customer_count),
    ("features that are missing at a customer's first payment", _since_last),
    ("features that use each label from known_at on", _known_risk),
    ("a builder that counts a payment's own label", _own_label),
    ("a builder that uses the labels of the past at once", _labels_at_once),
    ("a builder that counts the customer's payments over all rows", _whole_count),
    ("a builder that knows the customer's next payment", _until_next),
    ("a builder that ranks amounts over all rows", lambda p: _feature(p, p["amount"].rank())),
    (
        "a builder that subtracts the mean of all rows",
        lambda p: _feature(p, p["amount"] - p["amount"].mean()),
    ),
    ("a builder that takes the till's share of fraud over all rows", _whole_risk),
)


def _payments(rng: np.random.Generator, rows: int = 50) -> pd.DataFrame:
    hours = np.sort(rng.choice(24 * 30, rows, replace=False))
    time = pd.Timestamp("2018-04-01") + pd.to_timedelta(hours, unit="h")
    return pd.DataFrame(
        {
            "time": time,
            "customer_id": rng.integers(0, 4, rows),
            "terminal_id": rng.integers(0, 4, rows),
            "amount": rng.uniform(1, 99, rows).round(2),
            "is_fraud": rng.random(rows) < 0.5,
            "known_at": time + pd.to_timedelta(rng.integers(3, 15, rows), unit="D"),
        }
    )


def _tried_on(rng: np.random.Generator) -> Iterator[Case]:
    for about, build in BUILDERS:
        payments = _payments(rng)
        yield Case((build, payments, payments["time"].iloc[30]), about)


_SHOW = (
    "lambda p: p[['is_fraud']].cumsum(), "
    "pd.DataFrame({'time': pd.to_datetime(['2018-04-01', '2018-04-03', '2018-04-12']), "
    "'known_at': pd.to_datetime(['2018-04-08', '2018-04-20', '2018-04-19']), "
    "'customer_id': [1, 1, 2], 'terminal_id': [5, 5, 5], 'amount': [10.0, 20.0, 30.0], "
    "'is_fraud': [True, False, False]}), pd.Timestamp('2018-04-10')"
)
_LINES = {
    "def": "def is_point_in_time(build, payments, t):\n",
    "seen": '    seen = payments["time"] <= t\n',
    "late": '    late = payments["known_at"] > t\n',
    "changed": '    changed = payments.assign(is_fraud=payments["is_fraud"] ^ late)[seen]\n',
    "end": "    return build(payments)[seen].equals(build(changed))",
}


def _with(**other: str) -> str:
    return "".join((_LINES | other).values())


POINT_IN_TIME = Exercise(
    id="22.4",
    title="A test for leaks",
    task="Write `is_point_in_time(build, payments, t)`: True when no feature at or before t moves, "
    "whatever happens to rows after t and to labels that are not known at t.",
    answer="is_point_in_time",
    given=GIVEN,
    trial=Calls(fresh=_tried_on, show=_SHOW),
    solution=_with(),
    why="What was not known at t may be anything, so a feature of that moment must not depend on "
    "it. Rows become known at `time`, labels at `known_at`: both are changed.",
    hints=(
        "Build the features twice: once from the payments as they are, once from a copy whose "
        "future is another one. Then compare the rows at or before t.",
        "Two things belong to the future: rows with `time > t`, which you can cut off, and labels "
        "with `known_at > t`, which you can flip. Labels of early payments are among them.",
        '`payments["is_fraud"] ^ late` flips the labels where `late` is True. Compare with '
        "`.equals`, for which two gaps (NaN) are the same.",
    ),
    also=(
        "def is_point_in_time(build, payments, t):\n"
        "    changed = payments.copy()\n"
        '    late = changed["known_at"] > t\n'
        '    changed.loc[late, "is_fraud"] = ~changed.loc[late, "is_fraud"]\n'
        '    changed = changed[changed["time"] <= t]\n'
        "    before, after = build(payments).loc[changed.index], build(changed)\n"
        "    return bool(((before == after) | (before.isna() & after.isna())).all().all())",
        "def is_point_in_time(build, payments, t):\n"
        '    seen, late = payments["time"] <= t, payments["known_at"] > t\n'
        '    flipped = payments.assign(is_fraud=payments["is_fraud"] ^ late)\n'
        "    now = build(payments)[seen]\n"
        "    return now.equals(build(payments[seen])) and now.equals(build(flipped)[seen])",
    ),
    mistakes=(
        Mistake(
            "rows only",
            _with(changed="    changed = payments[seen]\n"),
            "Rows after t are changed, but labels of earlier payments that were not known yet are "
            "left alone, so a builder that uses them passes. Flip every label with `known_at > t`.",
        ),
        Mistake(
            "labels only",
            _with(
                changed='    changed = payments.assign(is_fraud=payments["is_fraud"] ^ late)\n',
                end="    return build(payments)[seen].equals(build(changed)[seen])",
            ),
            "Labels are changed, but the rows after t are still there, so a builder that looks at "
            "later amounts or counts later payments passes. Cut those rows off too.",
        ),
        Mistake(
            "amounts changed, rows left in place",
            _with(
                changed='    changed = payments.assign(is_fraud=payments["is_fraud"] ^ late)\n'
                '    changed.loc[~seen, "amount"] = 0.0\n',
                end="    return build(payments)[seen].equals(build(changed)[seen])",
            ),
            "Later payments get another amount but stay in place, so a builder that counts them "
            "or knows when they come passes. Cut them off.",
        ),
        Mistake(
            "compares all rows",
            _with(end="    return build(payments).equals(build(changed))"),
            "No builder passes, for rows that were cut off or changed on purpose are compared too. "
            "Compare the rows at or before t, and leave the payment at t itself in.",
        ),
        Mistake(
            "a gap is not a gap",
            _with(end="    return (build(payments)[seen] == build(changed)).all(axis=None)"),
            "NaN == NaN is False, so features with a gap fail although nothing has moved. "
            "`.equals` takes two gaps in the same place as the same.",
        ),
        Mistake(
            "drops payments whose label is late",
            _with(changed="    changed = payments[seen & ~late]\n").replace(
                "build(payments)[seen].equals(build(changed))",
                "build(payments).loc[changed.index].equals(build(changed))",
            ),
            "Payments whose label is not known yet are dropped, but the payment itself was known. "
            "Flip its label and leave the row.",
        ),
        Mistake(
            "never finds a leak",
            "def is_point_in_time(build, payments, t):\n"
            "    changed = payments\n"
            '    changed["is_fraud"] = changed["is_fraud"] ^ (changed["known_at"] > t)\n'
            '    seen = changed["time"] <= t\n'
            "    return build(payments)[seen].equals(build(changed)[seen])",
            "It finds no leak in any builder. Does it compare a frame with itself? `changed = "
            "payments` gives the same frame a second name; make a `.copy()` or use `.assign`.",
        ),
        Mistake(
            "the wrong way round",
            _with(end="    return not build(payments)[seen].equals(build(changed))"),
            "The answer is turned round: True is wanted where no feature moves. Take the `not` "
            "away.",
        ),
    ),
)
