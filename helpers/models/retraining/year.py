"""One year played: each day features, decisions, labels that come in, and perhaps a training."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.payments import Costs

from .bills import COLUMNS, Played
from .field import STILL, Field
from .policies import LOOK, Desk, Policy, never
from .terminals import Terminals
from .worlds import START

FIRST_TRAININGS = (START // 2, 3 * START // 4, START)


@dataclass(frozen=True)
class Rules:
    """How decisions are taken and what a training looks at.

    reviews_a_day: how many payments people can look into. review: money a review.
    window: days of payments that a training takes. gap: days left out before it, because hardly
    any of their labels are known. declines: whether the model may decline. explore: share of the
    payments to be declined that people look into instead, to learn from; one in a whole number.
    all_known: every label is known at the next midnight, also that of a declined payment.
    """

    reviews_a_day: int = 15
    review: float = 3.0
    window: int = 120
    gap: int = 14
    declines: bool = False
    explore: float = 0.0
    all_known: bool = False


class Year:
    """A world played day by day from its first day; what is logged can be looked at.

    X: the features of each payment as they stood when it was decided (a training reads these, and
    never makes them anew with today's knowledge). known: the day at whose midnight the label is
    known, `never_known` where nobody will. chance: the probability with which a payment got its
    label, below 1 where `explore` drew it. decisions: a word for each payment so far.
    """

    def __init__(self, field: Field, rules: Rules | None = None, seed: int = 0):
        self.field, self.rules = field, rules or Rules()
        self.costs = Costs(review=self.rules.review)
        count = len(field.amount)
        self.X = np.zeros((count, len(field.names)), np.float32)
        self.X[:, :STILL] = field.still
        self.known = np.full(count, self.never_known)
        self.chance = np.ones(count)
        self.decisions = np.full(count, "approve", dtype="<U7")
        self.chargebacks = np.zeros(field.world.days, int)
        self.trained: list[int] = []
        self.model = None
        self.day = 0
        self._terminals = Terminals(field)
        self._due: list[list[np.ndarray]] = [[] for _ in range(field.world.days + 1)]
        self._rng = np.random.default_rng(seed)
        self._ledger: list[tuple] = []
        self._learned_from = slice(0, 0)

    @property
    def never_known(self) -> int:
        """A day number that never comes."""
        return np.iinfo(np.int64).max

    def until_start(self) -> Year:
        """Play on to the morning of the first day of the year, and give itself."""
        self._until(START, never)
        return self

    def play(self, policy: Policy, days: int = 365) -> Played:
        """The year under a policy, on a copy: `self` can be played again with another one.

        Raises ValueError where a training finds no fraud, or nothing else, among what is known.
        """
        return self.fork(policy, days).played()

    def fork(self, policy: Policy, days: int = 365) -> Year:
        """A copy of itself, played on by `days` days under a policy."""
        other = copy.deepcopy(self, {id(self.field): self.field, id(self.model): self.model})
        other._until(min(self.day + days, self.field.world.days), policy)
        return other

    def played(self) -> Played:
        """What the days from START on came to."""
        days = pd.DataFrame(self._ledger, columns=list(COLUMNS))
        trained = tuple(day for day in self.trained if day > START)
        return Played(days[days["day"] >= START], trained, self.rules.review)

    def training_set(self, day: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows and labels to train on, as known at the midnight of `day`.

        A payment whose fraud is not known yet counts as genuine. One that was declined has no
        label and is left out; one that was explored stands there as often as it counts.
        """
        gap = 1 if self.rules.all_known else self.rules.gap
        stretch = self.field.rows(day - gap - self.rules.window, day - gap)
        rows = np.arange(stretch.start, stretch.stop)
        rows = rows[self.known[rows] < self.never_known]
        # Copies and no weights: scikit-learn bins weighted rows seven times as slowly.
        rows = np.repeat(rows, np.rint(1 / self.chance[rows]).astype(int))
        return rows, self.field.is_fraud[rows] & (self.known[rows] <= day)

    def desk(self) -> Desk:
        """What a policy sees this morning."""
        now = self.field.rows(self.day - LOOK, self.day)
        return Desk(
            self.day,
            self.trained[-1],
            self.X[self._learned_from, :STILL],
            self.X[now, :STILL],
            self.chargebacks[: self.day + 1],
        )

    def scores(self, rows: slice) -> np.ndarray:
        """The present model's probability of fraud for logged payments."""
        return self.model.predict_proba(self.X[rows])[:, 1]

    def _until(self, end: int, policy: Policy) -> None:
        import sklearn.ensemble  # noqa: F401  (only what is loaded can be limited)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):  # threads cost five times what they gain on a day's payments
            while self.day < end:
                self._play_day(policy)

    def _play_day(self, policy: Policy) -> None:
        self._learn()
        if self.day in FIRST_TRAININGS or (self.day > START and policy(self.desk())):
            self._train()
        rows = self.field.rows(self.day, self.day + 1)
        self._terminals.fill(self.day, rows, self.X)
        self._settle(rows, self._decide(rows))
        self.day += 1

    def _learn(self) -> None:
        rows = np.concatenate([np.empty(0, int), *self._due[self.day]])
        late = self.field.is_fraud[rows] & (self.field.day[rows] < self.day - 1)
        self.chargebacks[self.day] = late.sum()
        self._terminals.learn(self.day, rows)

    def _train(self) -> None:
        rows, is_fraud = self.training_set(self.day)
        if is_fraud.all() or not is_fraud.any():
            raise ValueError(
                f"{is_fraud.sum()} of the {len(rows)} payments to train on at day {self.day} are "
                "known as fraud; a model needs both kinds"
            )
        self.model = classifier().fit(self.X[rows], is_fraud)
        self.trained.append(self.day)
        self._learned_from = slice(rows[0], rows[-1] + 1)

    def _decide(self, rows: slice) -> np.ndarray:
        """What is expected to cost least, payment by payment; reviews where they save most."""
        amount = self.field.amount[rows]
        words = np.full(len(amount), "approve", dtype="<U7")
        if not len(amount):
            return words
        if self.model is None:  # nothing has been learned yet: people look at the largest
            words[_largest(amount, self.rules.reviews_a_day)] = "review"
            return words
        risk = self.scores(rows)
        otherwise = risk * (amount * self.costs.fraud_loss + self.costs.chargeback_fee)
        if self.rules.declines and self.day >= START:
            decline = (1 - risk) * self.costs.wrong_decline
            words[decline < otherwise] = "decline"
            otherwise = np.minimum(otherwise, decline)
        saved = otherwise - self.costs.review
        best = _largest(saved, self.rules.reviews_a_day)
        words[best[saved[best] > 0]] = "review"
        return self._explore(rows, words)

    def _explore(self, rows: slice, words: np.ndarray) -> np.ndarray:
        """Have a random few of the payments to be declined looked into, and note the chance."""
        if self.rules.explore:
            declined = words == "decline"
            lucky = declined & (self._rng.random(len(words)) < self.rules.explore)
            words[lucky] = "review"
            self.chance[rows][lucky] = self.rules.explore
        return words

    def _settle(self, rows: slice, words: np.ndarray) -> None:
        is_fraud, amount = self.field.is_fraud[rows], self.field.amount[rows]
        self.decisions[rows] = words
        known = self.field.known[rows].copy()
        known[words == "decline"] = self.never_known
        known[words == "review"] = self.day + 1
        if self.rules.all_known:
            known[:] = self.day + 1
        self.known[rows] = known
        for day in np.unique(known[known < self.field.world.days]):
            self._due[day].append(rows.start + np.flatnonzero(known == day))
        outcome = self.costs.outcome(words, amount, is_fraud)
        caught = is_fraud.sum() - outcome.missed_frauds
        self._ledger.append(
            (
                *(self.day, len(amount), is_fraud.sum(), caught, outcome.missed_fraud_cost),
                *(outcome.wrong_declines, outcome.wrong_decline_cost, outcome.reviewed),
                self.chargebacks[self.day],
            )
        )


def classifier():
    """The model of every policy: twenty small trees by gradient boosting."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=20,
        learning_rate=0.2,
        max_leaf_nodes=8,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )


def _largest(values: np.ndarray, count: int) -> np.ndarray:
    """Places of the `count` largest values; of equal ones the earlier comes first."""
    return np.argsort(-values, kind="stable")[:count]
