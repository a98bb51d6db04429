"""The root's conftest: a missing tool, a workspace of one's own, the learner's left alone."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.workspace import ROOT

TESTS = """
import os, pytest

@pytest.mark.needs_tool("no-such-tool")
def test_missing():
    assert False, "never gets here"

@pytest.mark.needs_tool("git")
def test_present():
    assert "two-loops-tests-" in os.environ["TWO_LOOPS_WORKSPACE"]
"""
LEAVE = "import pathlib, os\nplace = pathlib.Path(os.environ['TWO_LOOPS_WORKSPACE'], 'x')\n"
LEAVE += "print(place.exists())\nplace.write_text('left behind') and None"


def cell(source, stored, *tags):
    output = new_output("stream", name="stdout", text=stored)
    return new_code_cell(source, metadata={"tags": list(tags)}, outputs=[output], execution_count=1)


LESSONS = {
    "21_one.ipynb": [cell(LEAVE, "False\n")],
    "22_two.ipynb": [
        cell("print('recorded')", "live\n", "needs-no-such-tool"),
        cell(LEAVE, "False\n"),
        cell("print('new')", "old\n"),
    ],
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What pytest says of some tests and lessons, where tools may be missing and where not."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "test_tools.py").write_text(TESTS)
    for name, cells in LESSONS.items():
        nbformat.write(new_notebook(cells=cells), folder / name)
    rules = ["-c", str(ROOT / "pyproject.toml"), "-p", "conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *rules, "--nbval", "-v", str(folder)]
    return {
        required: subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"REQUIRE_TOOLS": required},
            capture_output=True,
            text=True,
        ).stdout
        for required in ("", "1")
    }


def outcome(text, name):
    """The words of a verbose run's line on one test: PASSED, FAILED, ERROR or SKIPPED is one."""
    return {*next(line for line in text.splitlines() if f"{name} " in line).split()}


def test_without_its_tool_a_test_is_skipped_by_name(answers):
    assert "SKIPPED" in outcome(answers[""], "test_missing")
    assert "this machine lacks no-such-tool" in answers[""]
    assert "PASSED" in outcome(answers[""], "test_present")


def test_where_tools_are_required_a_missing_one_fails(answers):
    text = answers["1"]
    assert {"FAILED", "ERROR"} & outcome(text, "test_missing")
    assert "REQUIRE_TOOLS=1, and this machine lacks no-such-tool" in text
    assert "PASSED" in outcome(text, "test_present")


def test_without_its_tool_a_cell_runs_and_is_not_compared(answers):
    assert "PASSED" in outcome(answers[""], "22_two.ipynb::Cell 0")
    assert {"FAILED", "ERROR"} & outcome(answers["1"], "22_two.ipynb::Cell 0")


def test_a_cell_that_needs_no_tool_is_compared(answers):
    assert "FAILED" in outcome(answers[""], "22_two.ipynb::Cell 2")


def test_each_lesson_gets_a_workspace_of_its_own(answers):
    assert "PASSED" in outcome(answers[""], "21_one.ipynb::Cell 0")
    assert "PASSED" in outcome(answers[""], "22_two.ipynb::Cell 1")
