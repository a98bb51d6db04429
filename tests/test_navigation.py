"""From each lesson a link leads on, and one back; they are drawn from the tree."""

import nbformat
import pytest

from helpers.notebooks import lessons
from helpers.setup import navigation


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_a_lesson_ends_with_its_neighbours(path):
    cell = navigation.closing(nbformat.read(path, as_version=4))
    assert cell.cell_type == "markdown"
    assert cell.source.endswith(f"\n\n{navigation.line(path.stem[:2])}")


def test_a_line_takes_the_place_of_an_older_one():
    old = "## Sources\n\n- One.\n\nBefore: [10 Another](10_another.ipynb)."
    new = navigation.with_line(old, "11")
    before = "Before: [00 Start here](00_start_here.ipynb). Next"
    assert new.startswith(f"## Sources\n\n- One.\n\n{before}")
    assert navigation.with_line(new, "11") == new
