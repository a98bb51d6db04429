"""The 15 features of a payment: what is known about it at the moment it is made."""

import numpy as np
import pandas as pd

from .frames import require_labels, require_transactions
from .windows import Clock, Grouped, Timeline, blocks

WINDOWS = (1, 7, 30)  # days
DELAY = 7  # days until a payment's label is known, where no labels are given
PER_UNIT = 10_000  # sums of money are exact to a ten-thousandth
COLUMNS = (
    "amount",
    "is_weekend",
    "is_night",
    *(f"customer_{what}_{days}d" for days in WINDOWS for what in ("count", "mean")),
    *(f"terminal_{what}_{days}d" for days in WINDOWS for what in ("count", "risk")),
)


def features(transactions: pd.DataFrame, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """The 15 features of the Fraud Detection Handbook, one row for each payment.

    Index and row order are those of `transactions`, which need not be sorted and needs the columns
    transaction_id, time, customer_id, terminal_id, amount and, unless `labels` brings it,
    is_fraud. A window of w days at time t is (t - w, t].

    - amount: as it came; is_weekend: Saturday or Sunday; is_night: before 07:00 (both 0 or 1).
    - customer_count_wd, customer_mean_wd: number and mean amount of the customer's payments in the
      window, this one included. Of payments in the same instant those with a smaller
      transaction_id count as earlier. Amounts are summed to a ten-thousandth, exactly.
    - terminal_count_wd, terminal_risk_wd: number of labels of the terminal's payments that became
      known in the window, and the share of fraud among them; 0 where there are none.

    Without `labels` each label is known 7 days after its payment. With a frame of transaction_id
    and known_at (datetime64) a label counts from known_at on, and a payment that has no row there
    is not known. Its column is_fraud is used if it has one, else that of `transactions`. A label
    whose payment is not among `transactions` is left out: nobody knows its terminal.

    Raises ValueError, naming the column, for a missing column, a wrong type or a missing value.

    Source: Le Borgne, Siblini, Lebichot, Bontempi, "Reproducible Machine Learning for Credit Card
    Fraud Detection - Practical Handbook", 2022, baseline feature transformation.
    """
    require_transactions(transactions, is_fraud=labels is None or "is_fraud" not in labels)
    if labels is not None:
        require_labels(labels)
        transactions, labels = _one_unit(transactions, labels)
    time = transactions["time"].to_numpy()
    clock = Clock(time, transactions["transaction_id"].to_numpy())
    amount = transactions["amount"].to_numpy(dtype=np.float64, copy=True)
    columns = {"amount": amount, **calendar_columns(time)}
    columns |= customer_columns(transactions["customer_id"], amount, clock)
    columns |= terminal_columns(transactions, labels, clock)
    return pd.DataFrame({name: columns[name] for name in COLUMNS}, transactions.index, copy=False)


def _one_unit(transactions: pd.DataFrame, labels: pd.DataFrame):
    unit = np.result_type(transactions["time"].dtype, labels["known_at"].dtype)
    known_at = labels["known_at"].astype(unit)
    return transactions.assign(time=transactions["time"].astype(unit)), labels.assign(
        known_at=known_at
    )


def calendar_columns(time: np.ndarray) -> dict[str, np.ndarray]:
    day = time.astype("datetime64[D]")
    weekday = (day.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday, Monday is 0
    night = (time - day) < np.timedelta64(7, "h")
    return {"is_weekend": (weekday >= 5).astype(np.int8), "is_night": night.astype(np.int8)}


def customer_columns(ids: pd.Series, amount: np.ndarray, clock: Clock) -> dict[str, np.ndarray]:
    code, groups = _groups(ids)
    rows = Grouped(clock.sort(code))
    total = rows.sums(clock.sort(np.rint(amount * PER_UNIT).astype(np.int64)))
    timeline = Timeline(clock, rows, groups)
    columns = _empty("customer", "mean", len(amount))
    for block in blocks(clock, rows):
        last = np.arange(block.stretch.start, block.stretch.stop) + 1
        for days in WINDOWS:
            first = timeline.until(block.group, block.time - np.timedelta64(days, "D"))
            count = last - first
            mean = (total[last] - total[first]) / (count * PER_UNIT)
            columns[f"customer_count_{days}d"][block.place] = count
            columns[f"customer_mean_{days}d"][block.place] = mean
    return columns


def terminal_columns(transactions: pd.DataFrame, labels, clock: Clock) -> dict[str, np.ndarray]:
    code, groups = _groups(transactions["terminal_id"])
    rows = Grouped(clock.sort(code))
    if labels is None:
        event_clock, events = clock.later(np.timedelta64(DELAY, "D")), rows
        fraud = events.sums(clock.sort(transactions["is_fraud"].to_numpy()))
    else:
        row, known_at, is_fraud = _events(transactions, labels)
        event_clock = Clock(known_at, row)
        events = Grouped(event_clock.sort(code[row]))
        fraud = events.sums(event_clock.sort(is_fraud))
    return _risk(clock, rows, Timeline(event_clock, events, groups), fraud)


def _risk(clock: Clock, rows: Grouped, known: Timeline, fraud) -> dict[str, np.ndarray]:
    columns = _empty("terminal", "risk", len(clock.time))
    for block in blocks(clock, rows):
        last = known.until(block.group, block.time)
        for days in WINDOWS:
            first = known.until(block.group, block.time - np.timedelta64(days, "D"))
            count = last - first
            risk = (fraud[last] - fraud[first]) / np.maximum(count, 1)
            columns[f"terminal_count_{days}d"][block.place] = count
            columns[f"terminal_risk_{days}d"][block.place] = risk
    return columns


def _empty(who: str, what: str, length: int) -> dict[str, np.ndarray]:
    columns = {}
    for days in WINDOWS:
        columns[f"{who}_count_{days}d"] = np.empty(length, dtype=np.int32)
        columns[f"{who}_{what}_{days}d"] = np.empty(length, dtype=np.float64)
    return columns


def _events(transactions: pd.DataFrame, labels: pd.DataFrame):
    """Row of the labelled payment, moment the label was known, and the label itself."""
    ids = pd.Index(transactions["transaction_id"])
    row = ids.get_indexer(pd.Index(labels["transaction_id"]))
    found = row >= 0
    row, known_at = row[found], labels["known_at"].to_numpy()[found]
    if "is_fraud" in labels:
        return row, known_at, labels["is_fraud"].to_numpy()[found]
    return row, known_at, transactions["is_fraud"].to_numpy()[row]


def _groups(ids: pd.Series) -> tuple[np.ndarray, int]:
    code, unique = pd.factorize(ids)
    return code, len(unique)
