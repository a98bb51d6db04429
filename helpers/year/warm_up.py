"""The months before the year: labels gather, the first models are trained, limits are learned."""

from __future__ import annotations

import copy
import functools

from .figures import Figures
from .rules import CALM_DAYS, limits
from .settings import reference
from .shop import Shop
from .training import APART, candidate, fit, logged, one_thread, training_set
from .world import START, Field

FIRST = 40  # day on which the first models are trained
FIRST_DAYS = 10  # days that the very first one knows
GOLDEN = 50  # requests whose answers are known

Morning = tuple[Shop, Figures, dict[str, float]]


def first_morning(seed: int, all_known: bool = False) -> Morning:
    """The shop on the first morning of the year, its monitoring, and the limits of the rules.

    A copy for each year; the payments, which nobody changes, are shared.
    """
    field = _field(seed)
    return copy.deepcopy(_before(seed, all_known), {id(field): field})


@functools.lru_cache(maxsize=2)
def _field(seed: int) -> Field:
    return Field(seed)


@functools.lru_cache(maxsize=4)
def _before(seed: int, all_known: bool) -> Morning:
    shop, figures, calm = Shop(_field(seed), seed, all_known), Figures(), []
    shop.settings = reference()
    figures.reviews = shop.settings.reviews
    with one_thread():
        for day in range(START):
            if day in (FIRST, START - CALM_DAYS):
                _learn(shop, figures)
            found = figures.of(shop.play()[0])
            calm += [found] * (day >= START - CALM_DAYS + APART)
        _learn(shop, figures)
    return shop, figures, limits(calm)


def _learn(shop: Shop, figures: Figures) -> None:
    """A model of what is known today; the last fortnight is what its features usually look like."""
    if shop.model is None:
        shop.first_model = fit(*training_set(shop, 0, FIRST_DAYS))
    X = logged(shop, shop.day - APART, shop.day)
    shop.golden = X[:: max(len(X) // GOLDEN, 1)][:GOLDEN]
    shop.release(candidate(shop))
    figures.learn_reference(X)
