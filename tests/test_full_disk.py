"""A disk that fills up in the middle of a lesson: it is said, nothing is lost, and one goes on."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from helpers.lesson import full_disk
from helpers.notebooks import named
from helpers.workspace import ROOT

# In a namespace of its own the workspace is a small disk in memory, which no other process sees.
SMALL_DISK = 'mount -t tmpfs -o size=100m tmpfs "$TWO_LOOPS_WORKSPACE" && exec "$@"'

RUN = """
import json, os, sys
import nbformat
from nbclient import NotebookClient
from helpers.lesson import progress
from helpers.workspace import workspace

path, name = sys.argv[1], sys.argv[2]
progress.record("00.1", "right")
nb = nbformat.read(path, as_version=4)
client = NotebookClient(nb, timeout=120, allow_errors=True, kernel_name="python3",
                        resources={"metadata": {"path": os.path.dirname(path)}})
code = [n for n, cell in enumerate(nb.cells) if cell.cell_type == "code" and cell.source.strip()]

def fill():
    handle = os.open(workspace() / "ballast", os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(handle, bytes(4096))
    except OSError as error:
        print(error.strerror)
    os.close(handle)

def outputs(number):
    client.execute_cell(nb.cells[number], number)
    return nb.cells[number].outputs

with client.setup_kernel():
    for number in code:
        if name in nb.cells[number].source:
            break
        outputs(number)
    fill()
    full = outputs(number)
    (workspace() / "ballast").unlink()
    again = outputs(number)
print(json.dumps({"full": full, "again": again, "kept": progress.exercise("00.1")["state"]}))
"""

APART = ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", sys.executable, "-c", RUN]

needs_namespaces = pytest.mark.skipif(
    not shutil.which("unshare") or os.name != "posix", reason="needs Linux' unshare"
)


def on_a_full_disk(lesson, cell, tmp_path):
    """Run a lesson up to the cell that holds `cell`, that one on a full disk, and once more."""
    ran = subprocess.run(
        [*APART, str(named([lesson])[0]), cell],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TWO_LOOPS_WORKSPACE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    first, _, last = ran.stdout.strip().partition("\n")
    assert first == "No space left on device", ran.stderr[-2000:]
    return json.loads(last)


def said(outputs):
    return " ".join(
        output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs
    )


@needs_namespaces
@pytest.mark.parametrize(
    ("lesson", "cell"), [("00", "new_shop()"), ("21", "log.parquet"), ("23", "open_store(")]
)
def test_a_cell_on_a_full_disk_says_so_and_runs_when_there_is_space(lesson, cell, tmp_path):
    came = on_a_full_disk(lesson, cell, tmp_path)
    assert [output["output_type"] for output in came["full"]].count("error") == 1
    assert "The disk is full" in said(came["full"]) and "Free some space" in said(came["full"])
    assert "error" not in [output["output_type"] for output in came["again"]], came["again"]
    assert came["kept"] == "right"


def test_it_is_recognised_through_the_errors_that_follow_from_it():
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise RuntimeError("the store was not opened") from error
    except RuntimeError as error:
        assert full_disk.is_full_disk(error)
    assert full_disk.is_full_disk(
        RuntimeError("(sqlite3.OperationalError) database or disk is full")
    )


@pytest.mark.parametrize("error", [None, OSError(13, "Permission denied"), KeyError("amount")])
def test_other_errors_are_none_of_it(error):
    assert not full_disk.is_full_disk(error)
