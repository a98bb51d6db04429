"""The instructor's guide: it knows each lesson, its sums are right, what it says to type exists."""

import argparse
import json
import re
import shlex
from itertools import pairwise

import nbformat
import pandas as pd
import pytest

from helpers import exercises
from helpers.__main__ import main
from helpers.lesson import progress
from helpers.lesson.steps import STEPS
from helpers.notebooks import lessons
from helpers.workspace import ROOT
from tests.test_notebooks import BYTES, LARGE, LARGE_BYTES

GUIDE = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
NOTES = {path.stem: path.read_text(encoding="utf-8") for path in ROOT.glob("instructors/*.md")}
PAGES = {"INSTRUCTORS.md": GUIDE} | {f"instructors/{n}.md": text for n, text in NOTES.items()}
NUMBERS = [one.number for one in STEPS]
every_note = pytest.mark.parametrize("number", NUMBERS)
OUTSIDE = {"git", "docker", "prometheus", "promtool"}  # the course brings the other programs


def notebook(number):
    return nbformat.read(next(ROOT.glob(f"notebooks/{number}_*[a-z].ipynb")), as_version=4)


def minutes_of(number):
    """What the lesson's own first words say."""
    prose = "\n".join(c.source for c in notebook(number).cells[:3] if c.cell_type == "markdown")
    return int(re.search(r"about (\d+) minutes", prose, flags=re.IGNORECASE)[1])


def table(text, heading):
    """The rows of the first table below a heading, as lists of cells."""
    below = text[text.index(f"\n## {heading}\n") :]
    lines = re.search(r"(?:^\|.*\n)+", below, flags=re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(language):
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)


def test_each_lesson_has_its_notes():
    assert sorted(NOTES) == sorted(NUMBERS)


@every_note
def test_the_notes_have_their_parts_and_speak_of_every_exercise(number):
    note = NOTES[number]
    assert note.startswith(f"# {number} ")
    for part in ("The one idea", "Open with", "On the projector", "To discuss", "Tools"):
        assert note.count(f"**{part}.**") == 1, part
    for part in ("When somebody is stuck", "If time is short"):
        assert note.count(f"**{part}.**") == 1, part
    ids = [one.id for one in exercises.lesson(number).exercises]
    spoken = re.findall(r"^- \*\*(\d\d\.\d)\*\*", note, flags=re.MULTILINE)
    assert sorted(set(spoken)) == sorted(ids)
    named = set(re.findall(r"\b\d\d\.\d\b(?! ?%)", note))
    known = {one.id for n in NUMBERS for one in exercises.lesson(n).exercises}
    assert named <= known


@every_note
def test_the_minutes_of_the_notes_are_those_of_the_lesson(number):
    spent = [int(row[1]) for row in table(NOTES[number], "Where the time goes")]
    assert sum(spent) == minutes_of(number)


def test_the_first_table_says_what_the_lessons_say():
    rows = table(GUIDE, "The lessons at a glance")
    for number, row in zip(NUMBERS, rows, strict=False):
        assert row[0].startswith(f"[{number} ") and row[1] == f"[notes](instructors/{number}.md)"
        assert int(row[2]) == minutes_of(number)
        tags = {t for c in notebook(number).cells for t in c.metadata.get("tags", [])}
        wanted = {name for name in OUTSIDE if f"needs-{name}" in tags}
        assert set(row[4].lower().split(", ")) - {""} == wanted, number
    assert rows[-1][2] == f"{sum(map(minutes_of, NUMBERS)):,}" and len(rows) == len(NUMBERS) + 1


def test_its_figures_are_those_of_the_readme_and_within_the_lessons_limits():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for figure in ("0.75 GB", "3.5 GB", "3.11, 3.12 or 3.13"):
        assert figure in GUIDE and figure in readme, figure
    for row in table(GUIDE, "The lessons at a glance")[:-1]:
        limit = LARGE_BYTES if row[0][1:3] in LARGE else BYTES
        assert 100e6 < int(row[3]) * 1e6 <= limit, row


@pytest.mark.parametrize(("heading", "column"), [("A week", 1), ("A term", 1)])
def test_the_minutes_of_a_sitting_add_up(heading, column):
    rows = table(GUIDE, heading)
    taught = []
    for row in rows:
        numbers = re.findall(r"\d\d", row[column])
        taught += numbers
        assert sum(map(minutes_of, numbers)) == int(row[column + 1]), row
    at_home = re.findall(r"\d\d", " ".join(row[3] for row in rows)) if heading == "A term" else []
    left = {"31", "32", "41"} if heading == "A week" else set()
    assert sorted(taught + at_home) == sorted(set(NUMBERS) - left)


def test_the_day_has_no_hole_and_no_overlap():
    rows = table(GUIDE, "A day")
    begins = [pd.Timedelta(f"{row[0]}:00") for row in rows]
    lasts = [pd.Timedelta(minutes=int(row[1])) for row in rows]
    assert [begin + last for begin, last in zip(begins, lasts, strict=True)][:-1] == begins[1:]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)]+)\)", PAGES[page]):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings]


class Understood(Exception):
    """The parser took a command; it is not carried out."""


def test_every_command_is_one_that_the_parser_takes(monkeypatch):
    parse = argparse.ArgumentParser.parse_args

    def only_parse(parser, arguments=None, namespace=None):
        raise Understood(parse(parser, arguments, namespace))

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", only_parse)
    text = "\n".join(PAGES.values())
    typed = re.findall(r"python -m helpers ([^`\n#]+)", text)
    assert len(typed) > 5
    for line in typed:
        words = shlex.split(line)
        if words == ["new"]:
            continue  # named, not typed: CONTRIBUTING.md shows it whole
        with pytest.raises(Understood):
            main(words)


def test_every_make_target_exists():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", GUIDE))
    assert named and [name for name in named if f"\n{name}:" not in make] == []


def test_the_commands_without_internet_are_in_one_place():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip wheel" in readme and "pip wheel" not in GUIDE
    assert "--find-links wheels -r" in readme and "--find-links wheels -r" not in GUIDE
    assert "](INSTRUCTORS.md)" in readme


def test_the_lines_that_read_the_room_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "handed-in").mkdir()
    for who, tries in (("ada", {"22.q1": 3}), ("bo", {"22.q1": 1, "22.q2": 1})):
        quiz = {id: {"right": True, "tries": n} for id, n in tries.items()}
        text = json.dumps(progress.empty() | {"quiz": quiz})
        (tmp_path / "handed-in" / f"{who}.json").write_text(text)
    lines = code("python")[0].rstrip().splitlines()
    names: dict = {}
    exec("\n".join([*lines[:-1], "table = " + lines[-1]]), names)
    assert names["table"].to_dict("index") == {
        "22.q1": {"size": 2, "mean": 2.0},
        "22.q2": {"size": 1, "mean": 1.0},
    }


def test_the_lines_that_compare_a_class_do(tmp_path, monkeypatch):
    from helpers.year.keep import save
    from helpers.year.settings import NOTHING
    from helpers.year.year import Year

    monkeypatch.chdir(tmp_path)
    (tmp_path / "handed-in").mkdir()
    save(Year(7, NOTHING).play(2), tmp_path / "handed-in" / "ada.json", who="Ada")
    names: dict = {}
    exec(code("python")[1], names)
    assert names["table"](names["played"])["who"].tolist() == ["Ada"]


@pytest.mark.parametrize("page", PAGES)
def test_headings_are_in_order(page):
    prose = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_lessons_are_the_trees():
    assert [path.stem[:2] for path in lessons()] == NUMBERS
