"""Online windows: the same numbers as offline, whatever the order, the batches and the restarts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.payments import World, features
from helpers.payments.features import COLUMNS
from helpers.serving.fraud.windows import DAY, LATE, SECOND, Label, Payment, Windows

START = 17_622 * DAY  # 2018-04-01
HOUR = 3_600 * SECOND


def payments_of(frame):
    """Rows as the windows see them, in order of time and then transaction_id."""
    frame = frame.sort_values(["time", "transaction_id"])
    columns = (
        frame["transaction_id"],
        frame["time"].astype("datetime64[us]").astype("int64"),
        frame["customer_id"],
        frame["terminal_id"],
        np.rint(frame["amount"] * 10_000).astype("int64"),
    )
    return [Payment(*map(int, row)) for row in zip(*columns, strict=True)]


def labels_of(frame, labels):
    """Labels as the windows see them, in order of known_at; those of unknown payments left out."""
    terminal = frame.set_index("transaction_id")["terminal_id"]
    known = labels[labels["transaction_id"].isin(terminal.index)].sort_values("known_at")
    at = known["known_at"].astype("datetime64[us]").astype("int64")
    rows = zip(known["transaction_id"], at, known["is_fraud"], strict=True)
    return [Label(int(i), int(terminal[i]), int(k), bool(f)) for i, k, f in rows]


def replay(windows, payments, labels, batch=1):
    """Features of each payment, worked out before it is taken; labels come when they are known.

    batch: so many payments get their features one after the other, then labels come again.
    """
    rows, waiting = [], list(labels)
    for first in range(0, len(payments), batch):
        some = payments[first : first + batch]
        while waiting and waiting[0].known_at <= some[-1].time:
            assert windows.learn(waiting.pop(0)) == "taken"
        for payment in some:
            rows.append(windows.features(payment))
            assert windows.take(payment) == "taken"
    return np.array(rows).reshape(-1, len(COLUMNS))


@pytest.fixture(scope="module")
def month():
    """A month and what came before it, in a world whose labels come late."""
    world = World.small(0.1, days=61, late_labels=True, investigated_a_day=10)
    return world.transactions(), world.labels()


@pytest.mark.parametrize("batch", [1, 7, 1000])
def test_a_month_is_the_same_online_and_offline(month, batch):
    transactions, labels = month
    offline = features(transactions, labels).to_numpy(float)
    payments, known = payments_of(transactions), labels_of(transactions, labels)
    online = replay(Windows(), payments, known, batch)
    assert np.abs(online - offline).max() <= 1e-9
    assert offline[:, COLUMNS.index("terminal_risk_30d")].max() > 0.5, "risk was really tried"


def test_labels_that_are_a_week_late_are_the_default_offline(month):
    transactions, _ = month
    some = transactions.head(20_000)
    known = some.assign(known_at=some["time"] + pd.Timedelta(days=7))
    online = replay(Windows(), payments_of(some), labels_of(some, known))
    assert np.abs(online - features(some).to_numpy(float)).max() <= 1e-9


@st.composite
def days(draw):
    """A few customers' payments over some weeks, many at the same moment, and their labels."""
    count = draw(st.integers(2, 40))
    minute = st.integers(0, 40 * 24 * 4).map(lambda quarter: quarter * 15)
    frame = pd.DataFrame(
        {
            "transaction_id": draw(st.permutations(range(count))),
            "time": pd.Timestamp("2018-04-01")
            + pd.to_timedelta(draw(st.lists(minute, min_size=count, max_size=count)), unit="min"),
            "customer_id": draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)),
            "terminal_id": draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)),
            "amount": draw(st.lists(st.integers(0, 10**6), min_size=count, max_size=count)),
            "is_fraud": draw(st.lists(st.booleans(), min_size=count, max_size=count)),
        }
    )
    frame["amount"] /= 100
    delay = draw(st.lists(st.integers(0, 45 * 24), min_size=count, max_size=count))
    labels = frame[["transaction_id", "is_fraud"]].assign(
        known_at=frame["time"] + pd.to_timedelta(delay, unit="h")
    )
    return frame.astype({"time": "datetime64[us]"}), labels.head(draw(st.integers(0, count)))


@given(days(), st.integers(1, 40))
@settings(max_examples=150)
def test_any_payments_are_the_same_online_and_offline(days, batch):
    frame, labels = days
    ordered = frame.sort_values(["time", "transaction_id"])
    online = replay(Windows(), payments_of(frame), labels_of(frame, labels), batch)
    assert np.abs(online - features(ordered, labels).to_numpy(float)).max() <= 1e-9


