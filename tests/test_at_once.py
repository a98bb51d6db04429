"""A lesson run twice, and lessons run at the same time, in one workspace."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from helpers.delivery.practice import practice_repository
from helpers.notebooks import lessons, named
from helpers.workspace import ROOT, workspace

HOLD = """
from helpers.delivery.practice import practice_repository
place = practice_repository("shared", fresh=True)
(place / "mine.txt").write_text("half a sentence")
print(place, flush=True)
input()
"""


def run(path):
    """Run a lesson to its end, in the workspace that all tests of this process share."""
    from nbclient import NotebookClient

    nb = nbformat.read(path, as_version=4)
    client = NotebookClient(
        nb, timeout=200, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})  # raises at the first error


def at_once(*paths):
    with ThreadPoolExecutor(len(paths)) as pool:
        list(pool.map(run, paths))


def test_a_lesson_runs_twice_at_once_and_again_after_that():
    [path] = named(["11"])
    at_once(path, path)
    run(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_every_lesson_runs_twice_at_once_and_again_after_that(path):
    at_once(path, path)
    run(path)


def test_a_repository_in_which_a_kernel_works_is_left_to_it():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    held = workspace("repositories") / "shared"
    assert holder.stdout.readline().strip() == str(held)
    mine = practice_repository("shared", fresh=True)
    assert mine == held.with_name("shared-2") and (mine / ".git").is_dir()
    assert (held / "mine.txt").read_text() == "half a sentence"
    holder.kill()
    holder.wait(10)


def test_after_a_kill_the_place_is_free_again():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.replace('"shared"', '"killed"')],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    place = holder.stdout.readline().strip()
    holder.kill()
    holder.wait(10)
    assert str(practice_repository("killed", fresh=True)) == place
    assert not (workspace("repositories") / "killed" / "mine.txt").exists()
