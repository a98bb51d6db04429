"""What lesson 43 promises: skills and roles of real lessons, a map and a page that are true."""

import re
from datetime import date

import pytest

from helpers import exercises
from helpers.lesson import skills
from helpers.lesson.portfolio import portfolio
from helpers.lesson.skills import ROLES, SKILLS, by_role, coverage, role, to_do
from helpers.workspace import ROOT
from tests import stored


def right(*ids):
    return {"exercises": {id: {"state": "right"} for id in ids}}


def all_of(*numbers):
    there = [number for number in numbers if number in exercises.numbers()]
    return [one.id for number in there for one in exercises.lesson(number).exercises]


@pytest.fixture
def notebook():
    return stored.notebook("43")


def test_every_role_needs_known_skills_and_every_skill_is_needed():
    assert {skill for one in ROLES for skill in one.needs} == set(SKILLS)
    assert all(1 <= level <= 3 for one in ROLES for level in one.needs.values())


def test_every_lesson_of_a_loop_counts_for_a_skill():
    counted = {number for numbers in SKILLS.values() for number in numbers}
    looped = {number for number in exercises.numbers() if number[0] in "123"}
    assert looped <= counted


def test_coverage_is_the_share_that_is_right():
    ids = all_of("12")
    assert coverage(right(*ids))["testing"] == 1
    assert coverage(right(ids[0]))["testing"] == pytest.approx(1 / len(ids))
    assert coverage({"exercises": {ids[0]: {"state": "not yet"}}}).sum() == 0


def test_a_role_is_the_weighted_mean_and_its_weakest_skill():
    shares = coverage(right(*all_of("21", "22", "41")))
    needs = {s: n for s, n in role("data engineer").needs.items() if s in shares}
    table = by_role(shares)
    assert table.loc["data engineer", "mean"] == pytest.approx(3 / sum(needs.values()))
    assert table.loc["data engineer", "its share"] == 0


def test_what_to_do_begins_at_the_largest_gap_and_ends_when_all_is_done():
    first = to_do("MLOps engineer", right(), most=1)
    assert role("MLOps engineer").needs[first[0].split(":")[0]] == 3
    done = all_of(*exercises.numbers())
    assert to_do("MLOps engineer", right(*done)) == []
    assert "12.1" in to_do("site reliability engineer", right(*[i for i in done if i != "12.1"]))[0]


def test_a_role_that_is_not_there_is_told():
    with pytest.raises(KeyError, match="data engineer"):
        skills.role("wizard")


def test_the_page_tells_what_is_right_and_what_was_looked_up(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    state = right("12.1", "12.2")
    state["exercises"]["12.2"]["solution"] = True
    projects = [("A <b>bus</b>", "https://example.org/?a=1&b=2", "late or not")]
    text = portfolio("Ada & Co", projects, state, date(2026, 3, 1)).read_text(encoding="utf-8")
    count = len(all_of("12"))
    assert f"<td>12 Test code</td><td>2 of {count}</td><td>1</td>" in text
    assert "Ada &amp; Co" in text and "A &lt;b&gt;bus&lt;/b&gt;" in text and "01 March 2026" in text
    assert "13 Integrate" not in text


def test_a_page_needs_a_name():
    with pytest.raises(ValueError, match="name"):
        portfolio(" ")


def test_each_tool_is_used_in_the_lessons_that_the_table_names(notebook):
    (table,) = [c.source for c in notebook.cells if c.source.startswith("## Tools")]
    named_in = re.compile(r"\| [\d, ]+ \|$")
    rows = [line.split("|")[2:5] for line in table.splitlines() if named_in.search(line)]
    assert len(rows) == 12
    for tools, _, lessons in rows:
        for number in re.findall(r"\d\d", lessons):
            for path in ROOT.glob(f"notebooks/{number}_*.ipynb"):
                text = path.read_text(encoding="utf-8").lower()
                assert any(tool.strip().lower() in text for tool in tools.split(",")), (tools, path)


def test_the_figures_from_outside_have_their_source(notebook):
    text = "\n".join(cell.source for cell in notebook.cells)
    sources = text.split("## Sources")[1]
    assert "bls.gov/ooh/math/data-scientists" in sources and "ec.europa.eu/eurostat" in sources
