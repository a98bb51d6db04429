"""Features against a slow, plainly right reference, pandas' rolling windows, and the future."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.payments import World, features

DAY = pd.Timedelta(days=1)
WINDOWS = (1, 7, 30)
COLUMNS = [
    "amount",
    "is_weekend",
    "is_night",
    "customer_count_1d",
    "customer_mean_1d",
    "customer_count_7d",
    "customer_mean_7d",
    "customer_count_30d",
    "customer_mean_30d",
    "terminal_count_1d",
    "terminal_risk_1d",
    "terminal_count_7d",
    "terminal_risk_7d",
    "terminal_count_30d",
    "terminal_risk_30d",
]


def reference(tx: pd.DataFrame, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each feature of each payment by its definition, one payment after the other."""
    if labels is None:
        labels = known_after(tx, 7)
    truth = tx[["transaction_id", "terminal_id", "is_fraud"]]
    known = labels[["transaction_id", "known_at"]].merge(truth, on="transaction_id")
    return pd.DataFrame([_one(tx, row, known) for row in tx.itertuples()], index=tx.index)


def known_after(tx: pd.DataFrame, days: int) -> pd.DataFrame:
    return pd.DataFrame(
        {"transaction_id": tx["transaction_id"], "known_at": tx["time"] + days * DAY}
    )


def _one(tx, row, known) -> dict:
    out = {
        "amount": row.amount,
        "is_weekend": int(row.time.weekday() >= 5),
        "is_night": int(row.time.hour <= 6),
    }
    not_after = (tx["time"] < row.time) | (
        (tx["time"] == row.time) & (tx["transaction_id"] <= row.transaction_id)
    )
    for days in WINDOWS:
        near = tx[not_after & (tx["time"] > row.time - days * DAY)]
        own = near.loc[near["customer_id"] == row.customer_id, "amount"]
        out |= {f"customer_count_{days}d": len(own), f"customer_mean_{days}d": own.mean()}
    for days in WINDOWS:
        since = row.time - days * DAY
        seen = known[(known["known_at"] > since) & (known["known_at"] <= row.time)]
        seen = seen.loc[seen["terminal_id"] == row.terminal_id, "is_fraud"]
        out |= {f"terminal_count_{days}d": len(seen)}
        out |= {f"terminal_risk_{days}d": seen.mean() if len(seen) else 0.0}
    return out


