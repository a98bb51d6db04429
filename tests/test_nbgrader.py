"""A lesson as an assignment, from nbgrader's release to the page that a learner gets back."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from helpers import exercises
from helpers.notebooks import lessons
from tests.classroom import Classroom, flat, marked, plain

# nbgrader's own way with its database, which SQLAlchemy 2 remarks on.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

NUMBER = "43"  # the lesson that runs fastest
ONE, LINES, OTHER = IDS = [f"{NUMBER}.{n}" for n in (1, 2, 3)]
SOLVED = {id: exercises.find(id).solution for id in IDS}


def mistaken(id):
    return exercises.find(id).mistakes[0]


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return Classroom(tmp_path_factory.mktemp("class"), NUMBER)


def test_solutions_get_all_points_in_a_workspace_that_goes_with_the_run(classroom):
    look = "print(path(), path().exists())"

    def look_for_progress(nb):
        nb.cells.append(new_code_cell(f"from helpers.lesson.progress import path\n{look}"))

    classroom.hand_in("solves", SOLVED, look_for_progress)
    assert classroom.graded("solves") == dict.fromkeys(IDS, 1)
    assert classroom.waiting("solves") == []
    path, there = classroom.feedback("solves").split(f"{look} ")[1].split()[:2]
    assert there == "True" and not Path(path).parent.exists()


def test_other_correct_forms_get_all_points(classroom):
    classroom.hand_in("solves otherwise", {id: exercises.find(id).also[0] for id in IDS})
    assert classroom.graded("solves otherwise") == dict.fromkeys(IDS, 1)


def test_blanks_get_none(classroom):
    classroom.hand_in("does nothing", {})
    assert classroom.graded("does nothing") == dict.fromkeys(IDS, 0)


@pytest.mark.parametrize("wrong", [(ONE, OTHER), (LINES,)], ids=["functions", "lines"])
def test_a_mistake_costs_its_exercises_points_and_is_named(classroom, wrong):
    student = f"errs in {len(wrong)}"
    classroom.hand_in(student, SOLVED | {id: mistaken(id).answer for id in wrong})
    assert classroom.graded(student) == {id: float(id not in wrong) for id in IDS}
    page = classroom.feedback(student)
    for id in IDS:
        assert (flat(mistaken(id).message) in page) is (id in wrong), id


def test_checks_that_were_tampered_with_and_an_opened_solution_give_nothing(classroom):
    def cheat(nb):
        changed = marked(nb, f"check_{plain(ONE)}")
        changed.source, changed.metadata["nbgrader"]["points"] = "loops", 100
        nb.cells.remove(marked(nb, f"check_{plain(LINES)}"))
        look = f'from helpers.lesson import solution\nsolution("{OTHER}")'
        nb.cells.append(new_code_cell(look))

    classroom.hand_in("cheats", SOLVED | {ONE: "loops = ..."}, cheat)
    assert classroom.graded("cheats") == dict.fromkeys(IDS, 0)
    assert classroom.waiting("cheats") == [LINES]
    page = classroom.feedback("cheats")
    assert f"Not answered yet: {ONE}" in page
    opens = f'This notebook opens the solution, with solution("{OTHER}")'
    assert f"No points for {OTHER}. {opens}" in page


@pytest.mark.slow
@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_every_lesson_solved_gets_all_its_points(path, tmp_path):
    number = path.stem[:2]
    classroom = Classroom(tmp_path, number)
    solved = {one.id: one.solution for one in exercises.lesson(number).exercises}
    classroom.hand_in("solves", solved)
    assert classroom.graded("solves") == dict.fromkeys(sorted(solved), 1)
