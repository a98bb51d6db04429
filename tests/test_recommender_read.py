"""Reading a learner's interactions: every kind of file, and what is wrong with a bad one."""

import pandas as pd
import pytest

from helpers.recommender import BadInteractions, read_interactions
from helpers.workspace import dataset

ROWS = [("196", "242", "3", "881250949"), ("186", "302", "4", "891717742")]


def joined(separator, header=None):
    lines = [header] if header else []
    return "\n".join([*lines, *(separator.join(row) for row in ROWS)]) + "\n"


FILES = {
    "u.data": joined("\t"),
    "ratings.dat": joined("::"),
    "ratings.csv": joined(",", "userId,movieId,rating,timestamp"),
    "ml-100k.inter": joined("\t", "user_id:token\titem_id:token\trating:float\ttimestamp:float"),
    "mine.tsv": joined("\t", "user_id\titem_id\tvalue\ttime"),
    "mine.csv": joined(",", "user_id,item_id,value,time"),
}


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_frame(tmp_path, name):
    found = read_interactions(write(tmp_path, name, FILES[name]))
    expected = pd.DataFrame(
        {
            "user_id": [196, 186],
            "item_id": [242, 302],
            "time": pd.to_datetime([881250949, 891717742], unit="s").astype("datetime64[us]"),
            "value": [3.0, 4.0],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_dates_text_ids_and_no_value(tmp_path):
    text = "user_id,item_id,time,note\nann,tea,2019-01-07 10:00:00,x\nbob,milk,2019-01-08,y\n"
    found = read_interactions(write(tmp_path, "mine.csv", text))
    assert list(found) == ["user_id", "item_id", "time"]
    assert found["user_id"].tolist() == ["ann", "bob"]
    assert found["time"].tolist() == [pd.Timestamp("2019-01-07 10:00"), pd.Timestamp("2019-01-08")]


def test_the_sample_gives_its_clicks():
    found, log = (
        read(dataset("visits_sample.parquet")) for read in (read_interactions, pd.read_parquet)
    )
    assert len(found) == log["clicked"].sum() < len(log)
    assert found["value"].tolist() == log.loc[log["clicked"], "value"].tolist()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "user_id,item_id,time\n", "has no interactions"),
        ("a.csv", "user_id,time\n1,2\n", "no column 'item_id'; found: user_id, time"),
        ("a.csv", "user_id;item_id;time\n1;2;3\n", "no column 'user_id'"),
        ("a.csv", "user_id,item_id,time\n1,2,3\n4,5,soon\n", "'time', line 3: found 'soon'"),
        ("a.csv", "user_id,item_id,time\n1,2,3\n,5,6\n", "'user_id', line 3: found nothing"),
        ("a.csv", "user_id,item_id,time\n1,2.5,3\n", "'item_id', line 2: found '2.5'"),
        ("a.csv", "userId,movieId,rating,timestamp\n1,2,good,3\n", "'rating', line 2"),
        ("a.csv", "user_id,item_id,time,value\n1,2,3,-1\n", "found '-1', expected a number of 0"),
        ("u.data", "1\t2\t3\t4\n1\t\t3\t4\n", "'item_id', line 2: found nothing"),
        ("a.csv", "user_id,item_id,time\n1,2,3,4,5\n", "cannot be read as a table"),
        ("a.xlsx", "user_id", "is of a kind that is not known"),
        ("a.parquet", "no parquet", "is not a Parquet file"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, name, text, words):
    path = write(tmp_path, name, text)
    with pytest.raises(BadInteractions) as told:
        read_interactions(path)
    assert words in str(told.value) and str(path) in str(told.value)


def test_what_is_no_file_is_said(tmp_path):
    with pytest.raises(BadInteractions, match="does not exist"):
        read_interactions(tmp_path / "none.csv")
    with pytest.raises(BadInteractions, match="is a folder"):
        read_interactions(tmp_path)
    (tmp_path / "latin.csv").write_bytes("user_id,item_id,time\nJosé,1,2\n".encode("latin-1"))
    with pytest.raises(BadInteractions, match="not text in UTF-8"):
        read_interactions(tmp_path / "latin.csv")
