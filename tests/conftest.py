"""What every test stands on: a workspace of its own, and a toy lesson."""

import sys

import hypothesis
import pytest

hypothesis.settings.register_profile("two-loops", deadline=None)  # speed is for tests/bench
hypothesis.settings.load_profile("two-loops")


@pytest.fixture(autouse=True)
def _workspace_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path / "workspace"))


@pytest.fixture
def toy(monkeypatch):
    """The toy lesson 90, found as any other lesson is."""
    from helpers import exercises
    from tests import toy_lesson

    real = exercises.numbers
    monkeypatch.setitem(sys.modules, "helpers.exercises.lesson_90", toy_lesson)
    monkeypatch.setattr(exercises, "numbers", lambda: [*real(), "90"])
    return toy_lesson
