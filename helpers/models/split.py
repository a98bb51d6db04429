"""Split payments in time, with the days between in which the labels are still on their way."""

from collections.abc import Iterator

import pandas as pd

DAY = pd.Timedelta(days=1)


def time_split(
    transactions: pd.DataFrame,
    start: str | pd.Timestamp,
    train_days: int = 7,
    delay_days: int = 7,
    test_days: int = 7,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Payments to train on and payments to test on, with their index as it came.

    Training takes `train_days` from the midnight of `start`, then come `delay_days` of which
    nobody knows the labels yet, then `test_days` to test on. A label is known `delay_days` after
    its payment's day: on each test day the cards known as compromised, by a fraud since `start`,
    are blocked and left out.

    Needs the columns time, customer_id and is_fraud. Raises ValueError for a number of days that
    is none, and where no payment lies in the days of training or of the test.

    Source: Le Borgne, Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card
    Fraud Detection - Practical Handbook", 2022, baseline fraud detection system.
    """
    require_days(train_days=train_days, delay_days=delay_days, test_days=test_days)
    begin = pd.Timestamp(start).normalize()
    test_from = begin + (train_days + delay_days) * DAY
    time = transactions["time"]
    train = transactions[(time >= begin) & (time < begin + train_days * DAY)]
    test = transactions[(time >= test_from) & (time < test_from + test_days * DAY)]
    for name, part in (("training", train), ("test", test)):
        if part.empty:
            raise ValueError(f"no payment lies in the {name} days; {_extent(time)}")
    frauds = transactions[transactions["is_fraud"].astype(bool) & (time >= begin)]
    return train, _without_known_cards(test, frauds, delay_days)


def weeks(
    transactions: pd.DataFrame, first: str | pd.Timestamp, count: int, **days: int
) -> Iterator[tuple[pd.Timestamp, pd.DataFrame, pd.DataFrame]]:
    """`count` splits, each a week after the one before: first test day, training, test.

    This is prequential evaluation: time goes on, and at each step one trains on what is known and
    is tested on what comes. `days` are those of `time_split`. Raises ValueError as that does.

    Source: Gama, Sebastião, Rodrigues, "On evaluating stream learning algorithms", Machine
    Learning 90, 2013, https://doi.org/10.1007/s10994-012-5320-9.
    """
    for week in range(count):
        start = pd.Timestamp(first).normalize() + 7 * week * DAY
        train, test = time_split(transactions, start, **days)
        gap = (days.get("train_days", 7) + days.get("delay_days", 7)) * DAY
        yield start + gap, train, test


def _without_known_cards(test: pd.DataFrame, frauds: pd.DataFrame, delay_days: int) -> pd.DataFrame:
    first_fraud = frauds.groupby("customer_id")["time"].min().dt.normalize()
    blocked_from = first_fraud.reindex(test["customer_id"]) + (delay_days + 1) * DAY
    blocked = blocked_from.to_numpy() <= test["time"].to_numpy()  # False where there is no fraud
    return test[~blocked]


def require_days(**days: int) -> None:
    """Raise a ValueError that names the first number of days that is none."""
    for name, value in days.items():
        least = 0 if name == "delay_days" else 1
        if not isinstance(value, int) or value < least:
            raise ValueError(f"{name} must be a whole number of {least} or more, not {value!r}")


def _extent(time: pd.Series) -> str:
    if time.empty:
        return "there are no payments at all"
    return f"they run from {time.min():%Y-%m-%d} to {time.max():%Y-%m-%d}"
