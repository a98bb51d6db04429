"""What lesson 21 teaches holds: the functions that its notebook builds, and its feedback."""

import ast
import json

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.notebooks import named

DAY = pd.Timestamp("2018-06-12")


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["21"])[0], as_version=4)


@pytest.fixture(scope="module")
def taught(lesson):
    """The functions, classes and constants that the notebook defines, without its runs."""
    names = {}
    for cell in lesson.cells:
        if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", []):
            kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
            exec(compile(ast.Module(kept, []), "<lesson 21>", "exec"), names)
    return names


def _is_definition(node):
    constant = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").isupper()
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return constant or isinstance(node, kinds)


@pytest.fixture
def rows():
    """A good day: 9,000 payments of 12 June."""
    rng = np.random.default_rng(5)
    count = 9_000
    seconds = np.sort(rng.integers(0, 86_400, count))
    return pd.DataFrame(
        {
            "transaction_id": np.arange(count, dtype="int32"),
            "time": (DAY + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us]"),
            "customer_id": rng.integers(0, 900, count, dtype="int32"),
            "terminal_id": rng.integers(0, 900, count, dtype="int32"),
            "amount": rng.uniform(60, 200, count).round(2),
        }
    )


@pytest.mark.parametrize(
    ("change", "hours", "told"),
    [
        (lambda r: r, 26, []),
        (lambda r: r.assign(amount=r["amount"] / 100), 25, []),  # what a contract cannot see
        (lambda r: r, 27.5, ["late by 1.5 hours"]),
        (
            lambda r: r.assign(amount=r["amount"] * 100),
            25,
            ["amount: 9,000 values outside 0 to 5000"],
        ),
        (
            lambda r: pd.concat([r, r.tail(10)]),
            25,
            ["10 rows repeat transaction_id"],
        ),
        (
            lambda r: r.rename(columns={"amount": "amount_eur"}),
            25,
            ["amount: missing", "amount_eur: not agreed"],
        ),
        (lambda r: r.astype({"amount": str}), 25, ["amount: type str, agreed is number"]),
        (lambda r: r.assign(amount=r["amount"].where(r.index > 3)), 25, ["amount: 4 gaps"]),
        (lambda r: r.head(100), 25, ["100 rows, agreed are 8,000 to 12,000"]),
        (
            lambda r: r.assign(time=r["time"] + pd.Timedelta(days=1)),
            25,
            ["9,000 payments of another day"],
        ),
    ],
)
def test_the_contract_names_each_breach(taught, rows, change, hours, told):
    delivery = taught["Delivery"](DAY, DAY + pd.Timedelta(hours=hours), change(rows))
    assert taught["breaches"](delivery) == told


def test_the_table_at_the_top_says_what_the_contract_says(lesson):
    printed = "".join(
        output.get("text", "")
        for cell in lesson.cells
        if cell.cell_type == "code" and "breaches(delivery)" in cell.source
        for output in cell.outputs
    )
    lines = (line for line in printed.splitlines() if "  " in line)
    said = dict(line.split("  ", 1) for line in lines)
    assert "outside" in said["cents for euros"]
    assert "missing" in said["a column renamed"] and "not agreed" in said["a column renamed"]
    assert "repeat" in said["the end sent twice"]
    assert said["divided twice"].strip() == said["as agreed"].strip() == "keeps the contract"


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.sample(frac=1, random_state=1),
        lambda r: r[sorted(r.columns, reverse=True)],
        lambda r: r.astype({"customer_id": "int64", "time": "datetime64[ns]"}),
    ],
    ids=["order of rows", "order of columns", "width of types"],
)
def test_the_content_hash_does_not_see_form(taught, rows, change):
    assert taught["content_hash"](change(rows)) == taught["content_hash"](rows)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_content_hash_does_not_see_the_format_of_the_file(taught, rows, tmp_path, suffix):
    path = tmp_path / f"rows.{suffix}"
    if suffix == "csv":
        rows.to_csv(path, index=False)
        came = pd.read_csv(path, parse_dates=["time"])
    else:
        rows.to_parquet(path, index=False)
        came = pd.read_parquet(path)
    assert taught["content_hash"](came) == taught["content_hash"](rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.assign(amount=r["amount"].where(r.index < 8_999, r["amount"] + 0.01)),
        lambda r: r.assign(time=r["time"].where(r.index != 7, r["time"] + pd.Timedelta("1us"))),
        lambda r: r.rename(columns={"customer_id": "client_id"}),
        lambda r: r.rename(columns={"customer_id": "terminal_id", "terminal_id": "customer_id"}),
        lambda r: r.drop(index=7),
        lambda r: pd.concat([r, r.loc[[7]]]),
    ],
    ids=["a cent", "a microsecond", "a name", "two names", "a row less", "a row twice"],
)
def test_the_content_hash_sees_every_change(taught, rows, change):
    assert taught["content_hash"](change(rows)) != taught["content_hash"](rows)


