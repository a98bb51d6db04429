"""The course's own pipeline over thirty faults and three seeds: what the capstone promises."""

import numpy as np
import pytest

from helpers.year.score import false_alarms, guesser, regret
from helpers.year.yardsticks import nothing, oracle
from helpers.year.year import Year

SEEDS = (0, 1, 2)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def years():
    """For each seed: the reference, a quiet year, the oracle, and doing nothing."""
    played = {}
    for seed in SEEDS:
        quiet = Year(seed, schedule={}).play()
        played[seed] = Year(seed).play(), quiet, oracle(seed), nothing(seed)
        year, _, best, worst = played[seed]
        found = sum(e.found is not None for e in year.events)
        missed = regret(year.cost, best.cost, worst.cost)
        print(
            f"seed {seed}: found {found} of 30, regret {missed:.3f}"
            f", false alarms {len(false_alarms(year.alarms, year.events))}, quiet "
            f"{len(quiet.alarms)}, guesser {guesses(year, worst):.2f}"
        )
    return played


def guesses(year, worst):
    return float(np.mean([guesser(worst.events, len(year.alarms), seed) for seed in range(200)]))


def test_it_finds_at_least_95_in_100(years):
    found = [e.found is not None for year, *_ in years.values() for e in year.events]
    assert len(found) == 90 and np.mean(found) >= 0.95


def test_in_a_quiet_month_there_is_at_most_one_false_alarm(years):
    for _, quiet, *_ in years.values():
        month = [alarm.day // 30 for alarm in quiet.alarms]
        assert max(np.bincount(month), default=0) <= 1


def test_its_regret_is_at_most_13_in_100(years):
    costs = [(y.cost, best.cost, worst.cost) for y, _, best, worst in years.values()]
    assert max(regret(*each) for each in costs) <= 0.13


def test_a_guesser_with_as_many_alarms_stays_below_30_in_100(years):
    assert max(guesses(year, worst) for year, _, _, worst in years.values()) < 0.3
