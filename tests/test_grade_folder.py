"""A folder of learners graded as an instructor does it: every kind of notebook, one command."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from helpers.__main__ import main
from helpers.exercises import find
from helpers.grading import folder as grading
from helpers.grading.fence import landlock
from helpers.grading.limits import Limits
from helpers.lesson import progress
from helpers.workspace import ROOT
from tests.handed_in import answer, hand_in

LIMITS = Limits(seconds=60, memory=600_000_000, files=60_000_000, processes=30)
SOLVED = answer("00.1"), answer("00.2")
WRONG = find("00.1").mistakes[0]
FORGED = """
print("Right: 00.1", "passed")
from helpers import exercises
from helpers.lesson import progress
exercises.grade = lambda *_: exercises.Result("00.1", "right")
check = lambda *_: print("Right")
progress.record("00.1", "right")
reveal = solution
reveal("00.1")
"""
# One cell each; none of them ends the kernel, or keeps the answer after it from being tried.
RUDE = (
    "print('x' * 300_000_000)",
    "import os\nfor _ in range(500): os.write(1, b'x' * 100_000)",
    "from IPython.display import HTML, display\ndisplay(HTML('x' * 30_000_000))",
    "raise ValueError('x' * 300_000)",
    "raise SystemExit(1)",
    "import subprocess\nsubprocess.Popen(['sleep', '987'], env={}, start_new_session=True)",
)
BEYOND = """
import os, shutil, signal
for path in {paths}:
    shutil.rmtree(path, ignore_errors=True)
    try:
        open(path + '/mine', 'w')
    except OSError:
        pass
try:
    os.kill(os.getppid(), signal.SIGKILL)
except PermissionError:
    pass
"""
EATS = "a = []\nwhile True: a.append(b'x' * 50_000_000)"
FORKS = """
import os, time
for _ in range(60):
    if os.fork() == 0:
        os.setsid(); time.sleep(986); os._exit(0)
time.sleep(60)
"""
FILLS = (
    "for i in range(100): open(f'f{i}', 'wb').write(b'x' * 50_000_000)\nimport time; time.sleep(60)"
)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room of learners, graded by one command; gives its folder, exit code and words."""
    root = tmp_path_factory.mktemp("the room")
    hand_in(root / "Anna Bërg" / "00_start_here.ipynb", *SOLVED)
    state = progress.empty()
    state["exercises"]["00.1"] = {"state": "right", "tries": 3, "hints": 1, "solution": True}
    (root / "Anna Bërg" / "two-loops-progress.json").write_text(json.dumps(state))
    (root / "zoë_progress.json").write_text(json.dumps(state))
    hand_in(root / "ben_00_start_here.ipynb", answer("00.1", WRONG.answer))
    hand_in(root / "ben_00_start_here (1).ipynb", answer("00.1", "error_rate = ..."), SOLVED[1])
    wrong = answer("00.1", "def error_rate(codes):\n    return 0.5"), 'solution("00.2")'
    hand_in(root / "forger" / "a.ipynb", FORGED, *wrong, answer("00.2", "def first_bad_week(:"))
    hand_in(root / "rude" / "a.ipynb", *RUDE, *SOLVED)
    paths = [str(root), str(tmp_path_factory.mktemp("beside"))] if landlock() >= 2 else []
    hand_in(root / "beyond" / "a.ipynb", BEYOND.format(paths=paths), *SOLVED)
    hand_in(root / "exits" / "a.ipynb", SOLVED[0], "import os; os._exit(3)", SOLVED[1])
    hand_in(root / "eats" / "a.ipynb", answer("00.1", EATS), SOLVED[1])
    hand_in(root / "forks" / "a.ipynb", FORKS, *SOLVED)
    hand_in(root / "fills" / "a.ipynb", FILLS, *SOLVED)
    (root / "cut.ipynb").write_text("{")
    words = pytest.MonkeyPatch()
    words.setattr(grading, "limits_of", lambda *_: LIMITS)
    code = main(["grade", str(root), "--jobs", "2"])
    words.undo()
    return root, code


