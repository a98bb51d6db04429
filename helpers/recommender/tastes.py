"""What nobody outside a made-up world can know: who likes what, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .streams import stream

YEAR = 365
DIMENSIONS = 5
# name, day of the year on which it is liked most, how far the season moves the liking (log-odds)
AISLES = (
    ("bread", 0, 0.0),
    ("dairy", 0, 0.0),
    ("snacks", 0, 0.0),
    ("fruit", 200, 0.6),
    ("coffee and tea", 15, 0.6),
    ("soup", 20, 1.2),
    ("ice cream", 195, 1.4),
    ("barbecue", 185, 1.4),
    ("garden", 150, 1.2),
    ("baking", 345, 1.0),
    ("cleaning", 100, 0.3),
    ("pets", 0, 0.0),
)
TOPICS = (
    ("cooking", 0, 0.0),
    ("news", 0, 0.0),
    ("comedy", 0, 0.0),
    ("cycling", 200, 0.6),
    ("books", 15, 0.6),
    ("skiing", 20, 1.2),
    ("swimming", 195, 1.4),
    ("camping", 185, 1.4),
    ("gardening", 150, 1.2),
    ("crafts", 345, 1.0),
    ("do it yourself", 100, 0.3),
    ("animals", 0, 0.0),
)
LIKING, TASTE, QUALITY, APPEAL = -3.0, 2.5, 0.5, 0.7  # log-odds: mean, and standard deviations
SHELF = 0.5  # how fast prominence falls with its rank; Zipf's law has 1


@dataclass(frozen=True)
class Products:
    """The products of a world, one entry each.

    aisle: its number in the world's list. vector: what is particular about it. quality: how much
    more everybody likes it. appeal: how much more its picture is clicked than it is liked.
    prominence: its share of the shelf before there is any model. launched: day number.
    """

    aisle: np.ndarray
    vector: np.ndarray
    quality: np.ndarray
    appeal: np.ndarray
    prominence: np.ndarray
    launched: np.ndarray


@dataclass(frozen=True)
class Shoppers:
    """The shoppers of a world: taste, visits a day on average, and the day they joined."""

    vector: np.ndarray
    visits: np.ndarray
    joined: np.ndarray


def draw_products(world) -> Products:
    """The products of a world; those to come have a day above 0."""
    rng, count = stream(world.seed, "products"), world.products
    centres = rng.normal(size=(len(AISLES), DIMENSIONS))
    aisle = rng.integers(0, len(AISLES), count)
    vector = 0.8 * centres[aisle] + 0.6 * rng.normal(size=(count, DIMENSIONS))
    quality, appeal = rng.normal(0, QUALITY, count), rng.normal(0, APPEAL, count)
    prominence = 1.0 / (1 + rng.permutation(count)) ** SHELF
    launched = _later(stream(world.seed, "launches"), count, world.new_products, world.days)
    return Products(aisle, vector, quality, appeal, prominence / prominence.sum(), launched)


def draw_shoppers(world) -> Shoppers:
    """The shoppers of a world; a few visit often, most seldom."""
    rng, count = stream(world.seed, "shoppers"), world.shoppers
    vector = rng.normal(size=(count, DIMENSIONS))
    visits = np.minimum(rng.gamma(2.0, world.visits_a_day / 2.0, count), 1.0)
    return Shoppers(vector, visits, _later(rng, count, world.new_shoppers, world.days))


def liking(shoppers: Shoppers, products: Products, who=slice(None)) -> np.ndarray:
    """Log-odds of liking, shoppers in rows and products in columns, before any season."""
    match = shoppers.vector[who] @ products.vector.T / np.sqrt(DIMENSIONS)
    return (LIKING + TASTE * match + products.quality).astype(np.float32)


def season(world, products: Products, day: int) -> np.ndarray:
    """What the season adds to the log-odds of each product on day number `day`."""
    date = world.first_day + np.timedelta64(day, "D")
    of_year = int((date - date.astype("datetime64[Y]").astype("datetime64[D]")).astype(int))
    peak = np.array([row[1] for row in AISLES])
    swing = world.season * np.array([row[2] for row in AISLES])
    return (swing * np.cos(2 * np.pi * (of_year - peak) / YEAR))[products.aisle]


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Log-odds as a probability."""
    return 1.0 / (1.0 + np.exp(-x))


def _later(rng, count: int, share: float, days: int) -> np.ndarray:
    """Day numbers: 0 for most, and spread over all days for a share."""
    late, day = rng.random(count) < share, rng.integers(1, max(days, 2), count)
    return np.where(late, day, 0)
