"""The world that makes visits: shoppers, products, and what is liked, which only it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from .exploring import Weighted
from .histories import histories
from .play import Play
from .tastes import (
    AISLES,
    TOPICS,
    Products,
    Shoppers,
    draw_products,
    draw_shoppers,
    liking,
    season,
    sigmoid,
)

SHARES = ("new_products", "new_shoppers", "visits_a_day")


@dataclass(frozen=True)
class World:
    """Visits to Corner's app, the same for the same seed on every machine.

    A visit shows a row of products. A slot is looked at with a probability that falls with its
    number; a product that is looked at is clicked with a probability that depends on how well the
    shopper likes it and on how appealing its picture is; a click becomes a purchase where the
    shopper likes it. Whether a product is *liked* is the truth that no log holds.

    The position-based click model is that of Craswell, Zoeter, Taylor and Ramsey (2008), "An
    experimental comparison of click position-bias models", WSDM; the parameters are ours.

    Raises ValueError, naming the field, for a value that makes no world.
    """

    shoppers: int = 1_500
    products: int = 400
    days: int = 182
    """Length in days, at least 1."""
    slots: int = 10
    """How many products a visit shows."""
    seed: int = 0
    """Same seed, same world."""
    start: str = field(default="2019-01-07", kw_only=True)
    """First day, as year-month-day."""
    visits_a_day: float = field(default=0.3, kw_only=True)
    """Mean share of the days on which a shopper opens the app."""
    position_bias: float = field(default=0.7, kw_only=True)
    """Slot number k (from 1) is looked at with probability 1 / k ** position_bias."""
    season: float = field(default=1.0, kw_only=True)
    """How far seasons move what is liked; 0 is a world without seasons."""
    new_products: float = field(default=0.3, kw_only=True)
    """Share of the products that are launched after the first day."""
    new_shoppers: float = field(default=0.2, kw_only=True)
    """Share of the shoppers who join after the first day."""
    videos: bool = field(default=False, kw_only=True)
    """Switch: the app shows short videos. `value` is then the share of it that was watched."""

    def __post_init__(self):
        for name in ("shoppers", "products", "days", "slots"):
            _require_whole(name, getattr(self, name), 1)
        _require_whole("seed", self.seed, 0)
        for name in ("position_bias", "season", *SHARES):
            value = getattr(self, name)
            if not isinstance(value, (int, float, np.number)) or not 0 <= value < np.inf:
                raise ValueError(f"{name} must be a number of 0 or more, not {value!r}")
            if name in SHARES and value > 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {value!r}")
        if self.slots > self.products:
            raise ValueError(f"slots must be at most products, not {self.slots!r}")
        if not isinstance(self.videos, bool):
            raise ValueError("videos must be True or False")
        _ = self.first_day

    @property
    def first_day(self) -> np.datetime64:
        """The first day, as datetime64[D]."""
        try:
            return np.datetime64(pd.Timestamp(self.start).tz_localize(None), "D")
        except (ValueError, TypeError) as error:
            raise ValueError(f"start must be a date as 2019-01-07, not {self.start!r}") from error

    def catalogue(self) -> pd.DataFrame:
        """One row a product: item_id (from 0), name, aisle (or topic), launched (its first day)."""
        made, groups = self.of_products, TOPICS if self.videos else AISLES
        aisle = np.array([row[0] for row in groups])[made.aisle]
        item = np.arange(self.products, dtype=np.int32)
        return pd.DataFrame(
            {
                "item_id": item,
                "name": [f"{one} {number}" for one, number in zip(aisle, item, strict=True)],
                "aisle": aisle,
                "launched": (self.first_day + made.launched).astype("datetime64[us]"),
            }
        )

    def members(self) -> pd.DataFrame:
        """One row a shopper: user_id (from 0) and joined (the first day in the app)."""
        joined = (self.first_day + self.of_shoppers.joined).astype("datetime64[us]")
        return pd.DataFrame({"user_id": np.arange(self.shoppers, dtype=np.int32), "joined": joined})

    def liked(self, day: int = 0, users=None) -> np.ndarray:
        """The truth: the probability that a shopper likes a product on day number `day`.

        users: shoppers' ids; all where it is None. Shape: shoppers, products.
        """
        users = slice(None) if users is None else np.asarray(users)
        odds = self._liking[users] + season(self, self.of_products, day)
        return sigmoid(odds.astype(float))

    def clicked(self, day: int = 0, users=None) -> np.ndarray:
        """The truth: the probability of a click on a product that is looked at. Shape as `liked`.

        A picture may promise more than the product holds (its appeal), or less.
        """
        users = slice(None) if users is None else np.asarray(users)
        odds = self._liking[users] + season(self, self.of_products, day)
        return sigmoid((odds + self.of_products.appeal).astype(float))

    def looked_at(self) -> np.ndarray:
        """The probability that a slot is looked at, for each slot from the first."""
        return 1.0 / np.arange(1, self.slots + 1) ** self.position_bias

    def on_sale(self, day: int) -> np.ndarray:
        """Whether each product is on sale on day number `day`."""
        return self.of_products.launched <= day

    def play(self, days: int | None = None) -> Play:
        """The world day by day, for a policy that chooses what is shown: see `Play`."""
        return Play(self, days or self.days)

    def impressions(self, days: int | None = None) -> pd.DataFrame:
        """What was shown, and what came of it, before there is any model; see `Play.log`.

        The shelf's own policy fills a row at random, prominent products more often.
        """
        play, shelf = self.play(days), self.shelf()
        for day in play:
            day.show(*shelf.choose(day))
        return play.log()

    def shelf(self) -> Weighted:
        """The policy before there is any model: at random, prominent products more often."""
        return Weighted(self.of_products.prominence)

    def interactions(self, days: int | None = None) -> pd.DataFrame:
        """The clicks of `impressions`, with the columns user_id, item_id, time, value."""
        shown = self.impressions(days)
        columns = ["user_id", "item_id", "time", "value"]
        return shown.loc[shown["clicked"], columns].reset_index(drop=True)

    def histories(self, each: int) -> pd.DataFrame:
        """`each` different products for every shopper, found without the app; quick and large."""
        return histories(self, each)

    @cached_property
    def of_products(self) -> Products:
        """The products with all that is true about them."""
        return draw_products(self)

    @cached_property
    def of_shoppers(self) -> Shoppers:
        """The shoppers with all that is true about them."""
        return draw_shoppers(self)

    @cached_property
    def _liking(self) -> np.ndarray:
        return liking(self.of_shoppers, self.of_products)


def _require_whole(name: str, value, low: int) -> None:
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < low:
        raise ValueError(f"{name} must be a whole number of {low} or more, not {value!r}")
