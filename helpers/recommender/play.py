"""The world day by day: a policy chooses what is shown, shoppers look, click and buy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .streams import stream
from .tastes import sigmoid

DAY = 86_400  # seconds
BOUGHT_AFTER_CLICK = 1.0  # log-odds that a click adds to a liking: who clicks is interested
STEADY = 4.0  # how closely the share watched keeps to its mean (the sum of beta's two numbers)


class Day:
    """One day of a play.

    number: from 0; date. users: the shoppers who open the app, one visit each. items: all product
    ids; on_sale: whether each is on sale. slots: how many to choose for a visit. rng: for the
    policy's own draws.
    """

    def __init__(self, play: Play, number: int) -> None:
        world = play.world
        self._play, self.number, self.slots = play, number, world.slots
        self.date = pd.Timestamp(world.first_day) + pd.Timedelta(days=number)
        here = world.of_shoppers.joined <= number
        comes = play.visits.random(world.shoppers) < world.of_shoppers.visits
        self.users = np.flatnonzero(here & comes)
        self.items = np.arange(world.products)
        self.on_sale = world.on_sale(number)
        self.rng = play.policy
        self.shown = False

    def show(self, slates: np.ndarray, propensity: np.ndarray) -> np.ndarray:
        """Show the visits' products; gives what was clicked (bool), in the same shape.

        slates: product ids, one row a visit, best place first. propensity: with which probability
        the policy put each there.

        Raises ValueError for another shape, a product twice in a row or not on sale, a propensity
        outside (0, 1], and on a day that was shown before.
        """
        slates, propensity = np.asarray(slates), np.asarray(propensity, dtype=float)
        self._require(slates, propensity)
        self.shown = True
        return self._play.take(self, slates, propensity)

    def _require(self, slates: np.ndarray, propensity: np.ndarray) -> None:
        wanted = (len(self.users), self.slots)
        if self.shown:
            raise ValueError(f"day {self.number} was shown before")
        if slates.shape != wanted or propensity.shape != wanted:
            raise ValueError(
                f"{len(self.users)} visits of {self.slots} slots want slates and propensity of "
                f"shape {wanted}, not {slates.shape} and {propensity.shape}"
            )
        if slates.size and not (slates.min() >= 0 and slates.max() < len(self.items)):
            raise ValueError("slates name a product that there is not")
        if not self.on_sale[slates].all():
            raise ValueError(f"product {slates[~self.on_sale[slates]][0]} is not on sale yet")
        if (np.diff(np.sort(slates, axis=1), axis=1) == 0).any():
            raise ValueError("a visit shows the same product twice")
        if not ((propensity > 0) & (propensity <= 1)).all():
            raise ValueError("each propensity must be above 0 and at most 1")


class Play:
    """A world under a policy: iterate over its days, `show` on each; then read `log`, `ledger`.

    play = world.play()
    for day in play:
        day.show(*policy.choose(day))
    play.ledger()
    """

    def __init__(self, world, days: int) -> None:
        self.world, self.days = world, days
        self.visits = stream(world.seed, "visits")
        self.choices = stream(world.seed, "choices")
        self.policy = stream(world.seed, "policy")
        self._log: list[pd.DataFrame] = []
        self._ledger: list[dict] = []

    def __iter__(self) -> Iterator[Day]:
        for number in range(self.days):
            day = Day(self, number)
            yield day
            if not day.shown:
                raise RuntimeError(f"day {number} ended and nothing was shown")

    def take(self, day: Day, slates: np.ndarray, propensity: np.ndarray) -> np.ndarray:
        """Let the shoppers of a day look, click and buy; keep log and ledger."""
        world, rows = self.world, np.arange(len(day.users))[:, None]
        click = world.clicked(day.number, day.users)[rows, slates]
        liked = world.liked(day.number, day.users)
        draws = self.choices.random((3, *slates.shape))
        clicked = (draws[0] < world.looked_at()) & (draws[1] < click)
        value = self._value(liked[rows, slates], draws[2]) * clicked
        self._log.append(self._frame(day, slates, propensity, clicked, value))
        self._ledger.append(self._line(day, slates, clicked, value, liked))
        return clicked

    def _value(self, liked: np.ndarray, draw: np.ndarray) -> np.ndarray:
        mean = sigmoid(np.log(liked / (1 - liked)) + BOUGHT_AFTER_CLICK)
        if not self.world.videos:
            return (draw < mean).astype(float)
        return self.choices.beta(STEADY * mean, STEADY * (1 - mean)).round(3)

    def _frame(self, day: Day, slates, propensity, clicked, value) -> pd.DataFrame:
        visits, slots = slates.shape
        second = np.sort(self.visits.integers(0, DAY, visits))
        time = np.datetime64(day.date, "s") + second
        return pd.DataFrame(
            {
                "time": np.repeat(time, slots).astype("datetime64[us]"),
                "user_id": np.repeat(day.users, slots).astype(np.int32),
                "item_id": slates.ravel().astype(np.int32),
                "slot": np.tile(np.arange(1, slots + 1, dtype=np.int8), visits),
                "propensity": propensity.ravel(),
                "clicked": clicked.ravel(),
                "value": value.ravel(),
            }
        )

    def _line(self, day: Day, slates, clicked, value, liked) -> dict:
        rows, weight = np.arange(len(day.users))[:, None], self.world.looked_at()
        weight = weight / weight.sum()
        possible = np.where(day.on_sale, liked, -1.0)
        best = -np.sort(-possible, axis=1)[:, : day.slots]
        return {
            "date": day.date,
            "visits": len(day.users),
            "clicks": int(clicked.sum()),
            "value": float(value.sum()),
            "satisfaction": float((liked[rows, slates] @ weight).sum()),
            "possible": float((best @ weight).sum()),
            "products": len(np.unique(slates)),
        }

    def log(self) -> pd.DataFrame:
        """Every product shown so far, one row each.

        Columns: time (datetime64[us]), user_id and item_id (int32), slot (int8, from 1),
        propensity (probability with which the policy put it there), clicked (bool), value (1 for
        a purchase, or the share watched of a video; 0 without a click).
        """
        return pd.concat(self._log, ignore_index=True)

    def ledger(self) -> pd.DataFrame:
        """One row a day: date, visits, clicks, value, satisfaction, possible, products.

        satisfaction: the truth, the mean probability that a shopper likes what is in the slot
        looked at; possible: the same for the best products on sale; products: how many were shown.
        """
        ledger = pd.DataFrame(self._ledger)
        for name in ("satisfaction", "possible"):
            ledger[name] = ledger[name] / ledger["visits"].where(ledger["visits"] > 0)
        return ledger
