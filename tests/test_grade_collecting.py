"""What is found in a folder: whose it is, which lesson, and what cannot be graded and why."""

import json
from pathlib import PurePath

import nbformat
import pytest

from helpers.grading.asking import checks, lesson_of, lines_that_read_the_exercises, solutions_asked
from helpers.grading.naming import learner_of
from helpers.grading.submissions import NothingToGrade, collect
from helpers.lesson import progress
from tests.handed_in import answer, hand_in, notebook, ordered

STEMS = ["00_start_here", "21_collect_data", "22_clean_and_prepare"]


@pytest.mark.parametrize(
    ("path", "learner"),
    [
        ("Anna Berg/21_collect_data.ipynb", "Anna Berg"),
        ("Anna Berg_1234567_assignsubmission_file_/lesson.ipynb", "Anna Berg"),
        ("berganna_LATE_123_456_21_collect_data-1.ipynb", "berganna"),
        ("Zoë Ærø 21_collect_data.ipynb", "Zoë Ærø"),
        ("Zoe\u0308/21_collect_data.ipynb", "Zoë"),
        ("21_collect_data_ben.ipynb", "ben"),
        ("ben_21_collect_data.2026-11-20-101010.ipynb", "ben"),
        ("ben_21_collect_data (1).ipynb", "ben"),
        ("submitted/ben/lesson 21/notebooks/21_collect_data.ipynb", "ben"),
        ("21_collect_data/ben.ipynb", "ben"),
        ("22/ben_22_clean_and_prepare.ipynb", "ben"),
        ("student-1/22_clean_and_prepare.ipynb", "student-1"),
        ("22/22_clean_and_prepare.ipynb", "22"),  # the twenty-second of a class of thirty
        ("learner-07_21_collect_data.ipynb", "learner-07"),
        ("anna_two-loops-progress.json", "anna"),
        ("anna/workspace/progress.json", "anna"),
        ("21_collect_data.ipynb", "21_collect_data"),
    ],
)
def test_a_learner_is_found_as_platforms_name_them(path, learner):
    assert learner_of(PurePath(path), STEMS) == learner


def test_the_number_of_a_files_own_lesson_is_no_part_of_a_name():
    assert learner_of(PurePath("anna_22.ipynb"), STEMS, "22") == "anna"
    assert learner_of(PurePath("Lesson 22 Anna Berg.ipynb"), STEMS, "22") == "Anna Berg"
    assert learner_of(PurePath("learner 21.ipynb"), STEMS, "22") == "learner 21"
    assert learner_of(PurePath("anna220.ipynb"), STEMS, "22") == "anna220"
    assert learner_of(PurePath("22.ipynb"), STEMS, "22") == "22"


def test_the_lesson_is_read_from_the_cells_and_not_from_the_name(tmp_path):
    hand_in(tmp_path / "ben" / "21_collect_data.ipynb", answer("00.1"))
    assert [one.lesson for one in collect(tmp_path, tmp_path / "graded").submissions] == ["00"]
    assert lesson_of(notebook('check("22.1", x)', 'check("22.2", y)', 'quiz("21")')) == "22"


def test_what_cannot_be_graded_says_why(tmp_path):
    (tmp_path / "cut.ipynb").write_text('{"cells": [')
    (tmp_path / "deep.ipynb").write_text("[" * 200_000)
    (tmp_path / "list.ipynb").write_text("[1, 2]")
    (tmp_path / "empty.ipynb").write_text("")
    (tmp_path / "latin.ipynb").write_bytes("é".encode("latin-1"))
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "other.ipynb")
    unknown = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('check("77.1", x)')])
    nbformat.write(unknown, tmp_path / "unknown.ipynb")
    (tmp_path / "all.zip").write_bytes(b"PK")
    (tmp_path / "anna_progress.json").write_text('{"version": 9}')
    (tmp_path / "settings.json").write_text("{}")
    folder = collect(tmp_path, tmp_path / "graded")
    why = {one.place.stem: one.problem for one in folder.submissions}
    for name in ("cut", "deep", "list", "empty", "latin"):
        assert why[name].startswith("it is not a notebook: "), name
    assert "cannot be told" in why["other"] and why["unknown"] == "the course has no lesson 77"
    assert folder.unread[0] == "all.zip: unpack it first"
    assert folder.unread[1].startswith("anna_progress.json: ") and len(folder.unread) == 2


def test_checkpoints_and_earlier_results_are_left_alone(tmp_path):
    hand_in(tmp_path / "ben" / "a.ipynb", answer("00.1"))
    hand_in(tmp_path / "ben" / ".ipynb_checkpoints" / "a-checkpoint.ipynb", answer("00.1"))
    hand_in(tmp_path / "__MACOSX" / "ben" / "._a.ipynb", answer("00.1"))
    hand_in(tmp_path / "graded" / "old.ipynb", answer("00.1"))
    found = collect(tmp_path, tmp_path / "graded").submissions
    assert [one.place.as_posix() for one in found] == ["ben/a.ipynb"]


def test_an_empty_folder_and_none_are_told(tmp_path):
    with pytest.raises(NothingToGrade, match="holds no notebook"):
        collect(tmp_path, tmp_path / "graded")
    with pytest.raises(NothingToGrade, match="is not a folder"):
        collect(tmp_path / "nowhere", tmp_path / "graded")


def test_progress_files_of_a_learner_are_merged_the_better_state_stays(tmp_path):
    for name, state in (("one", "right"), ("two", "not yet")):
        entry = {"00.1": {"state": state, "tries": 3}}
        text = json.dumps(progress.empty() | {"exercises": entry})
        path = tmp_path / "Anna" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    folder = collect(tmp_path, tmp_path / "graded")
    assert folder.submissions == []
    assert folder.progress["Anna"]["exercises"]["00.1"]["state"] == "right"


def test_checks_are_read_also_with_magics_keywords_and_nested():
    one = notebook(
        "%matplotlib inline\n!ls\nif True:\n    check(id='00.1', answer=f(x) + 1)"
    ).cells[1]
    assert [(check.exercise, check.answer) for check in checks(one)] == [("00.1", "f(x) + 1")]
    assert checks(notebook("def broken(:\ncheck('00.1', x)").cells[1]) == []


def test_the_letters_of_buttons_are_read_from_the_saved_cell():
    assert checks(ordered('check("22.2", lines)', "C A B"))[0].order == "C A B"


def test_a_call_for_a_solution_counts_and_a_comment_does_not():
    asks = notebook('# solution("00.1")', 'x = "solution(00.1)"', "hint('00.1')")
    assert solutions_asked(asks) == set()
    asks = notebook('solution("00.1")', "import helpers.lesson as l\nl.solution(id='00.2')")
    assert solutions_asked(asks) == {"00.1", "00.2"}


def test_a_look_into_the_exercises_is_seen():
    looks = [
        "import helpers.exercises as e",
        "from helpers import exercises",
        'exec(exercises.find("00.1").solution)',
    ]
    assert lines_that_read_the_exercises(notebook("\n".join(looks))) == set(looks)
    innocent = notebook("# see helpers.exercises", answer("00.1"), 'solution("00.1")')
    assert lines_that_read_the_exercises(innocent) == set()
