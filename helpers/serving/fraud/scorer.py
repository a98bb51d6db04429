"""A model ready to score: one payment's features in, the score and its reason in words out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from helpers.payments.features import COLUMNS
from helpers.serving.fraud.trees import Score, flat

LEAST = 0.01  # of the score: what a feature must explain to be named
WORDS = {
    "amount": "the amount",
    "is_weekend": "weekend (1) or not (0)",
    "is_night": "night (1) or not (0)",
    "customer_count": "the customer's payments in {}",
    "customer_mean": "the customer's mean amount in {}",
    "terminal_count": "the number of labels known at this till in {}",
    "terminal_risk": "the share of fraud at this till in {}",
}


class WrongModel(ValueError):
    """A model that does not fit this service; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A score from 0 to 1, and the reason in words."""

    score: float
    reason: str


class Scorer:
    """Scores a payment, and says what spoke most for fraud.

    The reason is found by asking 15 times "what would the score be if this one feature were as
    usual?" and naming the feature that lowers it most. Features that tell the same story can hide
    each other: putting one right leaves the other standing.

    quick: whether the trees are laid out flat, so that a score takes some 50 microseconds, always.

    registered: when the model was registered, Unix seconds; NaN where that is not known.

    Source of the method: Robnik-Šikonja and Kononenko, "Explaining classifications for individual
    instances", IEEE Transactions on Knowledge and Data Engineering 20(5), 2008.

    Raises WrongModel for a model of other features, of one class, or whose scores are none.
    """

    def __init__(
        self,
        model: Any,
        version: int,
        usual: Mapping[str, float] | None = None,
        registered: float = nan,
    ) -> None:
        _require_features(model, version)
        self.version, self.registered = version, registered
        self.usual = _usual(usual, version)
        trees = flat(model)
        self.quick = trees is not None
        self.score: Score = trees or _slow(model)
        self._rows = np.arange(len(COLUMNS))
        self.judge([0.0] * len(COLUMNS) if self.usual is None else list(self.usual))

    def judge(self, row: Sequence[float]) -> Judged:
        """The score of a payment with these features, in the order of COLUMNS, and its reason.

        Raises ValueError for a feature that is no finite number, or a score that is none.
        """
        values = np.asarray(row, dtype=float)
        if not np.isfinite(values).all():
            bad = COLUMNS[int(np.argmin(np.isfinite(values)))]
            raise ValueError(f"the feature {bad} is not a finite number")
        if self.usual is None:
            score = _checked(self.score(values[np.newaxis]))[0]
            return Judged(score, f"score {score:.3f}")
        asked = np.repeat(values[np.newaxis], len(values) + 1, axis=0)
        asked[self._rows + 1, self._rows] = self.usual
        scores = _checked(self.score(asked))
        return Judged(float(scores[0]), self._in_words(values, scores))

    def _in_words(self, values: np.ndarray, scores: np.ndarray) -> str:
        most = int(np.argmin(scores[1:]))
        score, without = float(scores[0]), float(scores[most + 1])
        if score - without < LEAST:
            return f"score {score:.3f}: nothing stands out"
        value, usual = values[most], self.usual[most]
        return (
            f"score {score:.3f}: {in_words(COLUMNS[most])} is {value:.4g}, usual is {usual:.4g}; "
            f"with that it would be {without:.3f}"
        )


def in_words(feature: str) -> str:
    """A feature's name as a person would say it."""
    what, _, days = feature.rpartition("_")
    if what not in WORDS:
        return WORDS[feature]
    number = int(days.removesuffix("d"))
    return WORDS[what].format("a day" if number == 1 else f"{number} days")


def _require_features(model: Any, version: int) -> None:
    classes = len(getattr(model, "classes_", ()))
    if classes != 2:
        raise WrongModel(f"Version {version} knows {classes} classes, not genuine and fraud.")
    names = [str(name) for name in getattr(model, "feature_names_in_", COLUMNS)]
    wanted, count = list(COLUMNS), getattr(model, "n_features_in_", len(names))
    if names != wanted or count != len(wanted):
        missing = [name for name in wanted if name not in names]
        extra = [name for name in names if name not in wanted]
        raise WrongModel(
            f"Version {version} was trained on other features than this service computes: "
            f"missing {missing or 'none'}, unknown {extra or 'none'}, {count} in all"
            + ("" if missing or extra else ", in another order")
            + ". Train it on helpers.payments.features."
        )


def _usual(usual: Mapping[str, float] | None, version: int) -> np.ndarray | None:
    if usual is None or len(usual) == 0:
        return None
    missing = [name for name in COLUMNS if name not in usual]
    if missing:
        raise WrongModel(f"The usual values of version {version} lack {missing[0]}.")
    return np.array([usual[name] for name in COLUMNS], dtype=float)


def _slow(model: Any) -> Score:
    # The order of the columns has been checked once; a table for each row would cost two thirds.
    warnings.filterwarnings("ignore", "X does not have valid feature names")
    return lambda rows: model.predict_proba(rows)[:, 1]


def _checked(scores: np.ndarray) -> np.ndarray:
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError(f"the model gave {scores[0]!r}, which is no probability")
    return scores
