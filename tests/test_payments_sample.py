"""The published sample: its checksum, its size, its datasheet, and that it can be made anew."""

import hashlib
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest

from helpers.payments import read_transactions, sample

ROOT = Path(__file__).parents[1]
DATASETS = ROOT / "datasets"


def test_checksums_are_those_of_the_files():
    lines = (DATASETS / "checksums.txt").read_text().splitlines()
    names = [line.split("  ")[1] for line in lines]
    assert sample.NAME in names
    for digest, name in (line.split("  ") for line in lines):
        assert hashlib.sha256((DATASETS / name).read_bytes()).hexdigest() == digest


def test_every_parquet_file_has_a_checksum_and_a_datasheet():
    listed = (DATASETS / "checksums.txt").read_text()
    datasheet = (DATASETS / "README.md").read_text()
    for path in DATASETS.glob("*.parquet"):
        assert f"  {path.name}\n" in listed
        assert f"## {path.name}" in datasheet


def test_the_sample_is_at_most_three_megabytes():
    assert 100_000 < (DATASETS / sample.NAME).stat().st_size <= 3_000_000


def test_made_anew_it_is_the_same(tmp_path):
    sample.write_sample(tmp_path / sample.NAME)
    published = pd.read_parquet(DATASETS / sample.NAME)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / sample.NAME), published)
    pd.testing.assert_frame_equal(read_transactions(DATASETS / sample.NAME), published)
    pd.testing.assert_frame_equal(sample.WORLD.transactions(), published)


def test_made_anew_it_is_the_same_byte_for_byte(tmp_path):
    locked = re.search(r"^pyarrow==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    if version("pyarrow") != locked[1]:
        pytest.skip(f"pyarrow is {version('pyarrow')}; the sample was written with {locked[1]}")
    sample.write_sample(tmp_path / sample.NAME)
    assert (tmp_path / sample.NAME).read_bytes() == (DATASETS / sample.NAME).read_bytes()


def test_the_command_writes_file_and_checksum_and_keeps_the_others(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sample, "FOLDER", tmp_path)
    (tmp_path / "checksums.txt").write_text(f"1  another.csv\n2  {sample.NAME}\n")
    assert sample.main() == 0
    digest = hashlib.sha256((tmp_path / sample.NAME).read_bytes()).hexdigest()
    listed = (tmp_path / "checksums.txt").read_text()
    assert listed == f"1  another.csv\n{digest}  {sample.NAME}\n"
    assert digest in capsys.readouterr().out


def test_the_datasheet_says_what_is_in_the_file():
    published = pd.read_parquet(DATASETS / sample.NAME)
    datasheet = (DATASETS / "README.md").read_text()
    assert f"{len(published):,} card payments" in datasheet
    assert f"{published['is_fraud'].sum()} of them fraud" in datasheet
    assert f"scenario 1 has {published['scenario'].eq(1).sum()} payments" in datasheet
    for name, dtype in published.dtypes.items():
        kind = "timestamp" if name == "time" else str(dtype)
        assert f"| {name} | {kind}" in datasheet


def test_the_package_imports_no_heavy_library():
    code = (
        "import sys, pandas; before = set(sys.modules); import helpers.payments; "
        "print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert set(done.stdout.split()) <= {"helpers", "numpy", "pandas"} | set(sys.stdlib_module_names)
