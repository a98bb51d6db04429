"""A learner's own file: read in our names and the Handbook's, and refused with what is wrong."""

import gzip

import numpy as np
import pandas as pd
import pytest

from helpers.payments import BadTransactions, World, features, read_transactions

HANDBOOK = {
    "transaction_id": "TRANSACTION_ID",
    "time": "TX_DATETIME",
    "customer_id": "CUSTOMER_ID",
    "terminal_id": "TERMINAL_ID",
    "amount": "TX_AMOUNT",
    "is_fraud": "TX_FRAUD",
    "scenario": "TX_FRAUD_SCENARIO",
}


@pytest.fixture(scope="module")
def tx():
    return World(20, 40, days=40, radius=40, leaked_cards_a_day=0.3, seed=2).transactions()


def write(frame, path):
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", ["own.csv", "own.csv.gz", "own.parquet", "own.txt"])
@pytest.mark.parametrize("handbook", [False, True])
def test_what_was_written_is_read(tx, tmp_path, name, handbook):
    frame = tx.rename(columns=HANDBOOK) if handbook else tx
    if handbook:
        frame = frame.assign(TX_FRAUD=frame["TX_FRAUD"].astype(int), TX_TIME_DAYS=0)
    got = read_transactions(str(write(frame, tmp_path / name)))
    pd.testing.assert_frame_equal(got, tx)
    assert tx["is_fraud"].any()
    pd.testing.assert_frame_equal(features(got), features(tx))


def test_a_file_without_labels_is_read_if_one_says_so(tx, tmp_path):
    path = write(tx.drop(columns=["is_fraud", "scenario"]), tmp_path / "own.csv")
    with pytest.raises(BadTransactions, match=r"no column 'is_fraud'.*'TX_FRAUD'"):
        read_transactions(path)
    got = read_transactions(path, labelled=False)
    pd.testing.assert_frame_equal(got, tx.drop(columns=["is_fraud", "scenario"]))


def test_scenario_is_optional(tx, tmp_path):
    path = write(tx.drop(columns="scenario"), tmp_path / "own.csv")
    assert list(read_transactions(path)) == [c for c in tx if c != "scenario"]


def test_ids_may_be_text(tx, tmp_path):
    named = tx.assign(customer_id="c" + tx["customer_id"].astype(str))
    got = read_transactions(write(named, tmp_path / "own.csv"))
    assert got["customer_id"].tolist() == named["customer_id"].tolist()
    pd.testing.assert_frame_equal(features(got), features(tx))


@pytest.mark.parametrize("name", [n for n in HANDBOOK if n != "scenario"])
@pytest.mark.parametrize("kind", ["own.csv", "own.parquet"])
def test_a_missing_column(tx, tmp_path, name, kind):
    path = write(tx.drop(columns=name), tmp_path / kind)
    with pytest.raises(BadTransactions, match=f"{kind} has no column '{name}'.*found: ") as caught:
        read_transactions(path)
    assert caught.value.column == name


BAD_CELLS = [
    ("transaction_id", "12a", "found '12a', expected a whole number"),
    ("transaction_id", "1.5", "found '1.5', expected a whole number"),
    ("transaction_id", "0", "expected each transaction once"),
    ("customer_id", "unknown", "expected a whole number"),
    ("terminal_id", "", "found nothing, expected a whole number"),
    ("time", "", "found nothing, expected a date and time"),
    ("time", "01/04/2018 10:00", "expected a date and time as 2018-04-01 13:45:00"),
    ("time", "2018-13-01 10:00:00", "expected a date and time"),
    ("time", "2018-04-01 10:00:00+02:00", "a local time without a time zone; convert it"),
    ("time", "2018-04-01T10:00:00Z", "a local time without a time zone; convert it"),
    ("amount", "", "found nothing, expected an amount"),
    ("amount", "12,50", "found '12,50', expected an amount"),
    ("amount", "-3.5", "found '-3.5', expected an amount of 0 or more"),
    ("amount", "inf", "found 'inf', expected an amount"),
    ("amount", "NaN", "found nothing, expected an amount"),
    ("is_fraud", "", "found nothing, expected 1 for fraud"),
    ("is_fraud", "2", "found '2', expected 1 for fraud"),
    ("is_fraud", "maybe", "found 'maybe', expected 1 for fraud"),
    ("scenario", "-1", "expected the number of a fraud scenario"),
]


@pytest.mark.parametrize(("column", "value", "says"), BAD_CELLS)
@pytest.mark.parametrize("zipped", [False, True])
def test_a_bad_cell_of_a_csv(tx, tmp_path, column, value, says, zipped):
    lines = [line.split(",") for line in tx.head(9).to_csv(index=False).splitlines()]
    lines[5][lines[0].index(column)] = f'"{value}"' if "," in value else value
    text = "\n".join(",".join(line) for line in lines) + "\n"
    path = tmp_path / ("own.csv.gz" if zipped else "own.csv")
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    with pytest.raises(BadTransactions) as caught:
        read_transactions(path)
    assert says in str(caught.value)
    assert f"{path} has a bad cell in column '{column}', line 6: " in str(caught.value)
    assert (caught.value.path, caught.value.column, caught.value.row) == (path, column, 6)


