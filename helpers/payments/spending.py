"""How customers pay: when, where, and how much, before any fraud."""

from dataclasses import dataclass, fields

import numpy as np

from .places import Customers, Reach, draw_customers, draw_terminals, find_reach
from .streams import stream

DAY = 86_400  # seconds
NOON, SPREAD = DAY / 2, 20_000  # seconds of the day: mean and standard deviation
YEAR = 365  # days
WEEK_SHAPE = np.array([-0.5, -0.5, -0.5, 0.0, 0.5, 1.0, 0.0])  # Monday to Sunday, mean 0
NEWCOMER_AMOUNTS, NEWCOMER_DAILY = (5, 50), (2, 6)  # smaller payments, and more of them


@dataclass
class Payments:
    """Columns of payments: `second` counts from the start of day 0, `amount` is money."""

    second: np.ndarray
    customer: np.ndarray
    terminal: np.ndarray
    amount: np.ndarray
    scenario: np.ndarray

    def __len__(self) -> int:
        return len(self.second)

    @property
    def day(self) -> np.ndarray:
        return self.second // DAY

    def take(self, rows: np.ndarray) -> "Payments":
        return Payments(*(getattr(self, field.name)[rows] for field in fields(self)))

    def in_time_order(self) -> "Payments":
        """Sorted by time; payments of the same second keep their order."""
        key = (self.second.astype(np.int64) << 32) | np.arange(len(self))
        key.sort()
        return self.take(key & 0xFFFFFFFF)

    @classmethod
    def concat(cls, parts: list["Payments"]) -> "Payments":
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))


def genuine(world) -> Payments:
    """All payments of a world before fraud, not yet in order of time."""
    customers = draw_customers(stream(world.seed, "customers"), world.customers)
    terminals = draw_terminals(stream(world.seed, "terminals"), world.terminals)
    parts = _with_season(world, customers, find_reach(customers, terminals, world.radius))
    if world.new_customers_a_day:
        parts.append(_newcomers(world, terminals))
    payments = Payments.concat(parts)
    if world.inflation:
        rise = (1 + world.inflation) ** (payments.day / YEAR)
        payments.amount = np.round(payments.amount * rise, 2)
    return payments


def demand(world) -> np.ndarray:
    """How many payments each day brings, as a multiple of the source's: 1 with switches off."""
    day = np.arange(world.days)
    weekday = (world.first_day.astype(int) + 3 + day) % 7  # 1970-01-01 was a Thursday
    of_year = (world.first_day + day).astype("datetime64[D]")
    of_year = (of_year - of_year.astype("datetime64[Y]")).astype(int)
    week = 1 + world.weekly_season * WEEK_SHAPE[weekday]
    year = 1 + world.yearly_season * np.cos(2 * np.pi * (of_year - 350) / YEAR)
    return week * year * (1 + world.growth) ** (day / YEAR)


def _with_season(world, customers: Customers, reach: Reach) -> list[Payments]:
    base = _draw(stream(world.seed, "payments"), customers, reach, np.ones(world.days))
    factor = demand(world)
    if np.all(factor == 1):
        return [base]
    rng = stream(world.seed, "season")
    kept = base.take(np.flatnonzero(rng.random(len(base)) < factor[base.day]))
    return [kept, _draw(rng, customers, reach, np.maximum(factor - 1, 0))]


def _newcomers(world, terminals) -> Payments:
    rng = stream(world.seed, "newcomers")
    arrivals = per_day(world.new_customers_a_day, world.days)
    crowd = draw_customers(rng, int(arrivals.sum()), NEWCOMER_AMOUNTS, NEWCOMER_DAILY)
    crowd.first_day[:] = np.repeat(np.arange(world.days), arrivals)
    reach = find_reach(crowd, terminals, world.radius)
    payments = _draw(rng, crowd, reach, demand(world))
    payments.customer += np.int32(world.customers)
    return payments


def per_day(rate: float, days: int) -> np.ndarray:
    """Whole numbers for each day whose running sum follows `rate`: 0.4 gives 0 0 1 0 1, ..."""
    return np.diff(np.floor(rate * np.arange(days + 1) + 1e-9).astype(int))


def _draw(rng, customers: Customers, reach: Reach, factor: np.ndarray) -> Payments:
    counts = rng.poisson(customers.daily[:, None] * factor, (len(customers.daily), len(factor)))
    counts[reach.count == 0] = 0
    counts[np.arange(len(factor)) < customers.first_day[:, None]] = 0
    customer, day = _cells(counts)
    second = rng.normal(NOON, SPREAD, len(day)).astype(np.int32)
    kept = (second > 0) & (second < DAY)
    customer, second = customer[kept], second[kept] + day[kept] * np.int32(DAY)
    amount = _amounts(rng, customers.mean_amount[customer])
    choice = (rng.random(len(customer)) * reach.count[customer]).astype(np.int64)
    terminal = reach.terminal[choice + reach.start[customer]]
    return Payments(second, customer, terminal, amount, np.zeros(len(second), dtype=np.int8))


def _cells(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    people, days = counts.shape
    customer = np.repeat(np.arange(people, dtype=np.int32), counts.sum(axis=1))
    day = np.repeat(np.tile(np.arange(days, dtype=np.int32), people), counts.ravel())
    return customer, day


def _amounts(rng, mean: np.ndarray) -> np.ndarray:
    """Normal about `mean` with half of it as standard deviation; negative ones drawn again."""
    amount = rng.standard_normal(len(mean))
    amount *= mean / 2
    amount += mean
    negative = np.flatnonzero(amount < 0)
    amount[negative] = rng.uniform(0, 2 * mean[negative])
    return np.round(amount, 2)
