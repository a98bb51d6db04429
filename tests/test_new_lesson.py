"""`python -m helpers new`: what it lays out passes its tests, and refusals say why."""

import os
import shutil
import subprocess
import sys

import pytest

from helpers.notebooks import problems
from helpers.notebooks.new import lay_out
from helpers.workspace import ROOT


@pytest.fixture
def course(tmp_path):
    """A copy of what the command line needs."""
    for name in ("helpers", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def test_a_new_lesson_begins_green(course):
    def helpers(*arguments):
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=course,
            env={**os.environ, "PYTHONPATH": str(course)},
            capture_output=True,
            text=True,
        )

    made = helpers("helpers", "new", "17", "trace_requests", "Trace requests")
    assert made.returncode == 0 and "notebooks/17_trace_requests.ipynb" in made.stdout
    audited = helpers("helpers", "audit", "17")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    tested = helpers("pytest", "-q", "-p", "no:cacheprovider", "tests/test_lesson_17.py")
    assert tested.returncode == 0, tested.stdout
    left = problems(course / "notebooks/17_trace_requests.ipynb")
    assert left and all("has never been run" in one for one in left)


@pytest.mark.parametrize(
    ("number", "name", "why"),
    [("7", "x", "two digits"), ("17", "Trace It", "trace_requests"), ("22", "again", "22_clean")],
)
def test_what_cannot_be_a_lesson_is_refused(number, name, why):
    with pytest.raises((ValueError, FileExistsError), match=why):
        lay_out(number, name, "Title")