PARQUET = [
    ("time", lambda c: c.dt.tz_localize("UTC"), 0, "without a time zone; convert it first"),
    ("time", lambda c: c.where(c.index != 4), 4, "found nothing, expected a date and time"),
    ("time", lambda c: range(len(c)), 0, "expected a date and time"),
    ("amount", lambda c: c.where(c.index != 4), 4, "found nothing, expected an amount"),
    ("amount", lambda c: c.where(c.index != 4, -1), 4, "found '-1.0', expected an amount"),
    ("transaction_id", lambda c: c.where(c.index != 4, 1), 4, "each transaction once"),
]


@pytest.mark.parametrize(("column", "change", "row", "says"), PARQUET)
def test_a_bad_cell_of_parquet(tx, tmp_path, column, change, row, says):
    bad = tx.head(9).assign(**{column: change(tx.head(9)[column])})
    with pytest.raises(BadTransactions) as caught:
        read_transactions(write(bad, tmp_path / "own.parquet"))
    assert says in str(caught.value)
    assert f"column '{column}', row {row} (counted from 0)" in str(caught.value)
    assert caught.value.row == row


def test_times_in_one_zone_throughout(tx, tmp_path):
    path = write(tx.assign(time=tx["time"].dt.tz_localize("Europe/Brussels")), tmp_path / "z.csv")
    with pytest.raises(BadTransactions, match=r"'time', line 2: .*without a time zone.*tz_convert"):
        read_transactions(path)


def test_the_conversion_that_the_message_shows_works(tx, tmp_path):
    zoned = tx.assign(time=tx["time"].dt.tz_localize("Europe/Brussels"))
    with pytest.raises(BadTransactions) as caught:
        read_transactions(write(zoned, tmp_path / "z.csv"))
    code = str(caught.value).split("convert it first: ")[1]
    converted = eval(code, {"pd": pd, "frame": zoned})
    pd.testing.assert_series_equal(converted, tx["time"])


def test_a_blank_line_counts_as_a_line_and_trailing_ones_do_not(tx, tmp_path):
    path = tmp_path / "own.csv"
    text = tx.head(4).to_csv(index=False)
    path.write_text(text + "\n\n")
    assert len(read_transactions(path)) == 4
    lines = text.splitlines()
    path.write_text("\n".join([*lines[:3], "", *lines[3:]]))
    with pytest.raises(BadTransactions, match="line 4: found nothing"):
        read_transactions(path)


FILES = [
    ("none.csv", None, "none.csv does not exist"),
    ("empty.csv", b"", "empty.csv is empty; expected a line of column names"),
    ("empty.parquet", b"", "empty.parquet is empty"),
    ("blank.csv", b"\n \n", "blank.csv is empty"),
    ("void.csv.gz", gzip.compress(b"", mtime=0), "void.csv.gz is empty"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not a CSV file"),
    ("latin.csv", "transaction_id,caf\xe9\n1,2\n".encode("latin-1"), "not a CSV file in UTF-8"),
    ("page.csv", b"<html><body>\nhello\n</body></html>", "has no column 'transaction_id'"),
    ("semi.csv", b"transaction_id;time;amount\n1;2018-04-01;3\n", "separated by another sign"),
    ("ragged.csv", b"transaction_id,amount\n1,2\n1,2,3,4\n", "Expected 2 fields in line 3, saw 4"),
    (
        "broken.csv.gz",
        gzip.compress(b"a,b\n" * 99, mtime=0)[:20],
        "gzip compression cannot be undone",
    ),
    ("text.parquet", b"transaction_id,amount\n1,2\n", "is not a Parquet file"),
    ("cut.parquet", b"PAR1" + bytes(50), "is not a Parquet file, or is damaged"),
]


@pytest.mark.parametrize(("name", "content", "says"), FILES)
def test_a_file_that_is_no_table(tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadTransactions) as caught:
        read_transactions(tmp_path / name)
    assert says in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)


def test_only_column_names(tx, tmp_path):
    with pytest.raises(BadTransactions, match="has column names but no payments"):
        read_transactions(write(tx.head(0), tmp_path / "own.csv"))


def test_a_folder(tmp_path):
    with pytest.raises(BadTransactions, match="is a folder, not a file"):
        read_transactions(tmp_path)


def test_rows_keep_their_order(tx, tmp_path):
    shuffled = tx.sample(frac=1, random_state=1)
    got = read_transactions(write(shuffled, tmp_path / "own.csv"))
    assert np.array_equal(got["transaction_id"], shuffled["transaction_id"])
