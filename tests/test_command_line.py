"""`python -m helpers`: audit, reset and progress, as a learner types them."""

import subprocess

import nbformat
import pytest

from helpers.__main__ import main
from helpers.lesson import progress, restoring
from helpers.lesson.restoring import CannotRestore, reset
from helpers.notebooks import named
from helpers.tools import TOOLS, Tool

LESSON = "notebooks/22_clean_and_prepare.ipynb"


@pytest.fixture
def course(tmp_path):
    """A small repository with one lesson in it."""
    root = tmp_path / "course"
    (root / "notebooks").mkdir(parents=True)
    (root / LESSON).write_bytes(b"original\r\n")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for line in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(root), *line], check=True)
    return root


def test_a_lesson_is_put_back_and_the_learners_own_is_kept(course):
    (course / LESSON).write_text("mine")
    kept = reset("22", course)
    assert (course / LESSON).read_bytes() == b"original\r\n"
    assert kept.read_text() == "mine"
    assert kept.name.startswith("22_clean_and_prepare.20") and kept.suffix == ".ipynb"


def test_an_untouched_lesson_makes_no_copy(course):
    assert reset("22", course) is None
    assert len(list((course / "notebooks").iterdir())) == 1


def test_a_deleted_lesson_comes_back(course):
    (course / LESSON).unlink()
    assert reset("22", course) is None
    assert (course / LESSON).read_bytes() == b"original\r\n"


def test_two_resets_in_one_second_lose_neither_copy(course, monkeypatch):
    class Frozen(restoring.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 2, 3, 4, 5)

    monkeypatch.setattr(restoring, "datetime", Frozen)
    for text in ("first", "second"):
        (course / LESSON).write_text(text)
        reset("22", course)
    kept = sorted((course / "notebooks").glob("22_clean_and_prepare.*.ipynb"))
    assert sorted(p.read_text() for p in kept) == ["first", "second"]


def test_without_git_or_history_it_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(CannotRestore, match="unpack it again"):
        reset("22", tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotRestore, match="git is not here"):
        reset("22", tmp_path)


def test_audit_prints_a_line_for_each_exercise_and_fails_on_a_fault(toy, capsys, monkeypatch):
    assert main(["audit", "90"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "exercise 90.1: hints 2, correct forms 2, mistakes 3, tested"
    from dataclasses import replace

    worse = replace(toy.LESSON, exercises=(replace(toy.TAKINGS, hints=("one",)),))
    monkeypatch.setattr(toy, "LESSON", worse)
    assert main(["audit", "90"]) == 1
    assert "FAULTY" in capsys.readouterr().out
    assert main(["audit", "77"]) == 1


def test_progress_is_saved_to_a_file_and_loaded_again(tmp_path, capsys):
    progress.record("22.1", "right")
    file = tmp_path / "mine.json"
    assert main(["progress", "--save", str(file)]) == 0
    progress.path().unlink()
    assert main(["progress", "--load", str(file)]) == 0
    assert progress.exercise("22.1")["state"] == "right"
    file.write_text("nonsense")
    assert main(["progress", "--load", str(file)]) == 1
    assert "not JSON" in capsys.readouterr().err


def test_an_unknown_lesson_is_refused_with_those_there_are(capsys):
    assert main(["reset", "99"]) == 1
    assert "there is no lesson '99'" in capsys.readouterr().err


def test_a_tool_that_answers_with_an_error_counts_as_missing(tmp_path, monkeypatch):
    program = tmp_path / "halfdocker"
    program.write_text("#!/bin/sh\necho 28.2.2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Tool("half", "halfdocker", ()).found_version() is None
    program.write_text("#!/bin/sh\necho v28.2.2\n")
    assert Tool("half", "halfdocker", ()).found_version() == "28.2.2"


def test_each_tool_says_how_to_get_it():
    for tool in TOOLS:
        assert tool.how_to_get()


def test_a_tool_is_wanted_by_the_lessons_whose_cells_say_so():
    tagged = {
        (tag.removeprefix("needs-"), path.name[:2])
        for path in named([])
        for one in nbformat.read(path, as_version=4).cells
        for tag in one.metadata.get("tags", [])
        if tag.startswith("needs-")
    }
    listed = {(tool.command, lesson) for tool in TOOLS for lesson in tool.lessons}
    assert tagged <= listed
    outside = {tool.command for tool in TOOLS if tool.get}
    assert {pair for pair in listed if pair[0] in outside} <= tagged
