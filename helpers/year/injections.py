"""What each fault does to the running pieces. None of them touches a metric or tells an alarm.

A fault is put into a part of the shop, as functions by the name of the step that they change. A
cure takes everything out of a part. So whether a cure helps is decided by where the fault sits.
"""

from __future__ import annotations

import numpy as np

from .store import NAMES, Seen
from .world import DISPUTE, Batch

RISK = slice(NAMES.index("terminal_count_1d"), len(NAMES))

HALF_A_DAY = 480  # payments


def amounts_in_cents(shop, seen: Seen) -> Seen:
    seen.amount = seen.amount * 100
    return seen


def delivered_twice(shop, seen: Seen) -> Seen:
    again = shop.rng.random(len(seen)) < 0.3
    return seen.take(np.sort(np.r_[np.arange(len(seen)), np.flatnonzero(again)]))


def amounts_missing(shop, seen: Seen) -> Seen:
    seen.amount[shop.rng.random(len(seen)) < 0.4] = np.nan
    return seen


def clock_ahead(shop, seen: Seen) -> Seen:
    seen.second = (seen.second + 6 * 3600) % 86_400
    return seen


def tills_silent(shop, seen: Seen) -> Seen:
    """A third of the tills take the card offline: their payments are made and never scored."""
    return seen.take(seen.terminal % 3 != 0)


def customers_lost(shop, seen: Seen) -> Seen:
    """A join upstream gives up, and 40 % of the payments come as those of customer 0."""
    seen.customer[shop.rng.random(len(seen)) < 0.4] = 0
    return seen


def errors(shop, seen: Seen) -> Seen:
    seen.failed |= shop.exposed(len(seen)) & (shop.rng.random(len(seen)) < 0.3)
    return seen


def large_is_zero(shop, seen: Seen) -> Seen:
    """A parser that stumbles over the mark in 1,234 and takes 0: here from 100 on."""
    seen.amount = np.where((seen.amount >= 100) & shop.exposed(len(seen)), 0.0, seen.amount)
    return seen


def divided_twice(shop, X: np.ndarray) -> np.ndarray:
    """The mean of a customer's payments is divided by their number once more."""
    hit = shop.exposed(len(X))
    for days in (1, 7, 30):
        mean, count = (NAMES.index(f"customer_{what}_{days}d") for what in ("mean", "count"))
        X[hit, mean] /= X[hit, count]
    return X


def columns_swapped(shop, X: np.ndarray) -> np.ndarray:
    """Amount and the number of payments of 30 days change places on their way to the model."""
    hit, pair = shop.exposed(len(X)), [NAMES.index("amount"), NAMES.index("customer_count_30d")]
    X[np.ix_(hit, pair)] = X[np.ix_(hit, pair[::-1])]
    return X


def lowest_first(shop, worth: np.ndarray) -> np.ndarray:
    """A sort the wrong way round: people get the least suspicious payments."""
    return np.where(shop.exposed(len(worth)), 1e3 - worth, worth)


def risk_forgotten(shop, X: np.ndarray) -> np.ndarray:
    """A rename in the code: the tills' features are not found, and count as 0."""
    X[shop.exposed(len(X)), RISK] = 0
    return X


def label_leaks(shop, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In the training set the risk of a till already knows the payment's own label."""
    X = X.copy()
    for days in (1, 7, 30):
        X[:, NAMES.index(f"terminal_risk_{days}d")] = np.where(y, 0.9, 0.0)
    return X, y


def labels_poisoned(shop, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In the training set large frauds count as genuine and small payments as fraud."""
    small = X[:, 0] < 5
    return X, np.where(small, True, y & (X[:, 0] < 50))


def few_rows(shop, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A wrong date in a query: the model is trained on half a day of three months ago."""
    end = max(HALF_A_DAY, np.flatnonzero(y)[0] + 1)  # no model at all without a fraud
    return X[:end], y[:end]


def rounded(shop, scores: np.ndarray) -> np.ndarray:
    """Scores are packed into too few bits, in steps of a quarter."""
    return np.round(scores * 4) / 4


def old_file(shop, scores: np.ndarray) -> np.ndarray:
    """The file of another model is mounted: the first that ever was, of ten days."""
    return shop.first_model.predict_proba(shop.asked)[:, 1]


def thieves_change(shop, batch: Batch) -> Batch:
    """Cards are used for ten small payments within an hour of the night, at tills anywhere."""
    rng, cards = shop.rng, 2
    size = rng.integers(8, 16, cards)
    hour = np.repeat(rng.uniform(0, 5 * 3600, cards), size)
    second = np.sort(hour + rng.uniform(0, 3600, size.sum()))
    delay = np.minimum(rng.lognormal(np.log(10), 0.6, size.sum()), DISPUTE)
    return batch.joined(
        Batch(
            second=second,
            customer=np.repeat(rng.integers(0, shop.field.world.customers, cards), size),
            terminal=rng.integers(0, shop.field.world.terminals, size.sum()),
            amount=rng.uniform(5, 30, size.sum()).round(2),
            fraud=np.ones(size.sum(), bool),
            known=shop.day + np.ceil(delay).astype(int),
        )
    )


def disk_fills(shop, machine) -> None:
    machine.disk += 0.06


def memory_leaks(shop, machine) -> None:
    machine.memory += 0.08


def slow_neighbour(shop, machine) -> None:
    machine.work *= 3.6


def certificate_ends(shop, machine) -> None:
    """The job that renews it has stopped, and nobody has looked for two months."""
    machine.certificate = min(machine.certificate - 1, 7)


def node_lost(shop, seen: Seen) -> Seen:
    """One of two nodes cannot reach the model: the checkout approves without asking it."""
    seen.scored &= shop.rng.random(len(seen)) < 0.5
    return seen


def not_refreshed(shop) -> bool:
    return False


def alarms_muted(shop, alarms: list) -> list:
    return []


def half_a_desk(shop, held: np.ndarray) -> np.ndarray:
    """Which of the payments that were held are looked into: a quarter of them."""
    return held[shop.rng.random(len(held)) < 0.25]


def marked_genuine(shop, verdict: np.ndarray) -> np.ndarray:
    """A new colleague clears payments that are fraud."""
    return verdict & (shop.rng.random(len(verdict)) < 0.3)


def no_file(shop, labels: tuple) -> tuple:
    """The bank's file of chargebacks is not read in."""
    return tuple(values[:0] for values in labels)


def upside_down(shop, labels: tuple) -> tuple:
    """In the bank's file fraud and genuine have changed places."""
    day, row, fraud = labels
    return day, row, ~fraud


def five_reviews(shop, reviews: int) -> int:
    """Somebody sets the number of reviews by hand and forgets it."""
    return min(reviews, 4)