def assert_same(got: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(got.columns) == COLUMNS
    assert got.index.equals(expected.index)
    for name in COLUMNS:
        kind = int if ("count" in name or "is_" in name) else float
        wanted = expected[name].to_numpy().astype(kind)
        np.testing.assert_allclose(got[name], wanted, rtol=1e-12, atol=0, err_msg=name)


def small_world(**fields) -> pd.DataFrame:
    sizes = {"customers": 8, "terminals": 12, "days": 60, "radius": 60, "seed": 3}
    sizes |= {"leaked_cards_a_day": 0.3, "compromised_terminals_a_day": 0.05}
    return World(**(sizes | fields)).transactions()


HOURS = st.integers(0, 45 * 4).map(lambda quarter_day: pd.Timedelta(hours=6 * quarter_day))


@st.composite
def frames(draw, least: int = 1):
    """Few customers, terminals and moments, so that ties and window edges are common."""
    n = draw(st.integers(least, 25))
    numbers = st.integers(0, 2)
    column = lambda values: draw(st.lists(values, min_size=n, max_size=n))  # noqa: E731
    times = pd.to_datetime("2018-04-01") + pd.to_timedelta(pd.Series(column(HOURS)))
    return pd.DataFrame(
        {
            "transaction_id": draw(st.permutations(range(n))),
            "time": times.astype(f"datetime64[{draw(st.sampled_from(['s', 'us', 'ns']))}]"),
            "customer_id": column(numbers),
            "terminal_id": column(numbers),
            "amount": np.array(column(st.integers(0, 30_000))) / 100,
            "is_fraud": np.array(column(st.booleans()), dtype=bool),
        }
    )


@settings(max_examples=40)
@given(frames())
def test_agrees_with_the_reference_on_any_frame(tx):
    assert_same(features(tx), reference(tx))


@settings(max_examples=40)
@given(frames(), st.data())
def test_agrees_with_the_reference_for_any_labels(tx, data):
    chosen = data.draw(st.permutations(list(tx["transaction_id"])))
    chosen = chosen[: data.draw(st.integers(0, len(tx)))]
    delay = data.draw(st.lists(HOURS, min_size=len(chosen), max_size=len(chosen)))
    time = tx.set_index("transaction_id")["time"].loc[chosen].reset_index(drop=True)
    known_at = time + pd.to_timedelta(pd.Series(delay, dtype="timedelta64[ns]"))
    labels = pd.DataFrame({"transaction_id": pd.Series(chosen, dtype=int), "known_at": known_at})
    assert_same(features(tx, labels), reference(tx, labels))


def test_agrees_with_pandas_rolling_windows():
    tx = small_world()
    got = features(tx)
    for days in WINDOWS:
        rolled = _rolling(tx, "customer_id", "amount", days)
        assert np.array_equal(got[f"customer_count_{days}d"], rolled.count())
        np.testing.assert_allclose(got[f"customer_mean_{days}d"], rolled.mean(), rtol=1e-9)
        with_delay = _rolling(tx, "terminal_id", "is_fraud", 7 + days)
        delay = _rolling(tx, "terminal_id", "is_fraud", 7)
        count = with_delay.count() - delay.count()
        risk = (with_delay.sum() - delay.sum()) / count
        assert np.array_equal(got[f"terminal_count_{days}d"], count)
        np.testing.assert_allclose(got[f"terminal_risk_{days}d"], risk.fillna(0), atol=1e-9)
    assert (got["terminal_risk_7d"] > 0).sum() > 20


class _rolling:
    """The source's own way: a time-based rolling window within each group."""

    def __init__(self, tx, key, value, days):
        by_time = tx.set_index("time").groupby(key)[value]
        self._roll = by_time.rolling(f"{days}D")
        self._back = np.argsort(np.argsort(tx[key].to_numpy(), kind="stable"), kind="stable")

    def __getattr__(self, name):
        compute = getattr(self._roll, name)
        return lambda: pd.Series(compute().to_numpy()[self._back])


def test_order_and_index_of_the_input_are_kept():
    tx = small_world()
    shuffled = tx.sample(frac=1, random_state=1).set_index(np.arange(len(tx)) + 1_000)
    got = features(shuffled)
    assert got.index.equals(shuffled.index)
    expected = features(tx).loc[shuffled["transaction_id"]].set_index(shuffled.index)
    pd.testing.assert_frame_equal(got, expected, check_exact=True)


def test_input_is_left_as_it_was():
    tx = small_world()
    before = tx.copy(deep=True)
    result = features(tx)
    result.loc[:, :] = 0
    pd.testing.assert_frame_equal(tx, before)


def test_of_tied_payments_the_smaller_id_is_the_earlier():
    tx = small_world().head(3).assign(time=pd.Timestamp("2018-04-02 12:00"), customer_id=1)
    tx = tx.assign(transaction_id=[7, 3, 5], amount=[1.0, 2.0, 6.0])
    got = features(tx)
    assert got["customer_count_1d"].tolist() == [3, 1, 2]
    assert got["customer_mean_1d"].tolist() == [3.0, 2.0, 4.0]


@pytest.mark.parametrize("room", [0, 1 << 62])  # packed by rank, and by time
def test_a_payment_exactly_one_window_back_is_outside(room, monkeypatch):
    monkeypatch.setattr("helpers.payments.windows.ROOM", room)
    tx = small_world().head(3).assign(customer_id=1, amount=[10.0, 20.0, 40.0])
    start = pd.Timestamp("2018-04-02 12:00")
    tx = tx.assign(time=[start, start + pd.Timedelta(seconds=1), start + DAY])
    assert features(tx)["customer_count_1d"].tolist() == [1, 2, 2]


@pytest.mark.parametrize("room", [0, 1 << 62])  # packed by rank, and by time
def test_a_label_counts_from_the_very_moment_it_is_known(room, monkeypatch):
    monkeypatch.setattr("helpers.payments.windows.ROOM", room)
    start = pd.Timestamp("2018-04-02 12:00")
    tx = small_world().head(4).assign(terminal_id=1, is_fraud=[True, False, False, False])
    second = pd.Timedelta(seconds=1)
    tx = tx.assign(time=[start, start + 7 * DAY - second, start + 7 * DAY, start + 8 * DAY])
    assert features(tx)["terminal_count_1d"].tolist() == [0, 0, 1, 0]
    assert features(tx)["terminal_risk_1d"].tolist() == [0, 0, 1, 0]
    assert features(tx)["terminal_risk_7d"].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_unit_of_time_does_not_matter(unit):
    tx = small_world()
    other = tx.assign(time=tx["time"].astype(f"datetime64[{unit}]"))
    pd.testing.assert_frame_equal(features(tx), features(other), check_exact=True)


def test_moments_too_fine_to_pack_with_the_group_give_the_same(monkeypatch):
    tx = small_world()
    labels = known_after(tx, 5).sample(frac=0.7, random_state=0)
    expected = features(tx), features(tx, labels)
    monkeypatch.setattr("helpers.payments.windows.ROOM", 0)
    pd.testing.assert_frame_equal(features(tx), expected[0], check_exact=True)
    pd.testing.assert_frame_equal(features(tx, labels), expected[1], check_exact=True)


def test_nanoseconds_over_two_centuries():
    years = pd.to_datetime(["1700-01-01", "1900-01-01", "1900-01-02"]).astype("datetime64[ns]")
    tx = small_world().head(3).assign(time=years, customer_id=[1, 2, 2], terminal_id=3)
    assert features(tx)["customer_count_7d"].tolist() == [1, 1, 2]


def test_an_empty_frame_gives_the_columns_and_types_of_a_full_one():
    tx = small_world()
    got, full = features(tx.head(0)), features(tx)
    assert len(got) == 0
    assert list(got.columns) == COLUMNS
    assert got.dtypes.equals(full.dtypes)


def test_one_payment_alone():
    tx = small_world().head(1).assign(time=pd.Timestamp("2018-04-01 06:59:59"), amount=12.34)
    expected = [12.34, 1, 1, 1, 12.34, 1, 12.34, 1, 12.34, 0, 0, 0, 0, 0, 0]
    assert features(tx).iloc[0].tolist() == expected
    assert features(tx.assign(time=pd.Timestamp("2018-04-02 07:00:00")))["is_night"].item() == 0


def test_ids_may_be_strings():
    tx = small_world()
    named = tx.assign(
        transaction_id=tx["transaction_id"].map("t{:06d}".format),
        customer_id="c" + tx["customer_id"].astype(str),
        terminal_id="x" + tx["terminal_id"].astype(str),
    )
    shuffled = named.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(features(named), features(tx), check_exact=True)
    pd.testing.assert_frame_equal(features(shuffled).sort_index(), features(tx), check_exact=True)


def test_labels_known_after_seven_days_equal_the_default_exactly():
    tx = small_world()
    labels = known_after(tx, 7)
    shuffled = labels.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(features(tx), features(tx, shuffled), check_exact=True)


def test_labels_may_bring_the_truth_themselves():
    tx = small_world()
    labels = known_after(tx, 7).assign(is_fraud=tx["is_fraud"])
    blind = tx.drop(columns=["is_fraud", "scenario"])
    pd.testing.assert_frame_equal(features(blind, labels), features(tx), check_exact=True)


def test_a_payment_without_label_is_not_known():
    tx = small_world()
    none = pd.DataFrame({"transaction_id": [], "known_at": []})
    none = none.astype({"transaction_id": int, "known_at": "datetime64[us]"})
    assert features(tx, none)["terminal_count_30d"].eq(0).all()
    assert features(tx)["terminal_count_30d"].gt(0).any()


def test_a_label_of_an_absent_payment_is_left_out():
    tx = small_world()
    labels = known_after(tx, 7)
    extra = labels.head(5).assign(transaction_id=range(10**6, 10**6 + 5))
    both = pd.concat([extra, labels])
    pd.testing.assert_frame_equal(features(tx, both), features(tx), check_exact=True)


@pytest.mark.parametrize("day", [10, 25, 45])
def test_nothing_after_a_moment_changes_a_feature_at_or_before_it(day):
    tx = small_world()
    labels = known_after(tx, 9)
    moment = tx["time"].iloc[0].normalize() + day * DAY
    past, later = tx["time"] <= moment, tx["time"] > moment
    changed = tx.copy()
    changed.loc[later, ["amount", "customer_id", "terminal_id"]] = [77.77, 1, 1]
    changed.loc[tx["time"] + 7 * DAY > moment, "is_fraud"] = True
    changed = changed[past | (tx["transaction_id"] % 3 > 0)]
    got, expected = features(changed).loc[past[past].index], features(tx)[past]
    pd.testing.assert_frame_equal(got, expected, check_exact=True)
    late = labels.copy()
    late.loc[late["known_at"] > moment, "known_at"] += 3 * DAY
    got, expected = features(tx, late)[past], features(tx, labels)[past]
    pd.testing.assert_frame_equal(got, expected, check_exact=True)


BAD = {
    "transaction_id": [np.nan, 1.5],
    "time": [pd.NaT, "2018-04-01", pd.Timestamp("2018-04-01", tz="UTC")],
    "customer_id": [None, 1.5],
    "terminal_id": [None, 1.5],
    "amount": [np.nan, "12,50", np.inf],
    "is_fraud": [None, "yes", 2],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_a_bad_column_is_named(name, value):
    tx = small_world().head(4)
    bad = tx[name].astype(object).tolist()
    bad[2] = value
    if not isinstance(value, (str, pd.Timestamp)) or pd.isna(value):
        bad = pd.Series(bad, dtype=tx[name].dtype if pd.isna(value) and name == "time" else None)
    with pytest.raises(ValueError, match=f"'{name}'"):
        features(tx.assign(**{name: pd.Series(bad, index=tx.index)}))


@pytest.mark.parametrize("name", BAD)
def test_a_missing_column_is_named(name):
    with pytest.raises(ValueError, match=f"no column '{name}'"):
        features(small_world().drop(columns=name))


def test_repeated_ids_are_refused():
    tx = small_world()
    with pytest.raises(ValueError, match=r"'transaction_id' has 1 repeated .*first 0 in row 4"):
        features(tx.head(5).assign(transaction_id=[0, 1, 2, 3, 0]))


@pytest.mark.parametrize("name", ["transaction_id", "known_at"])
def test_bad_labels_are_named(name):
    tx = small_world()
    labels = pd.DataFrame({"transaction_id": tx["transaction_id"], "known_at": tx["time"]})
    with pytest.raises(ValueError, match=f"labels has no column '{name}'"):
        features(tx, labels.drop(columns=name))
    with pytest.raises(ValueError, match=f"labels: column '{name}'.*missing.*row 0"):
        features(tx, labels.assign(**{name: labels[name].where(labels.index > 0)}))


def test_another_thing_than_a_frame_is_refused():
    with pytest.raises(ValueError, match="DataFrame"):
        features([1, 2, 3])
