"""Lesson 24 names no figure that its cells do not show: in its prose, its guesses and its quiz."""

import re

import nbformat
import pytest

from helpers.exercises.lesson_24 import PREDICTIONS, QUESTIONS
from helpers.notebooks import named

FIGURE = re.compile(r"\d\.\d{2,}")  # one decimal is an exercise's made-up example


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["24"])[0], as_version=4)


@pytest.fixture(scope="module")
def shown(lesson):
    """What the cells print; of a guess only what it came out as, for the question is typed."""
    texts = []
    for cell in (cell for cell in lesson.cells if cell.cell_type == "code"):
        typed = re.search(r"\b(predict|quiz)\(", cell.source)
        for out in cell.outputs:
            text = out.get("text") or out.get("data", {}).get("text/plain", "")
            texts += re.findall(r"It came out as .*", text) if typed else [text]
    return "\n".join(texts)


def missing(text: str, shown: str) -> list[str]:
    """The figures of the text that are not shown."""
    return [f for f in FIGURE.findall(text) if not re.search(rf"(?<!\d){re.escape(f)}", shown)]


def test_a_figure_that_no_cell_shows_is_found(shown):
    assert missing("a lead of 0.017, then 0.76", shown) == ["0.017"]


def test_the_prose_names_figures_that_a_cell_shows(lesson, shown):
    prose = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    prose = prose.split("## Sources")[0]  # addresses of papers are no figures
    assert len(FIGURE.findall(prose)) >= 5
    assert missing(prose, shown) == []


def test_the_guesses_and_the_quiz_name_figures_that_a_cell_shows(shown):
    said = [guess.question for guess in PREDICTIONS]
    said += [QUESTIONS[0].text, *(choice.text for choice in QUESTIONS[0].choices)]
    assert len(FIGURE.findall("\n".join(said))) >= 5
    assert missing("\n".join(said), shown) == []


def test_the_fraud_of_the_guess_is_that_of_the_fortnight(shown):
    guess = next(guess.question for guess in PREDICTIONS if guess.id == "24.d")
    (frauds,) = re.findall(r"fortnight ([\d,]+) payments were fraud", guess)
    assert f"came {frauds}" in shown


def test_the_lead_is_called_not_shown_while_its_interval_holds_zero(lesson, shown):
    low, high = map(float, re.findall(r"leads lie between (\S+) and (\S+)", shown)[0])
    prose = next(c.source for c in lesson.cells if c.source.startswith("Pink is the paired"))
    assert (low < 0 < high) == ("that is not shown yet" in prose)
