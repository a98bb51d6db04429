"""Incidents to diagnose from a dashboard alone: eight weeks of the figures that a checkout exports.

Each is played in a world of its own: payments, a real model, reviews, chargebacks. On a day that
nobody names, one thing goes wrong or changes. The board shows what Prometheus would have shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.payments import World, features

from .signals import chargeback_rate, greatest_psi

CAUSES = (
    "nothing",
    "new customers",
    "new fraud",
    "model down",
    "labels stopped",
    "amounts in cents",
)
FIRST, DAYS = 70, 56  # the board's first day in its world, and its length
WEEK = 7
HIGH_SCORE = 0.25
RULE_ABOVE = 220  # money: what the rule declines
WORLD = World.small(
    0.1,
    days=FIRST + DAYS,
    late_labels=True,
    investigated_a_day=10,
    chargeback_days=10,
    dispute_days=30,
    bursts_a_day=0.5,
)


@dataclass(frozen=True)
class _Log:
    """What was written down: payments with score, by_rule and known_at, and their features."""

    payments: pd.DataFrame
    X: pd.DataFrame


def incident(cause: str, seed: int) -> pd.DataFrame:
    """An incident's board: a row a day, 0 to 55; the cause is at work from day 14 to 24 on.

    payments: how many; amount: their mean, in money; drift: the greatest PSI of a feature, the last
    7 days against the first fortnight; high_scores: share of scores from 0.25 on; by_rule: share of
    decisions without the model; precision: share of fraud among the last 7 days' reviews, NaN where
    none is known; chargebacks: of the last 7 days, for 10,000 payments; label_age: of the newest
    label, in days.

    Raises ValueError for an unknown cause.
    """
    if cause not in CAUSES:
        raise ValueError(f"cause is one of {', '.join(CAUSES)}, not {cause!r}")
    return _board(cause, seed).copy()


def drawn(seed: int) -> tuple[pd.DataFrame, str]:
    """A board and its cause, which the seed draws."""
    cause = str(np.random.default_rng(seed).choice(CAUSES))
    return incident(cause, seed), cause


@lru_cache(maxsize=64)
def _board(cause: str, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng([seed, CAUSES.index(cause)])
    begin = FIRST + int(rng.integers(14, 25))
    return _figures(_played(cause, replace(WORLD, seed=seed), begin, rng))


def _played(cause: str, world: World, begin: int, rng: np.random.Generator) -> _Log:
    if cause == "new fraud":
        world = replace(world, new_fraud_day=begin)
    if cause == "new customers":
        world = replace(world, new_customers_a_day=0.6)
    payments = _with_day(world)
    newcomer = payments["customer_id"] >= world.customers
    payments = payments[~newcomer | (payments["day"] >= begin)]
    late = payments["day"] >= begin
    if cause == "amounts in cents":
        in_cents = late & (payments["terminal_id"] % 3 == 0)
        amount = payments["amount"].where(~in_cents, payments["amount"] * 100)
        payments = payments.assign(amount=amount)
    known_at = payments["known_at"]
    if cause == "labels stopped":
        stop = pd.Timestamp(world.start) + pd.Timedelta(days=begin)
        known_at = known_at.where(known_at < stop)
    X = features(payments, payments.assign(known_at=known_at)[known_at.notna()])
    share = rng.uniform(0.5, 1) if cause == "model down" else 0
    by_rule = late & (rng.random(len(payments)) < share)
    return _Log(_reviewed(payments.assign(by_rule=by_rule, score=_scores(X)), known_at), X)


def _with_day(world: World) -> pd.DataFrame:
    payments = world.transactions()
    labels = world.labels().set_index("transaction_id")["known_at"]
    day = (payments["time"] - pd.Timestamp(world.start)).dt.days
    return payments.assign(day=day, known_at=payments["transaction_id"].map(labels))


def _scores(X: pd.DataFrame) -> np.ndarray:
    return _model().predict_proba(X)[:, 1].round(6)


def _reviewed(payments: pd.DataFrame, known_at: pd.Series) -> pd.DataFrame:
    """Each day's most suspicious are reviewed; where the rule decides, the amount is suspicious."""
    ruled = (payments["amount"] > RULE_ABOVE).astype(float)
    suspicion = payments["score"].where(~payments["by_rule"], ruled)
    rank = suspicion.groupby(payments["day"]).rank(method="first", ascending=False)
    reviewed = rank <= WORLD.investigated_a_day
    morning = payments["time"].dt.normalize() + pd.Timedelta(days=1)
    stopped = known_at.isna() & payments["known_at"].notna()
    last = known_at.max()
    known_at = known_at.where(~reviewed, morning)
    if stopped.any():
        known_at = known_at.where(known_at <= last)
    return payments.assign(reviewed=reviewed, known_at=known_at)


def _figures(log: _Log) -> pd.DataFrame:
    days, payments = FIRST + DAYS, log.payments
    by_day = payments.groupby("day")
    board = pd.DataFrame(
        {
            "payments": by_day.size(),
            "amount": by_day["amount"].mean().round(2),
            "drift": greatest_psi(log.X, payments["day"], days, FIRST).round(3),
            "high_scores": (payments["score"] >= HIGH_SCORE)
            .groupby(payments["day"])
            .mean()
            .round(4),
            "by_rule": by_day["by_rule"].mean().round(3),
            "precision": _precision(payments, days).round(3),
            "chargebacks": chargeback_rate(payments, days).round(1),
            "label_age": _label_age(payments, days).round(1),
        }
    )
    return board.iloc[FIRST:].reset_index(drop=True)


def _precision(payments: pd.DataFrame, days: int) -> pd.Series:
    known = payments[payments["reviewed"] & payments["known_at"].notna()]
    of_day = known.groupby("day")["is_fraud"].agg(["sum", "size"]).reindex(range(days)).fillna(0)
    of_week = of_day.rolling(WEEK).sum()
    return of_week["sum"] / of_week["size"]


def _label_age(payments: pd.DataFrame, days: int) -> pd.Series:
    start = payments["time"].iloc[0].normalize()
    midnights = (start + pd.to_timedelta(np.arange(1, days + 1), unit="D")).to_numpy()
    known = np.sort(payments["known_at"].dropna().to_numpy())
    newest = known[np.maximum(np.searchsorted(known, midnights, side="right") - 1, 0)]
    return pd.Series((midnights - newest) / np.timedelta64(1, "D"))


@lru_cache(maxsize=1)
def _model():
    """The model of all incidents: trained once, on four weeks of a world of its own."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    payments = _with_day(replace(WORLD, seed=2600))
    past = payments["day"].between(62, 90)
    X = features(payments, payments)
    model = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=50, random_state=0
    )
    return model.fit(X[past], payments["is_fraud"][past])
