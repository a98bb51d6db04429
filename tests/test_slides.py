"""Slides: each lesson becomes a page that holds all it shows, and gives no answer away."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import exercises
from helpers.__main__ import main
from helpers.notebooks import lessons
from helpers.notebooks.slides import page, write
from helpers.notebooks.slides.dealing import dealt
from helpers.notebooks.slides.parts import paragraphs, parts

every_lesson = pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
LOADED = (
    r"""(?:src|poster|data)=["']?(?!data:)[\w/.:]|<link\b|@import|url\((?!['"]?data:)|<iframe"""
)


def sources(slide):
    return [part.source for part in slide]


def a_lesson(*cells):
    return new_notebook(cells=[new_markdown_cell("# 90 A lesson\n\nIts first words."), *cells])


def cell(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shown(text, **more):
    return new_output("display_data", {"text/plain": text, **more})


PICTURE = shown("<Figure>", **{"image/png": "aGVsbG8="})


@every_lesson
def test_a_lesson_becomes_a_page_that_fetches_nothing(path):
    text = page(nbformat.read(path, as_version=4))
    drawn = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert re.findall(LOADED, drawn) == []
    assert "http" not in "".join(
        re.findall(r"<(?:script|style)\b.*?</(?:script|style)>", text, flags=re.DOTALL)
    )
    assert len(re.findall(r'<section [^>]*class="slide"', text)) == text.count("</section>") > 30
    assert "Content-Security-Policy" in text
    assert [
        img for img in re.findall(r"<img\b[^>]*>", text) if not re.search(r'alt="\w', img)
    ] == []
    assert "No description" not in text


@every_lesson
def test_no_solution_and_no_answer_of_a_reader_is_on_it(path):
    made = parts(nbformat.read(path, as_version=4))
    text = "\n".join(part.source for part in made)
    assert [
        one.id for one in exercises.lesson(path.stem[:2]).exercises if one.solution in text
    ] == []
    outputs = [str(output) for part in made for output in part.get("outputs", [])]
    assert not [o for o in outputs if "Not answered yet" in o or "made no guess" in o]


@every_lesson
def test_every_picture_stands_with_the_words_that_read_it(path):
    slides = dealt(parts(nbformat.read(path, as_version=4)))
    pictures = [
        slide
        for slide in slides
        if any(
            "image/png" in output.get("data", {})
            for part in slide
            for output in part.get("outputs", [])
        )
    ]
    assert [sources(s) for s in pictures if not any(p.cell_type == "markdown" for p in s)] == []


def test_a_guess_and_each_question_stand_alone():
    guess = shown("Your guess, before we look. How many?\n  a) one\n  b) two\n  or in code: p()")
    asked = shown(
        "1. Why?\n   a) So.\n   b) Not.\n2. How?\n   a) Thus.\n   b) Else.\nOr in code: q()"
    )
    slides = dealt(
        parts(a_lesson(cell('predict("90.a")', guess), cell("x = 1"), cell('quiz("90")', asked)))
    )
    assert sources(slides[1]) == ["### Your guess\n\nHow many?\n\n- **a)** one\n- **b)** two"]
    assert sources(slides[2]) == ["x = 1"]
    assert [s[0].source.split("\n\n")[1] for s in slides[3:]] == ["Why?", "How?"]


def test_what_came_is_told_without_a_reader_who_did_not_guess():
    came = shown("It came out as 3.\n\nYou made no guess at: How many?")
    slides = dealt(parts(a_lesson(cell('predict("90.a", came=3)', came))))
    assert slides[-1][-1].source == "**It came out as 3.**"


def test_an_exercise_shows_its_blank_and_its_lines_but_no_answer():
    blank = cell(
        "def f():\n    ...\n\n\ncheck('90.1', f)", shown("Not answered yet"), tags=["exercise"]
    )
    hidden = cell('# hint("90.1")\n# solution("90.1")')
    made = parts(a_lesson(blank, hidden, cell('check("90.2", lines)')))
    assert [part.source for part in made[2:]] == [blank.source]
    assert not any(part.get("outputs") for part in made)


@pytest.mark.parametrize("source", ["def f():\n    return 1\n\n\n", ""], ids=["code", "lines"])
def test_an_answer_does_not_get_on_the_wall(tmp_path, source):
    right = cell(f"{source}check('90.1', f)", shown("Right"), tags=["exercise"])
    lesson = tmp_path / "90_toy.ipynb"
    nbformat.write(a_lesson(right), lesson)
    with pytest.raises(ValueError, match=r"check\('90.1', f\).*python -m helpers reset 90"):
        write(lesson, tmp_path)
    assert not (tmp_path / "90_toy.html").exists()


def test_a_guess_of_whoever_ran_the_lesson_is_not_told():
    came = shown("You guessed 3.5 days. It came out as 4.2 days.\n\nHow long?")
    made = parts(a_lesson(cell("predict('90.a', came=4.2)", came)))
    assert made[-1].source == "**It came out as 4.2 days.**"


def test_code_stays_with_its_result_and_a_picture_begins_a_slide():
    drawn = cell("plot()", PICTURE)
    slides = dealt(
        parts(a_lesson(cell("1 + 1", shown("2")), drawn, new_markdown_cell("It rises.")))
    )
    assert [[bool(p.get("outputs")) for p in s] for s in slides[1:]] == [[False], [True, False]]
    assert sources(slides[-1]) == ["", "It rises."]


def test_a_heading_is_never_alone():
    slides = dealt(parts(a_lesson(new_markdown_cell("## Why"), cell("1 + 1", shown("2")))))
    assert sources(slides[-1])[:2] == ["## Why", "1 + 1"]


def test_a_text_is_cut_between_paragraphs_and_never_within_a_list_or_code():
    text = "One.\n\n- a\n\n- b\n\n  more of b\n\nTwo.\n\n```sh\nx\n\ny\n```\n\nThree."
    assert paragraphs(text) == [
        "One.",
        "- a\n\n- b\n\n  more of b",
        "Two.",
        "```sh\nx\n\ny\n```",
        "Three.",
    ]


def test_links_into_the_courses_folder_are_words_on_a_slide():
    made = parts(a_lesson(new_markdown_cell("See [22](22_x.ipynb) and [docs](https://a.org).")))
    assert made[-1].source == "See 22 and [docs](https://a.org)."


def test_the_command_writes_what_was_asked_for(tmp_path, capsys):
    assert main(["slides", "14", "--to", str(tmp_path)]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["14_package_with_docker.html"]
    assert main(["slides"]) == 1 and "--all" in capsys.readouterr().err
    assert main(["slides", "77"]) == 1 and "No lesson is called 77" in capsys.readouterr().err


@pytest.mark.needs_tool("chromium")
def test_in_a_browser_the_keys_turn_the_pages_and_nothing_is_cut_off(tmp_path):
    from tests.browser import chromium

    made = write(next(path for path in lessons() if path.stem.startswith("14")), tmp_path)
    with chromium(1280, 720) as new:
        tab, asked = new(), []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: asked.append(str(error)))
        tab.goto(made.as_uri())
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("PageDown")
        assert tab.evaluate("now") == 2 and tab.url.endswith("#3")
        tab.keyboard.press("End")
        assert tab.evaluate("now === slides.length - 1")
        wide = "slides.map((s, n) => (show(n), s.scrollWidth - s.clientWidth)).filter(w => w > 1)"
        assert tab.evaluate(wide) == []
        small = "slides.filter(s => parseFloat(s.style.fontSize) < SMALLEST).length"
        assert tab.evaluate(small) == 0
        assert asked == [made.as_uri()]
