"""The README: its map is the tree's, its links lead somewhere, and its commands exist."""

import re

import pytest

from helpers.lesson.steps import STEPS
from helpers.setup.readme import README, lesson_map, with_map
from helpers.workspace import ROOT

TEXT = README.read_text(encoding="utf-8")


def test_the_map_of_the_lessons_is_the_trees():
    assert with_map(TEXT) == TEXT, "run python -m helpers.setup.readme"


def test_the_map_links_to_the_lessons_that_exist_and_no_other():
    linked = re.findall(r"\]\(notebooks/(\S+?\.ipynb)\)", lesson_map())
    assert linked == sorted(
        path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*[a-z].ipynb")
    )
    assert lesson_map().count("\n") == len(STEPS) + 2


def test_a_readme_without_the_marks_is_an_error():
    with pytest.raises(ValueError, match="has lost its marks"):
        with_map("# Two Loops")


def test_every_link_within_the_repository_leads_somewhere():
    targets = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if "://" not in link]
    assert targets and [link for link in targets if not (ROOT / link).exists()] == []


def test_every_make_target_that_it_names_exists():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, flags=re.MULTILINE))
    assert {"lab", "test"} <= named
    assert [name for name in named if f"\n{name}:" not in make] == []


def test_the_two_commands_are_on_the_first_screen():
    first = TEXT.splitlines()[:20]
    assert any(line.startswith("make lab") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_its_headings_are_in_order():
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1 and set(levels) == {1, 2}
