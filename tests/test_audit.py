"""Every exercise of the course keeps its promise: `python -m helpers audit`, as a test."""

import pytest

from helpers import exercises
from helpers.exercises.audit import SEEDS, audit

every_lesson = pytest.mark.parametrize("number", exercises.numbers())


@every_lesson
def test_solutions_pass_and_each_mistake_gets_its_own_words(number):
    keeps_its_promises(number, SEEDS[:1])


@pytest.mark.slow
@every_lesson
def test_it_is_so_on_other_draws_of_the_cases(number):
    keeps_its_promises(number, SEEDS[1:])


def keeps_its_promises(number, seeds):
    findings = audit([number], seeds)
    assert [str(one) for one in findings if one.faults] == []
    assert findings, "a lesson has an exercise"
