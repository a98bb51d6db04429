"""Progress survives crashes, a full disk, a second kernel and a spoilt file."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from helpers.lesson import progress
from helpers.workspace import ROOT

RECORDER = """
import sys
from helpers.lesson import progress
who = sys.argv[1]
for n in range(int(sys.argv[2])):
    progress.record(f"{who}.{n}", "right")
    if n == 0:
        print("begun", flush=True)
"""


def recorder(*arguments, **more):
    return subprocess.Popen(
        [sys.executable, "-c", RECORDER, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        **more,
    )


def test_a_new_learner_has_nothing_done_and_a_seed_that_stays():
    assert progress.read()["exercises"] == {}
    assert progress.seed() == progress.seed()


def test_right_stays_right_and_tries_are_counted():
    for state in ("not answered", "not yet", "right", "not yet"):
        progress.record("22.1", state)
    kept = progress.exercise("22.1")
    assert (kept["state"], kept["tries"]) == ("right", 3)


def test_two_kernels_at_once_lose_nothing():
    both = [recorder(who, 40) for who in ("22", "23")]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(progress.read()["exercises"]) == 80


@pytest.mark.parametrize("wait", [0.0, 0.003, 0.011, 0.029])
def test_a_kernel_killed_in_the_middle_of_writing_leaves_a_whole_file(wait):
    progress.record("21.1", "right")
    writing = recorder("22", 10_000)
    writing.stdout.readline()
    time.sleep(wait)
    writing.send_signal(signal.SIGKILL)
    writing.wait(10)
    kept = progress.parse(progress.path().read_text())["exercises"]
    assert kept["21.1"]["state"] == "right" and "22.0" in kept
    progress.record("21.2", "right")  # the lock of the dead is no lock
    assert progress.exercise("21.2")["state"] == "right"


FULL_DISK = """
import resource
from helpers.lesson import progress
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))  # no file may grow beyond 20 bytes
try:
    progress.record("22.1", "right")
except progress.NotSaved as error:
    print(error)
from helpers.lesson import check
check("90.1", ...)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on files are POSIX's")
def test_a_full_disk_is_told_and_loses_nothing():
    progress.record("21.1", "right")
    before = progress.path().read_bytes()
    code = FULL_DISK.split("from helpers.lesson import check")[0]
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "could not be saved" in run.stdout and "Free some disk space" in run.stdout, run.stderr
    assert progress.path().read_bytes() == before
    assert [p.name for p in progress.path().parent.glob(".progress-*")] == []


def test_a_check_on_a_full_disk_still_answers(toy, monkeypatch, capsys):
    from helpers.lesson import check

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress.os, "replace", full)
    check("90.1", lambda p: p.groupby("terminal_id")["amount"].sum())
    said = capsys.readouterr().out
    assert "Right" in said
    assert "could not be saved (No space left on device)" in " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{}", "should hold exercises"),
        ('{"version": 99, "seed": 1, "exercises": {}, "guesses": {}, "quiz": {}}', "version is 99"),
        ('{"version": 1, "seed": null, "exercises": {}, "guesses": {}, "quiz": {}}', "its seed"),
    ],
)
def test_a_spoilt_file_is_kept_aside_and_said_so(text, words, capsys):
    progress.path().write_text(text)
    assert progress.read()["exercises"] == {}
    assert words in capsys.readouterr().out
    kept = list(progress.path().parent.glob("progress.*.unreadable.json"))
    assert [p.read_text() for p in kept] == [text]


def test_progress_taken_away_and_brought_back(toy):
    progress.record("22.1", "right")
    progress.record("22.2", "not yet")
    taken = progress.path().read_text()
    seed = progress.seed()
    progress.path().unlink()
    progress.record("22.2", "right")
    progress.record("23.1", "not yet")
    progress.bring_back(taken)
    kept = progress.read()
    assert {k: v["state"] for k, v in kept["exercises"].items()} == {
        "22.1": "right",
        "22.2": "right",
        "23.1": "not yet",
    }
    assert kept["seed"] == seed


def test_a_file_that_is_no_progress_is_refused_with_words(capsys):
    from helpers.lesson import bring_progress_back

    progress.record("22.1", "right")
    panel = bring_progress_back("<html>")
    assert "not brought back" in str(panel) and "not JSON" in str(panel)
    assert progress.exercise("22.1")["state"] == "right"


def test_the_download_link_holds_the_progress(toy):
    import base64
    import re

    from helpers.lesson import download_progress

    progress.record("90.1", "right")
    page = download_progress().html()
    data = re.search(r"base64,([^\"]+)", page)[1]
    assert json.loads(base64.b64decode(data))["exercises"]["90.1"]["state"] == "right"


def test_the_map_fills_in(toy):
    from helpers.lesson.loops import _done

    assert _done()["90"] == 0
    progress.record("90.1", "right")
    assert _done()["90"] == 0.25
