"""Every lesson: stored as it should be, solvable, within its limits, and in a shape that teaches.

That each runs as it stands, with the outputs that are stored, nbval tests in the same call.
"""

import re
import statistics
from itertools import pairwise

import nbformat
import pytest

from helpers.notebooks import execute, lessons, measure, problems, with_solutions
from helpers.notebooks.solutions import closing_checks

SECONDS, BYTES = 60, 1_000_000_000
LARGE, LARGE_BYTES = {"31", "41"}, 1_500_000_000  # TensorFlow, and a cluster
TOGETHER = 90  # seconds for the first four
MEDIAN_LINES, NINE_IN_TEN, LONGEST = (3, 5), 13, 25
PROSE_PER_CODE = (0.7, 1.5)

every_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]


def shown(cell) -> list[str]:
    """The texts that a cell's outputs show."""
    texts = [output.get("text", "") for output in cell.outputs]
    return texts + [output.get("data", {}).get("text/plain", "") for output in cell.outputs]


@every_lesson
def test_it_is_stored_as_make_notebooks_stores_it(path):
    assert problems(path) == []


@every_lesson
def test_with_every_solution_in_place_every_check_passes(path):
    solved, _ = execute(with_solutions(read(path)), path.parent)
    exercises = [cell for cell in solved.cells if "exercise" in cell.metadata.get("tags", [])]
    for cell in exercises:
        right = [text for text in shown(cell) if text.startswith("Right")]
        assert len(right) == len(closing_checks(cell.source)), f"{cell.source}\n{shown(cell)}"
    assert exercises, "a lesson has an exercise"


def is_a_call_of_the_course(cell) -> bool:
    """Whether a cell only asks, guesses or draws the map: there is no code in it to read."""
    calls = r"# (hint|solution)\(.*|(predict|quiz|place|two_loops|this_machine|course_map)\(.*\)"
    return all(re.fullmatch(calls, line) for line in cell.source.splitlines() if line.strip())


@every_lesson
def test_its_code_comes_in_short_cells(path):
    lines = [
        sum(bool(line.strip()) for line in cell.source.splitlines())
        for cell in code_cells(read(path))
        if not is_a_call_of_the_course(cell)
    ]
    assert MEDIAN_LINES[0] <= statistics.median(lines) <= MEDIAN_LINES[1]
    assert sum(count < NINE_IN_TEN for count in lines) >= 0.9 * len(lines), sorted(lines)
    assert max(lines) <= LONGEST


@every_lesson
def test_prose_and_code_take_turns(path):
    nb = read(path)
    prose = sum(cell.cell_type == "markdown" for cell in nb.cells)
    code = sum(not is_a_call_of_the_course(cell) for cell in code_cells(nb))
    assert PROSE_PER_CODE[0] <= prose / code <= PROSE_PER_CODE[1]


@every_lesson
def test_each_picture_is_read_in_the_prose_that_follows(path):
    cells = read(path).cells
    cells = [c for c in cells if c.cell_type == "markdown" or not is_a_call_of_the_course(c)]
    unread = [
        cell.source
        for cell, following in zip(cells, [*cells[1:], None], strict=True)
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
        and (following is None or following.cell_type != "markdown")
    ]
    assert unread == []


@every_lesson
def test_its_headings_are_in_order(path):
    cells = read(path).cells
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
    levels = [level for cell in cells if cell.cell_type == "markdown" for level in headings(cell)]
    assert levels.count(1) == 1, "one title"
    assert all(after <= before + 1 for before, after in pairwise(levels))


def headings(cell) -> list[int]:
    prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]


@every_lesson
def test_every_image_has_a_text_for_those_who_do_not_see_it(path):
    nb = read(path)
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    texts += [
        output.get("data", {}).get("text/html", "")
        for cell in code_cells(nb)
        for output in cell.outputs
    ]
    mute = r"!\[\s*\]\(|<img\b(?![^>]*\balt=[\"'][^\"'])|<svg\b(?![^>]*\b(?:aria-|role=))"
    assert [match for text in texts for match in re.findall(mute, text)] == []


@pytest.mark.slow
def test_each_lesson_and_the_first_four_keep_their_limits():
    usage = {path.stem: measure(path) for path in lessons()}
    print("\n".join(f"{name}: {used}" for name, used in usage.items()))
    assert {name: used for name, used in usage.items() if used.seconds > SECONDS} == {}
    limit = {name: LARGE_BYTES if name[:2] in LARGE else BYTES for name in usage}
    assert {name: used for name, used in usage.items() if used.peak > limit[name]} == {}
    first = [used.seconds for name, used in usage.items() if name[:2] in {"00", "21", "22", "23"}]
    assert sum(first) < TOGETHER
