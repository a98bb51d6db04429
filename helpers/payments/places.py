"""Customers and terminals on a plane, and which terminals a customer can reach."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SIDE = 100  # both coordinates run from 0 to 100
SMALLEST_CELL = 0.25  # bounds the number of cells
PAIRS_AT_ONCE = 4_000_000  # bounds the memory of the search, not its result


@dataclass(frozen=True)
class Customers:
    """What sets customers apart; arrays of one length, the customer's number is the place.

    `mean_amount` is money a payment, `daily` payments a day; a newcomer's `first_day` is the day
    of arrival, and 0 for everybody else.
    """

    x: np.ndarray
    y: np.ndarray
    mean_amount: np.ndarray
    daily: np.ndarray
    first_day: np.ndarray


@dataclass(frozen=True)
class Reach:
    """Terminals within reach: customer c has `terminal[start[c] : start[c] + count[c]]`."""

    start: np.ndarray
    count: np.ndarray
    terminal: np.ndarray


def draw_customers(
    rng: np.random.Generator,
    count: int,
    amounts: tuple[float, float] = (5, 100),
    daily: tuple[float, float] = (0, 4),
) -> Customers:
    """Customers spread evenly over the plane, with even mean amounts and payments a day."""
    return Customers(
        x=rng.uniform(0, SIDE, count),
        y=rng.uniform(0, SIDE, count),
        mean_amount=rng.uniform(*amounts, count),
        daily=rng.uniform(*daily, count),
        first_day=np.zeros(count, dtype=np.int32),
    )


def draw_terminals(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates x and y of terminals spread evenly over the plane."""
    return rng.uniform(0, SIDE, count), rng.uniform(0, SIDE, count)


def find_reach(
    customers: Customers, terminals: tuple[np.ndarray, np.ndarray], radius: float
) -> Reach:
    """Terminals less than `radius` away from each customer, in rising order of number.

    Terminals are sorted into square cells as wide as the radius; only the three rows of three
    cells about a customer are looked at, some customers at a time.
    """
    by_cell, first, width = _strips(customers, terminals, max(radius, SMALLEST_CELL))
    block = np.cumsum(width.sum(axis=1)) // PAIRS_AT_ONCE
    edges = np.r_[0, np.flatnonzero(np.diff(block)) + 1, len(block)]
    pairs = [
        _near(customers, terminals, radius, by_cell, first, width, slice(*edge))
        for edge in pairwise(edges)
    ]
    count = np.concatenate([count for count, _ in pairs])
    return Reach(np.cumsum(count) - count, count, np.concatenate([near for _, near in pairs]))


def _strips(customers: Customers, terminals: tuple[np.ndarray, np.ndarray], size: float):
    """Terminals by cell; for each customer three stretches of that order, as start and length."""
    side = int(SIDE // size) + 1
    cell = (terminals[1] // size * side + terminals[0] // size).astype(np.int64)
    by_cell = np.argsort(cell, kind="stable").astype(np.int32)
    starts = np.searchsorted(cell[by_cell], np.arange(side * side + 1))
    column = (customers.x // size).astype(np.int64)[:, None]
    row = (customers.y // size).astype(np.int64)[:, None] + np.array([-1, 0, 1])
    inside = (row >= 0) & (row < side)
    row = np.clip(row, 0, side - 1) * side
    first = starts[row + np.maximum(column - 1, 0)]
    last = starts[row + np.minimum(column + 1, side - 1) + 1]
    return by_cell, first, np.where(inside, last - first, 0)


def _near(customers, terminals, radius, by_cell, first, width, block):
    who = np.repeat(np.arange(block.start, block.stop), width[block].sum(axis=1))
    terminal = by_cell[ranges(first[block].ravel(), width[block].ravel())]
    gap = (terminals[0][terminal] - customers.x[who]) ** 2
    gap += (terminals[1][terminal] - customers.y[who]) ** 2
    inside = gap < radius**2
    key = np.sort((who[inside] << 32) | terminal[inside])
    count = np.bincount((key >> 32) - block.start, minlength=block.stop - block.start)
    return count, (key & 0xFFFFFFFF).astype(np.int32)


def ranges(start: np.ndarray, length: np.ndarray) -> np.ndarray:
    """The numbers start, start + 1, ... of each range, one range after the other."""
    offset = np.repeat(start - (np.cumsum(length) - length), length)
    return offset + np.arange(len(offset))
