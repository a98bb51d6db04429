"""Notebooks as learners hand them in, for the tests of grading: lesson 00, and short."""

from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.exercises import find

BEGIN = 'from helpers.lesson import check, hint, order, place, solution\nplace("00")'
CHECKS = {"00.1": 'check("00.1", error_rate)', "00.2": 'check("00.2", first_bad_week)'}


def answer(id, code=None):
    """An exercise's cell with its solution, or with `code` as the answer."""
    exercise = find(id)
    return f"{exercise.given}\n{code or exercise.solution}\n\n{CHECKS[id]}"


def notebook(*cells):
    """A notebook of the given code cells, after the lesson's first."""
    return new_notebook(cells=[new_code_cell(cell) for cell in (BEGIN, *cells)])


def hand_in(path, *cells):
    """Write such a notebook, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(notebook(*cells), path)
    return path


def ordered(source, letters):
    """A cell as it is saved after `check` has seen lines moved by buttons."""
    metadata = {"two_loops": {"order": letters}}
    output = new_output("display_data", {"text/plain": "Right"}, metadata=metadata)
    return new_code_cell(source, outputs=[output])
