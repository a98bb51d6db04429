"""A lesson as it is stored: its cells, by the words in them, and what they show."""

from functools import cache

import nbformat

from helpers.notebooks import named


@cache
def notebook(number):
    """The stored notebook of a lesson, such as "13"."""
    return nbformat.read(named([number])[0], as_version=4)


def cell(number, words):
    """The one code cell of a lesson that holds these words."""
    cells = notebook(number).cells
    found = [one for one in cells if one.cell_type == "code" and words in one.source]
    assert len(found) == 1, f"{len(found)} cells hold {words!r}"
    return found[0]


def printed(one):
    """What a cell shows, as text."""
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in one.outputs
    )