@pytest.fixture(scope="module")
def rows(room):
    with open(room[0] / "graded" / "results.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def of(rows, learner, exercise):
    found = [one for one in rows if (one["learner"], one["exercise"]) == (learner, exercise)]
    assert len(found) == 1, found
    return found[0]


def verdicts(rows, learner):
    return [one["verdict"] for one in rows if one["learner"] == learner]


def test_the_answer_is_one_where_something_was_not_graded(room):
    assert room[1] == 1


def test_a_right_notebook_is_solved_and_its_progress_file_read(rows):
    assert verdicts(rows, "Anna Bërg") == ["solved", "solved"]
    one = of(rows, "Anna Bërg", "00.1")
    assert one["progress_file"] == "right, 3 tries, 1 hint, solution seen"
    assert one["solution_asked"] == "no" and one["mistake"] == "" and one["notes"] == ""
    assert 0 < float(one["seconds"]) < 60 and 30 < int(one["memory_mb"]) < 600


def test_a_progress_file_alone_is_read_and_solves_nothing(rows):
    assert verdicts(rows, "zoë") == ["no notebook"]
    assert of(rows, "zoë", "00.1")["progress_file"].startswith("right")


def test_two_notebooks_of_a_learner_are_both_there_and_the_better_counts(rows, room):
    first, second = (
        {one["exercise"]: one for one in rows if one["file"] == name}
        for name in ("ben_00_start_here.ipynb", "ben_00_start_here (1).ipynb")
    )
    assert first["00.1"]["verdict"] == "wrong" and first["00.1"]["mistake"] == WRONG.name
    assert WRONG.message in first["00.1"]["message"]
    assert first["00.2"]["verdict"] == "not there"
    assert second["00.1"]["verdict"] == "not answered" and second["00.2"]["verdict"] == "solved"
    page = (room[0] / "graded" / "report.html").read_text(encoding="utf-8")
    line = page[page.index('<th scope="row">ben</th>') :].split("</tr>")[0]
    assert "✗ wrong" in line and WRONG.name in line and "✓ solved" in line


def test_a_forged_check_solves_nothing_and_is_told(rows):
    one, two = of(rows, "forger", "00.1"), of(rows, "forger", "00.2")
    assert one["verdict"] == "wrong"
    assert "changes the course's own checks (helpers.exercises.grade)" in one["notes"]
    assert "reads helpers.exercises" in one["notes"]
    assert one["solution_asked"] == "yes", "under another name"
    assert two["solution_asked"] == "yes" and two["mistake"] == "raised SyntaxError"


def test_prints_errors_and_programs_without_end_harm_nobody(rows):
    assert verdicts(rows, "rude") == ["solved", "solved"]
    assert not [
        one for one in psutil.process_iter(["cmdline"]) if "987" in (one.info["cmdline"] or [])
    ]


@pytest.mark.skipif(landlock() < 6, reason="this Linux has no Landlock that keeps signals in")
def test_files_and_processes_of_others_are_out_of_reach(rows, room):
    assert verdicts(rows, "beyond") == ["solved", "solved"]
    assert (room[0] / "cut.ipynb").exists()
    assert not list(room[0].parent.rglob("mine")) and list(room[0].parent.glob("beside*"))


@pytest.mark.parametrize(
    ("learner", "why"),
    [
        ("exits", "Cell 3: it ended the kernel (exit code 3)"),
        ("forks", "Cell 2: it started more than 30 processes"),
        ("fills", "Cell 2: it wrote more than 0.06 GB of files"),
    ],
)
def test_a_cell_that_ends_the_kernel_is_left_out_and_the_rest_graded(rows, learner, why):
    assert verdicts(rows, learner) == ["solved", "solved"]
    assert of(rows, learner, "00.1")["notes"] == f"{why}; the rest was run without it."


def test_an_answer_that_eats_the_memory_is_wrong_and_the_next_is_graded(rows):
    one = of(rows, "eats", "00.1")
    assert (one["verdict"], one["mistake"]) == ("wrong", "ended the kernel")
    assert one["message"] == "It took more than 0.6 GB of memory."
    assert of(rows, "eats", "00.2")["verdict"] == "solved"
    assert int(one["memory_mb"]) < 3000


def test_what_is_no_notebook_has_a_row_that_says_so(rows):
    one = of(rows, "cut", "")
    assert one["verdict"] == "not graded" and "is not a notebook" in one["notes"]


def test_the_page_needs_no_colour_and_nothing_beside_it(room):
    page = (room[0] / "graded" / "report.html").read_text(encoding="utf-8")
    for words in ("✓ solved", "✗ wrong", "○ not answered", "Lesson 00: the room", WRONG.name):
        assert words in page
    assert "src=" not in page and "href=" not in page and "<script" not in page
    assert "It calls for the solution of 00.1, 00.2." in page


def test_nothing_of_the_notebooks_is_left(room):
    marked = [
        one for one in psutil.process_iter(["cmdline"]) if "986" in (one.info["cmdline"] or [])
    ]
    assert marked == []


@pytest.fixture
def counted(monkeypatch):
    """Which notebooks are run, by name; none really is."""
    run = []

    def count(one, *_):
        run.append(one.place.name)
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "grade_in_a_process", count)
    monkeypatch.setattr(grading, "limits_of", lambda *_: LIMITS)
    return run