@given(days(), st.data())
@settings(max_examples=150)
def test_what_comes_out_of_order_within_an_hour_is_taken_in_its_place(days, data):
    """After a shuffle by less than an hour the windows are those of the right order."""
    frame, _ = days
    payments = payments_of(frame)
    held = [data.draw(st.integers(0, HOUR // SECOND)) * SECOND for _ in payments]
    arrived = [
        p for _, p in sorted(zip(held, payments, strict=True), key=lambda x: x[0] + x[1].time)
    ]
    one, other = Windows(), Windows()
    assert [one.take(payment) for payment in arrived] == ["taken"] * len(arrived)
    for payment in payments:
        other.take(payment)
    asked = [Payment(99, one.newest, customer, 0, 5) for customer in range(4)] + payments[-3:]
    assert [one.features(p) for p in asked] == [other.features(p) for p in asked]


@given(days(), st.data())
@settings(max_examples=100)
def test_a_repeated_event_changes_nothing(days, data):
    frame, labels = days
    windows, payments, known = Windows(), payments_of(frame), labels_of(frame, labels)
    rows = replay(windows, payments, known)
    learned = [label for label in known if label.known_at <= payments[-1].time]
    before = contents(windows)
    again = data.draw(st.lists(st.sampled_from([*payments, *learned]), max_size=20))
    for event in again:
        took = windows.take(event) if isinstance(event, Payment) else windows.learn(event)
        assert took in ("repeated", "late")
    assert contents(windows) == before
    last = payments[-1]
    assert windows.features(last) == list(rows[-1]), "asking again gives the same answer"


def contents(windows):
    return {
        who: {key: (list(t.times), list(t.ids), list(t.totals)) for key, t in of.items() if t.times}
        for who, of in (("customers", windows.customers), ("terminals", windows.terminals))
    }


def test_the_last_moment_of_the_hour_is_taken_and_the_next_refused_and_counted():
    windows = Windows()
    now = START + 5 * DAY
    windows.take(Payment(1, now, 7, 1, 100_000))
    assert windows.take(Payment(2, now - LATE, 7, 1, 200_000)) == "taken"
    before = contents(windows)
    assert windows.take(Payment(3, now - LATE - 1, 7, 1, 400_000)) == "late"
    assert windows.learn(Label(3, 1, now - LATE - 1, True)) == "late"
    assert contents(windows) == before
    assert windows.counts["payment", "late"] == windows.counts["label", "late"] == 1
    row = dict(zip(COLUMNS, windows.features(Payment(4, now, 7, 1, 300_000)), strict=True))
    assert (row["customer_count_1d"], row["customer_mean_1d"]) == (3, 20)


def test_a_clock_that_goes_backwards_does_not_stop_the_others():
    windows = Windows()
    for number in range(10):
        windows.take(Payment(number, START + number * HOUR, 1, 1, 10_000))
    assert windows.take(Payment(10, START - 400 * DAY, 2, 1, 10_000)) == "late"
    assert windows.take(Payment(11, START + 10 * HOUR, 2, 1, 10_000)) == "taken"
    assert windows.newest == START + 10 * HOUR


def test_a_customer_never_seen_has_this_payment_alone():
    row = dict(zip(COLUMNS, Windows().features(Payment(1, START, 9, 9, 123_400)), strict=True))
    assert {row[f"customer_count_{days}d"] for days in (1, 7, 30)} == {1}
    assert {row[f"customer_mean_{days}d"] for days in (1, 7, 30)} == {12.34}
    assert {row[f"terminal_{w}_{days}d"] for w in ("count", "risk") for days in (1, 7, 30)} == {0}


def test_what_is_no_number_never_gets_in():
    for amount in (float("nan"), 12.5, None, "10", True):
        with pytest.raises(ValueError, match="amount must be a whole number"):
            Payment(1, START, 1, 1, amount)
    with pytest.raises(ValueError, match="amount must be 0 or more"):
        Payment(1, START, 1, 1, -1)
    with pytest.raises(ValueError, match="known_at must be a whole number"):
        Label(1, 1, float("nan"), True)


def test_old_events_are_cleared_away():
    windows = Windows()
    for number in range(400):
        windows.take(Payment(number, START + number * DAY, 1, 1, 10_000))
        windows.learn(Label(number, 1, START + number * DAY, False))
    assert len(windows.customers[1].times) < 80 and len(windows.terminals[1].times) < 80
    row = dict(
        zip(COLUMNS, windows.features(Payment(400, START + 400 * DAY, 1, 1, 0)), strict=True)
    )
    assert row["customer_count_30d"] == 30 and row["terminal_count_30d"] == 29


def test_no_payment_and_no_label_of_the_future_moves_a_feature():
    """Windows that know what is to come give the features that those without it give."""
    rng = np.random.default_rng(0)
    moment = START + 20 * DAY
    past = [
        Payment(i, START + int(s), int(c), int(c), 10_000)
        for i, (s, c) in enumerate(
            zip(np.sort(rng.integers(0, 20 * DAY, 200)), rng.integers(0, 5, 200), strict=True)
        )
    ]
    one, other = Windows(), Windows()
    for payment in past:
        one.take(payment)
        other.take(payment)
    for number, payment in enumerate(past[-50:]):
        other.take(Payment(1000 + number, moment + 1 + number, payment.customer, 1, 77))
        other.learn(Label(payment.id, payment.terminal, moment + 1, True))
    for customer in range(5):
        asked = Payment(900, moment, customer, customer, 5_000)
        assert one.features(asked) == other.features(asked)
