"""The two ends of the scale that a year is measured on: an oracle, and doing nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from .catalogue import BY_NAME
from .schedule import Schedule, drawn
from .settings import CURE, NOTHING, reference
from .world import DAYS, START
from .year import Year

THIEVES = BY_NAME["new thieves"]  # the one fault that nobody can prevent
LEARNED_AFTER = (3, 7, 14)  # days of the new fraud after which the oracle trains
Capacity = list[tuple[int, int]]  # from which day on how many reviews a day there are people for
Deed = tuple[int, Callable[[Year], object]]


def oracle(
    seed: int, schedule: Schedule | None = None, days: int = DAYS, people: Capacity | None = None
) -> Year:
    """The best that can be done with the same models and reviews: labels at once, faults foreseen.

    What can be prevented never happens, at the price of its cure; new thieves come all the same.
    """
    schedule = drawn(seed) if schedule is None else schedule
    left = {day: [f for f in faults if f is THIEVES] for day, faults in schedule.items()}
    settings = replace(reference(), alerts=frozenset(), label_worth=0.0)  # its labels are free
    year = Year(seed, settings, left, all_known=True)
    return _play(year, [*_foresight(schedule), *_staffed(people)], days)


def nothing(
    seed: int, schedule: Schedule | None = None, days: int = DAYS, people: Capacity | None = None
) -> Year:
    """A pipeline that does nothing: no gate, no alerts, no retraining; people review as ever."""
    return _play(Year(seed, NOTHING, schedule), list(_staffed(people)), days)


def ends(year: Year) -> tuple[Year, Year]:
    """The oracle of a year, and doing nothing in it: as many days, as many people for reviews."""
    the_same = year.seed, year.schedule, year.day, capacity(year)
    return oracle(*the_same), nothing(*the_same)


def capacity(year: Year) -> Capacity:
    """The reviews a day that the settings of a year have allowed, from which day on."""
    changes = [(day, now.reviews) for day, what, now in year.journal if what == "change"]
    return [(0, year.began.reviews), *changes]


def _foresight(schedule: Schedule) -> Iterator[Deed]:
    for day, faults in schedule.items():
        for fault in faults:
            if fault is THIEVES:
                for after in LEARNED_AFTER:
                    yield day - START + after, lambda year: year.cure("retrain", note=False)
            else:
                yield day - START, lambda year: year.spend(CURE)


def _staffed(people: Capacity | None) -> Iterator[Deed]:
    for day, reviews in people or []:
        yield day, lambda y, n=reviews: y.change(replace(y.settings, reviews=n), note=False)


def _play(year: Year, deeds: list[Deed], days: int) -> Year:
    """Let a year pass, and do each deed on the morning of its day."""
    for day, do in sorted(deeds, key=lambda deed: deed[0]):
        if day < days:
            year.play(day - year.day)
            do(year)
    return year.play(days - year.day)
