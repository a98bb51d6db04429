"""How long a year takes, and the quiet days before it; the world is made beforehand."""

from helpers.year.yardsticks import nothing
from helpers.year.year import Year

SEED = 5


def test_a_year_under_the_courses_pipeline(benchmark):
    Year(SEED)  # the world and the days before the year are made once for a seed
    year = benchmark.pedantic(lambda: Year(SEED).play(), rounds=3)
    assert year.over


def test_a_year_in_which_nothing_is_done(benchmark):
    Year(SEED)
    assert benchmark.pedantic(lambda: nothing(SEED), rounds=3).over
