"""Policies that choose what is shown, and know with which probability they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .play import Day

Scores = Callable[[Day], np.ndarray]
"""Gives a day's scores: one row a visit, one column a product; -inf for what must not be shown."""


def rank(scores: np.ndarray, k: int) -> np.ndarray:
    """The places of the k highest scores in each row, best first; ties by the smaller place."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


@dataclass(frozen=True)
class Weighted:
    """Fill slot after slot at random, each product in proportion to its weight.

    weights: one for each product, above 0. Equal weights make the uniform policy. This is the
    Plackett-Luce model; propensity is conditional on the slots before.
    """

    weights: np.ndarray

    def choose(self, day: Day) -> tuple[np.ndarray, np.ndarray]:
        """Slates and propensities for a day's visits."""
        weights = np.where(day.on_sale, self.weights, 0.0)
        left = np.tile(weights, (len(day.users), 1))
        return _one_by_one(day, lambda slot: left / left.sum(axis=1, keepdims=True), left)


@dataclass(frozen=True)
class EpsilonGreedy:
    """With probability `epsilon` a product at random, else the best by score, slot by slot.

    scores: see Scores. epsilon: 0 is greedy, and then each propensity is 1. At random means
    uniformly among all products on sale that are not in the row yet, also those without a score.
    Sutton and Barto (2018), "Reinforcement Learning", 2nd edition, section 2.2.
    """

    scores: Scores
    epsilon: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.epsilon <= 1:
            raise ValueError(f"epsilon must lie between 0 and 1, not {self.epsilon!r}")

    def choose(self, day: Day) -> tuple[np.ndarray, np.ndarray]:
        """Slates and propensities for a day's visits."""
        order = rank(_for_day(self.scores(day), day), len(day.items))
        rows, left = np.arange(len(order)), np.tile(day.on_sale, (len(order), 1))
        slates = np.empty((len(rows), day.slots), dtype=np.int64)
        propensity, next_best = np.empty(slates.shape), np.zeros(len(rows), dtype=np.int64)
        for slot in range(day.slots):
            best = order[rows, next_best]
            place, explores = best.copy(), day.rng.random(len(rows)) < self.epsilon
            place[explores] = draw(left[explores].astype(float), day.rng)
            share = self.epsilon / (day.on_sale.sum() - slot)
            slates[:, slot] = place
            propensity[:, slot] = share + (1 - self.epsilon) * (place == best)
            left[rows, place] = False
            next_best = _skip(order, left, next_best)
        return slates, propensity


def _skip(order: np.ndarray, left: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Move on in each row of `order` to a product that is still to be had."""
    rows = np.arange(len(order))
    while True:
        gone = ~left[rows, order[rows, np.minimum(place, order.shape[1] - 1)]]
        gone &= place < order.shape[1] - 1
        if not gone.any():
            return place
        place = place + gone


def epsilon_greedy(best: np.ndarray, allowed: np.ndarray, epsilon: float) -> np.ndarray:
    """The probability of each product under an epsilon-greedy choice; rows add up to 1.

    best: the place of the best product, one for each row. allowed: which may be shown (bool, rows
    and products).
    """
    probability = epsilon * allowed / allowed.sum(axis=1, keepdims=True)
    probability[np.arange(len(best)), best] += 1 - epsilon
    return probability


class Thompson:
    """Thompson sampling on each product's rate of clicks: draw a rate from what is known, rank.

    What is known of a product is a beta distribution, from Beta(1, 1) on: a click adds one to the
    first number, a look without a click one to the second. Nobody sees a look; where no click
    came, its probability stands for it, by the slot and by the product's rate so far. A product
    shown seldom has a wide distribution, so it is tried now and then. Thompson (1933), Biometrika
    25, 285-294; Chapelle and Li (2011), "An empirical evaluation of Thompson sampling", NIPS.

    prior: the two numbers of the beta distribution from which a product starts.
    """

    def __init__(
        self, products: int, looked_at: np.ndarray, prior: tuple[float, float] = (1.0, 1.0)
    ) -> None:
        self.clicks = np.full(products, float(prior[0]))
        self.others = np.full(products, float(prior[1]))
        self.looked_at = np.asarray(looked_at, dtype=float)

    def choose(self, day: Day) -> tuple[np.ndarray, np.ndarray]:
        """Slates, and the propensity of a product in the first slot of a visit in all its slots.

        What a later slot shows depends on those before in a way that has no simple form, so only
        the first slot's propensity may be used to weigh.
        """
        draws = day.rng.beta(self.clicks, self.others, (len(day.users), len(self.clicks)))
        slates = rank(np.where(day.on_sale, draws, -np.inf), day.slots)
        first = self.probabilities(day.on_sale)
        return slates, np.maximum(first[slates], np.finfo(float).tiny)

    def learn(self, slates: np.ndarray, clicked: np.ndarray) -> None:
        """Take in what a day has shown and what was clicked."""
        looks = np.broadcast_to(self.looked_at[: slates.shape[1]], slates.shape)
        rate = (self.clicks / (self.clicks + self.others))[slates]
        unseen = looks * (1 - rate) / (1 - looks * rate)  # looked at, given that no click came
        np.add.at(self.clicks, slates, clicked)
        np.add.at(self.others, slates, np.where(clicked, 0.0, unseen))

    def probabilities(self, on_sale: np.ndarray, steps: int = 2_000) -> np.ndarray:
        """The probability that each product's draw is the highest: the first slot's propensity.

        The integral of one density times all others' distribution functions, on `steps` points.
        """
        from scipy.stats import beta

        grid = (np.arange(steps) + 0.5) / steps
        a, b = self.clicks[on_sale][:, None], self.others[on_sale][:, None]
        below = np.log(np.maximum(beta.cdf(grid, a, b), 1e-300))
        upper = beta.cdf(grid + 0.5 / steps, a, b) - beta.cdf(grid - 0.5 / steps, a, b)
        highest = (upper * np.exp(below.sum(axis=0) - below)).sum(axis=1)
        found = np.zeros(len(on_sale))
        found[on_sale] = highest / highest.sum()
        return found


def _for_day(scores: np.ndarray, day: Day) -> np.ndarray:
    wanted = (len(day.users), len(day.items))
    if scores.shape != wanted:
        raise ValueError(f"scores of shape {wanted} are wanted, not {scores.shape}")
    return np.where(day.on_sale, scores, -np.inf)


def _one_by_one(day: Day, probabilities, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw slot by slot; a product drawn is taken out of `left` (changed in place)."""
    rows = np.arange(len(day.users))
    slates = np.empty((len(rows), day.slots), dtype=np.int64)
    propensity = np.empty(slates.shape)
    for slot in range(day.slots):
        chances = probabilities(slot)
        place = draw(chances, day.rng)
        slates[:, slot], propensity[:, slot] = place, chances[rows, place]
        left[rows, place] = 0.0
    return slates, propensity


def draw(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One place for each row, drawn by the row's probabilities."""
    steps = probabilities.cumsum(axis=1)
    aim = rng.random((len(steps), 1)) * steps[:, -1:]
    place = (steps <= aim).sum(axis=1)
    # Rounding must not pick a place of probability 0 behind the last possible one.
    last = probabilities.shape[1] - 1 - (probabilities[:, ::-1] > 0).argmax(axis=1)
    return np.minimum(place, last)
