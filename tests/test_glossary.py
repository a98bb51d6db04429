"""The glossary: each term is in the lesson that it links to, once, and in order."""

import re

import nbformat
import pytest

from helpers.workspace import ROOT

ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<words>[^|]+) \| \[(\d\d)\]\((?P<lesson>[^)]+)\) \|$")
TEXT = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ROWS = [found for line in TEXT.splitlines() if (found := ROW.match(line))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["term"])
def test_a_term_is_taught_where_the_link_leads(row):
    cells = nbformat.read(ROOT / row["lesson"], as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown").lower()
    assert row["term"].lower() in prose
    assert row["words"].endswith(".")


def test_terms_are_in_order_and_each_is_there_once():
    terms = [row["term"].lower() for row in ROWS]
    assert len(terms) >= 90 and terms == sorted(set(terms))
    assert len(ROWS) == len(TEXT.strip().splitlines()) - 6
