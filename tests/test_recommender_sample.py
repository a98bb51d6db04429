"""The published sample of visits: its size, its datasheet, and that it can be made anew.

Its checksum, and that it has one, tests test_payments_sample for every file.
"""

import hashlib
import re
from importlib.metadata import version

import pandas as pd
import pytest

from helpers.recommender import sample
from helpers.workspace import ROOT, dataset


@pytest.fixture(scope="module")
def published():
    return pd.read_parquet(dataset(sample.NAME))


def test_the_sample_is_at_most_two_megabytes():
    assert 100_000 < dataset(sample.NAME).stat().st_size <= 2_000_000


def test_made_anew_it_is_the_same(tmp_path, published):
    sample.write_sample(tmp_path / sample.NAME)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / sample.NAME), published)
    full = sample.WORLD.impressions()
    assert published["propensity"].to_numpy() == pytest.approx(full["propensity"], rel=1e-5)


def test_made_anew_it_is_the_same_byte_for_byte(tmp_path):
    locked = re.search(r"^pyarrow==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    if version("pyarrow") != locked[1]:
        pytest.skip(f"pyarrow is {version('pyarrow')}; the sample was written with {locked[1]}")
    sample.write_sample(tmp_path / sample.NAME)
    assert (tmp_path / sample.NAME).read_bytes() == dataset(sample.NAME).read_bytes()


def test_the_command_writes_file_and_checksum_and_keeps_the_others(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sample, "FOLDER", tmp_path)
    (tmp_path / "checksums.txt").write_text(f"1  another.csv\n2  {sample.NAME}\n")
    assert sample.main() == 0
    digest = hashlib.sha256((tmp_path / sample.NAME).read_bytes()).hexdigest()
    listed = (tmp_path / "checksums.txt").read_text()
    assert listed == f"1  another.csv\n{digest}  {sample.NAME}\n"
    assert digest in capsys.readouterr().out


def test_the_datasheet_says_what_is_in_the_file(published):
    text = (ROOT / "datasets" / "README.md").read_text()
    part = text.split(f"## {sample.NAME}")[1].split("\n## ")[0]
    visits = len(published.drop_duplicates(["user_id", "time"]))
    assert f"{len(published):,} products shown in {visits:,} visits" in " ".join(part.split())
    assert f"{published['clicked'].sum():,} of them clicked" in " ".join(part.split())
    for name, dtype in published.dtypes.items():
        kind = "timestamp" if name == "time" else str(dtype)
        assert f"| {name} | {kind}" in part