def test_what_changed_between_two_versions(taught, rows):
    new = rows.drop(index=[1, 2]).copy()
    new.loc[[5, 6, 7], "amount"] += 1
    new = pd.concat([new, rows.loc[[0]].assign(transaction_id=77_777)])
    found = taught["changes"](rows, new.sample(frac=1, random_state=2))
    told = {what: sorted(keys) for what, keys in found.items()}
    assert told == {"added": [77_777], "removed": [1, 2], "changed": [5, 6, 7]}


def test_a_write_that_fails_leaves_the_file_as_it_was(taught, tmp_path):
    path = tmp_path / "kept.txt"
    path.write_text("old")

    def crash(beside):
        beside.write_text("half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        taught["put_in_place"](path, crash)
    assert path.read_text() == "old"


def test_a_version_opens_only_as_it_was_published(taught, rows, tmp_path):
    manifest = taught["publish"](rows, tmp_path)
    told = json.loads(manifest.read_text())
    assert told["rows"] == len(rows) and told["days"] == ["2018-06-12", "2018-06-12"]
    pd.testing.assert_frame_equal(taught["open_version"](manifest), rows)
    rows.assign(amount=rows["amount"].round(1)).to_parquet(manifest.with_suffix(".parquet"))
    with pytest.raises(ValueError, match="changed since it was published"):
        taught["open_version"](manifest)


def test_who_is_alone_is_counted_as_by_hand(taught):
    seen = pd.DataFrame({"person": [1, 2, 3, 1, 2, 1], "spot": [10, 10, 10, 20, 20, 30]})
    known = pd.DataFrame({"person": [1, 1, 1, 2, 2], "spot": [10, 20, 30, 10, 20]})
    assert [taught["share_alone"](known, seen, n) for n in (1, 2)] == [0.0, 0.0]
    assert taught["share_alone"](known[known["person"] == 1], seen, 3) == 1.0


def test_a_plain_hash_is_found_by_trying_and_a_keyed_one_is_not(taught):
    tried = {taught["plain"](number) for number in range(1_000)}
    assert taught["plain"](np.int32(421)) in tried
    guesses = {taught["pseudonym"](number, b"guess") for number in range(1_000)}
    assert taught["pseudonym"](421, b"key") not in guesses
    assert taught["pseudonym"](421, b"key") == taught["pseudonym"](np.int32(421), b"key")


def _wrong():
    raise KeyError("amuont")


STRANGE = {
    "a number": 5,
    "a frame": pd.DataFrame({"a": [1]}),
    "raises": lambda one, other: _wrong(),
    "returns nothing": lambda one, other: print(one is other),
    "too few arguments": lambda one: one,
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("id", ["21.1", "21.3", "21.4"])
def test_a_strange_answer_is_told_what_is_wrong(id, answer):
    result = exercises.grade(id, answer, 4)
    assert result.state == "not yet"
    words = ("should be a function", "amuont", "None", "argument")
    assert any(word in result.message for word in words)


@pytest.mark.parametrize("sql", ["SELECT", "SELECT day FROM payments", "FROM visits"])
def test_sql_that_cannot_run_is_told_in_the_words_of_the_database(sql):
    import duckdb

    def daily(payments, terminals):
        return duckdb.sql(sql).df()

    result = exercises.grade("21.3", daily, 4)
    assert result.state == "not yet" and "duckdb.sql(sql)" in result.message
    assert "Error" in result.message


def test_an_answer_that_alters_the_disputes_is_told_so():
    names = {}
    exercise = exercises.find("21.4")
    exec(exercise.given + exercise.solution, names)

    def dispute_breaches(disputes, payments):
        disputes["time"] = 0
        return names["dispute_breaches"](disputes.drop(columns="time"), payments)

    assert "changes what it was given" in exercises.grade("21.4", dispute_breaches, 4).message
