"""A lesson as an assignment, from nbgrader's release to the page that a learner gets back."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from helpers import exercises
from helpers.notebooks import lessons
from tests.classroom import Classroom, cut_short, flat, marked

IDS = [f"22.{n}" for n in (1, 2, 3, 4)]
SOLVED = {id: exercises.find(id).solution for id in IDS}


def mistaken(id):
    return {id: exercises.find(id).mistakes[0].answer}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return Classroom(tmp_path_factory.mktemp("class"), "22")


def test_solutions_get_all_points_in_a_workspace_that_goes_with_the_run(classroom):
    def look(nb):
        cut_short(nb)
        nb.cells.append(
            new_code_cell(
                "from helpers.lesson.progress import path\nprint(path(), path().exists())"
            )
        )

    classroom.hand_in("solves", SOLVED, look)
    assert classroom.graded("solves") == dict.fromkeys(IDS, 1)
    assert classroom.waiting("solves") == []
    path, there = (
        classroom.feedback("solves").split("print(path(), path().exists()) ")[1].split()[:2]
    )
    assert there == "True" and not Path(path).parent.exists()


def test_other_correct_forms_get_all_points(classroom):
    other = {id: exercises.find(id).also[0] for id in IDS}
    classroom.hand_in("solves otherwise", other, cut_short)
    assert classroom.graded("solves otherwise") == dict.fromkeys(IDS, 1)


@pytest.mark.parametrize("wrong", [("22.1", "22.3"), ("22.2", "22.4")], ids=["odd", "even"])
def test_a_mistake_costs_its_exercises_points_and_is_named(classroom, wrong, request):
    student = f"errs {request.node.callspec.id}"
    classroom.hand_in(student, SOLVED | mistaken(wrong[0]) | mistaken(wrong[1]), cut_short)
    assert classroom.graded(student) == {id: float(id not in wrong) for id in IDS}
    page = classroom.feedback(student)
    for id in IDS:
        message = flat(exercises.find(id).mistakes[0].message)
        assert (message in page) is (id in wrong), id


def test_a_blank_a_check_that_was_tampered_with_and_an_opened_solution_give_nothing(classroom):
    def cheat(nb):
        check = marked(nb, "check_22_3")
        check.source, check.metadata["nbgrader"]["points"] = "risk_of", 100
        nb.cells.remove(marked(nb, "check_22_2"))
        cut_short(nb)
        nb.cells.append(new_code_cell('from helpers.lesson import solution\nsolution("22.4")'))

    classroom.hand_in("cheats", {"22.2": SOLVED["22.2"], "22.4": SOLVED["22.4"]}, cheat)
    assert classroom.graded("cheats") == dict.fromkeys(IDS, 0)
    assert classroom.waiting("cheats") == ["22.2"]
    page = classroom.feedback("cheats")
    assert "Not answered yet: 22.1" in page and "Not answered yet: 22.3" in page
    assert 'No points for 22.4. This notebook opens the solution, with solution("22.4")' in page


@pytest.mark.slow
@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_every_lesson_solved_gets_all_its_points(path, tmp_path):
    number = path.stem[:2]
    classroom = Classroom(tmp_path, number)
    solved = {one.id: one.solution for one in exercises.lesson(number).exercises}
    classroom.hand_in("solves", solved)
    assert classroom.graded("solves") == dict.fromkeys(sorted(solved), 1)