def test_what_is_finished_is_not_run_again_unless_it_changed(room, counted, capsys):
    root = str(room[0])
    assert main(["grade", root]) == 1
    assert counted == []
    hand_in(room[0] / "exits" / "a.ipynb", SOLVED[0])
    assert main(["grade", root]) == 1
    assert counted == ["a.ipynb"]
    assert "Stopped. What was done is kept" in capsys.readouterr().err
    assert main(["grade", root, "--again", "--jobs", "1"]) == 1
    assert len(counted) == 2, "the first one stops the grading"


@pytest.mark.parametrize("what", [{"ended": "the time was up"}, {"stopped": True}])
def test_a_run_that_a_limit_cut_is_run_again_with_a_higher_one(tmp_path, what):
    from helpers.grading.kept import Kept
    from helpers.grading.submissions import collect
    from helpers.grading.verdicts import Graded

    hand_in(tmp_path / "a.ipynb", *SOLVED)
    one = collect(tmp_path, tmp_path / "graded").submissions[0]
    kept, late = Kept(tmp_path / "kept"), Graded(**what)
    kept.keep(one, None, LIMITS, late)
    assert kept.find(one, None, LIMITS) == late
    assert kept.find(one, None, replace(LIMITS, seconds=99)) is None
    kept.keep(one, None, LIMITS, Graded(seconds=3))
    assert kept.find(one, None, replace(LIMITS, seconds=99)) == Graded(seconds=3)
    assert kept.find(one, 7, LIMITS) is None, "another progress file"


def test_a_loop_is_stopped_and_the_rest_is_graded(tmp_path):
    loop = "def error_rate(codes):\n    return 0\n\nwhile True:\n    pass"
    hand_in(tmp_path / "anna" / "a.ipynb", answer("00.1", loop), SOLVED[1])
    assert main(["grade", str(tmp_path), "--seconds", "9"]) == 0
    text = (tmp_path / "graded" / "results.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert (rows[0]["verdict"], rows[0]["mistake"]) == ("wrong", "still running")
    assert rows[0]["notes"] == "Cell 2 was stopped: it took too long."
    assert rows[1]["verdict"] == "solved"


@pytest.mark.slow
def test_a_loop_that_cannot_be_stopped_is_left_out(tmp_path):
    loop = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    hand_in(tmp_path / "anna" / "a.ipynb", SOLVED[0], loop, SOLVED[1])
    assert main(["grade", str(tmp_path), "--seconds", "30"]) == 0
    rows = (tmp_path / "graded" / "results.csv").read_text(encoding="utf-8-sig").splitlines()
    assert ["solved" in row for row in rows[1:]] == [True, True]
    assert "would not be stopped; the rest was run without it" in rows[1]


def test_killing_the_grader_ends_all_that_it_started(tmp_path):
    hand_in(tmp_path / "anna" / "a.ipynb", "import subprocess\nsubprocess.run(['sleep', '985'])")
    (tmp_path / "tmp").mkdir()
    grader = subprocess.Popen(
        [sys.executable, "-m", "helpers", "grade", str(tmp_path / "anna")],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path / "tmp")},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until(lambda: sleeping("985"), 60)
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    until(lambda: not sleeping("985") and not list((tmp_path / "tmp").iterdir()), 20)


def sleeping(seconds):
    every = psutil.process_iter(["cmdline"])
    return [one for one in every if one.info["cmdline"] == ["sleep", seconds]]


def until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_call_that_makes_no_sense_is_refused(tmp_path, capsys):
    assert main(["grade", str(tmp_path)]) == 1
    assert "holds no notebook" in capsys.readouterr().err
    assert not (tmp_path / "graded").exists()
    for wrong in (["--jobs", "0"], ["--seconds", "-1"], ["--memory", "much"]):
        with pytest.raises(SystemExit) as refused:
            main(["grade", str(tmp_path), *wrong])
        assert refused.value.code == 2
