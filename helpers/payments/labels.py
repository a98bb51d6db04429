"""When it becomes known whether a payment was fraud: by investigation, by chargeback, or not.

A chargeback is the card holder's dispute of a payment, which the bank pays back: the usual way in
which a fraud becomes known, and a late one.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from .streams import stream

DAY = np.timedelta64(1, "D")
SIGMA = 0.6  # of the logarithm of a chargeback's delay: the middle 90 % lie within a factor of 2.7
SECOND = np.timedelta64(1, "s")


def when_known(world, truth: pd.DataFrame, scores=None) -> np.ndarray:
    """Moment at which each payment's label is known if all are approved (datetime64[us])."""
    known_at = unaided(world, truth)
    if not world.late_labels:
        return known_at
    scores = as_scores(scores, truth["amount"])
    day = truth["time"].to_numpy().astype("datetime64[D]")
    edges = np.searchsorted(day, world.first_day + np.arange(world.days + 1))
    for first, last in pairwise(edges):
        rows = first + most_suspicious(scores[first:last], world.investigated_a_day)
        known_at[rows] = np.minimum(known_at[rows], day[rows] + DAY)
    return known_at


def unaided(world, truth: pd.DataFrame) -> np.ndarray:
    """Moment at which each label would be known if nobody investigated or reviewed."""
    time = truth["time"].to_numpy()
    if not world.late_labels:
        return time + _days(np.array(world.label_delay, dtype=float))
    z = stream(world.seed, "chargebacks").standard_normal(len(time))
    delay = np.minimum(world.chargeback_days * np.exp(SIGMA * z), world.dispute_days)
    return time + _days(np.where(truth["is_fraud"], delay, world.dispute_days))


def _days(days: np.ndarray) -> np.ndarray:
    return np.rint(days * (DAY / SECOND)).astype(np.int64) * SECOND


def most_suspicious(scores: np.ndarray, count: int) -> np.ndarray:
    """Places of the `count` highest scores; of equal ones the earlier payment comes first."""
    return np.argsort(-scores, kind="stable")[:count]


def as_scores(scores, amount: pd.Series) -> np.ndarray:
    """Scores as numbers, one for each payment; the amounts where there are none."""
    scores = np.asarray(amount if scores is None else scores, dtype=float)
    if scores.shape != (len(amount),):
        raise ValueError(f"scores has shape {scores.shape}; expected one for each of {len(amount)}")
    if np.isnan(scores).any():
        raise ValueError(f"scores has a missing value in row {np.isnan(scores).argmax()}")
    return scores


def labels_frame(truth: pd.DataFrame, rows: np.ndarray, known_at: np.ndarray, at=None):
    """Labels of some payments, those known by `at`, sorted by known_at and transaction_id."""
    if at is not None:
        known = known_at <= _moment(at)
        rows, known_at = rows[known], known_at[known]
    order = np.argsort(known_at, kind="stable")
    rows = rows[order]
    return pd.DataFrame(
        {
            "transaction_id": truth["transaction_id"].to_numpy()[rows],
            "known_at": known_at[order],
            "is_fraud": truth["is_fraud"].to_numpy()[rows],
        },
        copy=False,
    )


def _moment(at) -> np.datetime64:
    at = pd.Timestamp(at)
    if at.tzinfo is not None:
        raise ValueError(f"at has the time zone {at.tzinfo}; the world's clock has none")
    return at.to_datetime64()
