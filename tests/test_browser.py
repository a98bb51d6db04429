"""Lessons as a learner sees them: JupyterLab in Chromium, all cells, a widget, an exercise."""

import os

import pytest

from tests import browser

pytestmark = pytest.mark.needs_tool("chromium")

WRONG = "def error_rate(codes):\n    return sum(code >= 500 for code in codes)\n\n"
RIGHT = "def error_rate(codes):\n    return sum(code >= 500 for code in codes) / len(codes)\n\n"
CHECK = 'check("00.1", error_rate)'


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    # The module's own workspace: a learner's is never touched.
    folder = tmp_path_factory.mktemp("lab")
    before = os.environ.get("TWO_LOOPS_WORKSPACE")
    os.environ["TWO_LOOPS_WORKSPACE"] = str(folder / "workspace")
    try:
        with browser.lab(folder) as address, browser.chromium() as tab:
            yield tab, address
    finally:
        if before is None:
            del os.environ["TWO_LOOPS_WORKSPACE"]
        else:
            os.environ["TWO_LOOPS_WORKSPACE"] = before


@pytest.fixture
def lab(room):
    """Opens a lesson in a tab of its own, which is closed after the test."""
    (tab, address), opened = room, []

    def open_lesson(name):
        opened.append(tab())
        return browser.Page(opened[-1], address.format(name))

    yield open_lesson
    for one in opened:
        one.close()


def test_the_first_lesson_runs_answers_and_remembers(lab):
    lesson = lab("00_start_here.ipynb")
    lesson.run_all()
    assert lesson.errors() == []
    assert lesson.page.get_by_role("menuitem", name="Kernel", exact=True).count() == 1
    assert lesson.page.get_by_text("Nbgrader").count() == 0  # its menus are for instructors

    lesson.page.get_by_role("button", name="Next").first.click()
    lesson.page.get_by_text("DevOps: 12 Test code").last.wait_for(timeout=20_000)

    exercise = lesson.cell(CHECK)
    lesson.replace(exercise, WRONG + CHECK)
    exercise.get_by_text("Not yet: 00.1").wait_for(timeout=20_000)
    lesson.replace(exercise, RIGHT + CHECK)
    exercise.get_by_text("Right: 00.1").wait_for(timeout=20_000)

    progress = lesson.cell("course_map()")
    lesson.replace(progress, "course_map()")
    progress.get_by_text("50% of the exercises right").wait_for(timeout=20_000)
    assert lesson.errors() == []


def test_a_lessons_widget_follows_the_keyboard(lab):
    lesson = lab("22_clean_and_prepare.ipynb")
    lesson.run_all()
    assert lesson.errors() == []

    words = lesson.page.get_by_text("Notebook 0.", exact=False).last
    before = words.inner_text()
    slider = lesson.page.get_by_role("slider").last
    slider.focus()
    slider.press("ArrowRight")
    lesson.page.wait_for_function(
        "before => [...document.querySelectorAll('.widget-html')].some(e =>"
        " e.textContent.startsWith('Notebook 0.') && e.textContent.trim() !== before.trim())",
        arg=before,
        timeout=20_000,
    )
    assert lesson.errors() == []
