"""Each lesson as an assignment: what nbgrader reads in it, and what its release does not tell."""

import re
import subprocess
import sys
from copy import deepcopy
from functools import cache
from itertools import pairwise

import nbformat
import pytest

from helpers import exercises
from helpers.__main__ import main
from helpers.notebooks import lessons
from helpers.notebooks.assignment import assignment
from helpers.notebooks.course_folder import SETTINGS, AlreadyThere, fill
from tests.classroom import marked, plain

every_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


@cache
def source(path, **options):
    """A lesson as the source of an assignment, read as nbgrader reads it: with its validation."""
    from nbgrader.nbgraderformat import reads

    text = nbformat.writes(assignment(nbformat.read(path, as_version=4), path.stem, **options))
    return reads(text, as_version=4)


@cache
def released(path, stub=""):
    """What nbgrader makes of it for the learners, but for checksums and the gradebook."""
    from nbgrader.preprocessors import CheckCellMetadata, ClearSolutions, LockCells

    nb = deepcopy(source(path))
    for step in (LockCells(), ClearSolutions(code_stub={"python": stub}), CheckCellMetadata()):
        nb, _ = step.preprocess(nb, {})
    return nb


def ids(path):
    return [one.id for one in exercises.lesson(path.stem[:2]).exercises]


def code(nb):
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")


@every_lesson
def test_each_exercise_has_one_answer_and_right_below_one_check_with_points(path):
    cells = source(path, points=2.5).cells
    marks = [cell.metadata.get("nbgrader", {}) for cell in cells]
    assert sorted(m["grade_id"] for m in marks if m.get("grade")) == sorted(
        f"check_{plain(id)}" for id in ids(path)
    )
    for before, after in pairwise(marks):
        if before.get("solution"):
            id = before["grade_id"].removeprefix("answer_")
            assert after["grade_id"] == f"check_{id}" and after["locked"] and after["points"] == 2.5
            assert not before["locked"] and not before["grade"]
    assert sum(m.get("solution", False) for m in marks) == len(ids(path))


@every_lesson
def test_the_release_holds_the_lessons_blanks_and_no_solution(path):
    lesson, nb = nbformat.read(path, as_version=4), released(path)
    blanks = {
        cell.source.split("\ncheck(")[0].strip()
        for cell in lesson.cells
        if "exercise" in cell.metadata.get("tags", [])
    }
    shown, told = code(nb), code(lesson)
    for one in exercises.lesson(path.stem[:2]).exercises:
        answer = marked(nb, f"answer_{plain(one.id)}").source.strip()
        assert answer in blanks or (one.lines and answer.startswith(f'{one.answer} = "..."  #'))
        lines = [line.strip() for line in one.solution.splitlines() if len(line.strip()) > 6]
        assert [line for line in lines if line in shown and line not in told] == []
        assert any(line in code(source(path)) for line in lines if line not in told), one.id
    assert "SOLUTION" not in shown and not re.search(r"\bsolution\(\"", shown)


@every_lesson
def test_a_course_with_nbgraders_own_stub_tells_no_solution_either(path):
    stub = "# YOUR CODE HERE\nraise NotImplementedError()"
    assert code(released(path, stub)).replace(f"\n{stub}", "\n") == code(released(path))


@every_lesson
def test_what_must_not_change_is_locked_and_the_rest_is_the_lesson(path):
    lesson, nb = nbformat.read(path, as_version=4), released(path)
    fixed = [cell for cell in nb.cells if cell.metadata.get("editable") is False]
    assert "needs the course Two Loops" in nb.cells[1].source and nb.cells[1] in fixed
    assert f'begin("{path.stem}")' in nb.cells[2].source and nb.cells[2] in fixed
    assert all(cell in fixed for cell in nb.cells if "from helpers.lesson import" in cell.source)
    added = {"assignment-about", "assignment-begin"} | {
        f"check-{id.replace('.', '-')}" for id in ids(path)
    }
    assert [c.id for c in nb.cells if c.id not in added] == [c.id for c in lesson.cells]
    assert not [cell for cell in nb.cells if cell.get("outputs")]


@every_lesson
def test_no_link_leads_out_of_the_folder_that_is_handed_out(path):
    prose = "\n".join(c.source for c in source(path).cells if c.cell_type == "markdown")
    links = re.findall(r"\]\(([^)\s]+)", prose)
    assert [link for link in links if not link.startswith(("http", "#"))] == []
    assert "\nBefore: " not in prose and "\nNext: " not in prose


def test_without_the_course_the_first_cell_says_what_is_missing():
    cell = marked(source(lessons()[0]), "read_assignment-begin").source
    alone = [sys.executable, "-I", "-S", "-c", cell]  # no PYTHONPATH, no site-packages
    answer = subprocess.run(alone, capture_output=True, text=True)
    assert answer.returncode == 1 and "needs the course Two Loops" in answer.stderr


def test_a_course_folder_is_written_and_an_instructors_changes_stay(tmp_path, capsys):
    into = tmp_path / "class"
    call = ["nbgrader", "21", "22", "--into", str(into)]
    assert main(call) == 0
    assert "nbgrader generate_assignment 21_collect_data" in capsys.readouterr().out
    notebook = into / "source" / "22_clean_and_prepare" / "22_clean_and_prepare.ipynb"
    (into / SETTINGS).write_text("mine")
    notebook.write_text("mine")
    assert main(call) == 1 and "--replace" in capsys.readouterr().err
    assert notebook.read_text() == "mine"
    assert main([*call, "--replace"]) == 0
    assert len(nbformat.read(notebook, as_version=4).cells) > 100
    assert (into / SETTINGS).read_text() == "mine"


def test_nothing_is_written_when_one_is_there(tmp_path):
    first, second = lessons()[:2]
    fill(tmp_path, [second])
    with pytest.raises(AlreadyThere, match=second.stem):
        fill(tmp_path, [first, second])
    assert not (tmp_path / "source" / first.stem).exists()


def test_a_lesson_that_is_none_is_told(tmp_path, capsys):
    assert main(["nbgrader", "99", "--into", str(tmp_path)]) == 1
    assert "No lesson is called 99" in capsys.readouterr().err


@pytest.mark.parametrize("points", ["0", "-1", "nan", "inf"])
def test_points_that_are_none_are_refused(points, tmp_path, capsys):
    assert main(["nbgrader", "22", "--into", str(tmp_path), f"--points={points}"]) == 1
    assert "points above 0" in capsys.readouterr().err and not list(tmp_path.iterdir())
