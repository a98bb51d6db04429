"""What a new policy would earn, told from the log of an old one.

The log holds, for each choice, the reward that came and the propensity: the probability with which
the old policy made that choice. `target` is the probability with which the new policy would have
made the same choice in the same place. Weighting by target / propensity makes the log look as if
the new policy had written it, as long as the old one gave a chance to all that the new one shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """An estimated mean reward of a choice and its interval; effective: how many choices it uses.

    A log of 10,000 choices may be worth 200: (sum of weights) ** 2 / sum of squared weights
    (Kish, 1965).
    """

    value: float
    low: float
    high: float
    effective: float

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


def ips(reward, propensity, target, level: float = 0.95) -> Estimate:
    """Inverse propensity scoring: the mean of weight times reward.

    Unbiased; a few large weights make it wild. Horvitz and Thompson (1952), JASA 47, 663-685;
    for bandits Li, Chu, Langford and Wang (2011), WSDM. The interval is that of a mean.

    Raises ValueError for arrays of different or no length, a propensity outside (0, 1], a target
    outside 0 to 1.
    """
    reward, weight = _weighed(reward, propensity, target)
    return _mean(weight * reward, weight, level)


def snips(reward, propensity, target, level: float = 0.95) -> Estimate:
    """Self-normalised inverse propensity scoring: a weighted mean of the rewards.

    Hardly biased, and calmer than `ips`: it cannot leave the range of the rewards. Swaminathan and
    Joachims (2015), "The self-normalized estimator for counterfactual learning", NIPS. The
    interval is by the delta method, as for a ratio of means. Raises ValueError as `ips` does, and
    where the new policy would have made none of the choices.
    """
    reward, weight = _weighed(reward, propensity, target)
    if not weight.any():
        raise ValueError("the new policy would have made none of the logged choices")
    value = weight @ reward / weight.sum()
    spread = weight * (reward - value) / weight.mean()
    return _around(float(value), spread, weight, level)


def doubly_robust(reward, propensity, target, predicted, expected, level: float = 0.95) -> Estimate:
    """Doubly robust: what a model predicts, put right by the weighted errors that the log shows.

    predicted: the model's reward for the logged choice. expected: its mean reward under the new
    policy, the sum over choices of target probability times prediction. It is right where either
    the propensities or the predictions are, and calm where the predictions are good; the model
    must not have learned from these very rows. Dudík, Langford and Li (2011), ICML.

    Raises ValueError as `ips` does.
    """
    reward, weight = _weighed(reward, propensity, target)
    predicted, expected = _same(len(reward), predicted), _same(len(reward), expected)
    return _mean(expected + weight * (reward - predicted), weight, level)


def _weighed(reward, propensity, target) -> tuple[np.ndarray, np.ndarray]:
    reward = np.asarray(reward, dtype=float)
    if reward.ndim != 1 or not len(reward):
        raise ValueError(f"rewards are wanted, one for each choice, not shape {reward.shape}")
    propensity, target = _same(len(reward), propensity), _same(len(reward), target)
    if not ((propensity > 0) & (propensity <= 1)).all():
        raise ValueError("each propensity must be above 0 and at most 1")
    if not ((target >= 0) & (target <= 1)).all():
        raise ValueError("each target probability must lie between 0 and 1")
    return reward, target / propensity


def _same(count: int, values) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if values.shape != (count,):
        raise ValueError(f"{count} choices want as many values, not an array of {values.shape}")
    return values


def _mean(terms: np.ndarray, weight: np.ndarray, level: float) -> Estimate:
    return _around(float(terms.mean()), terms - terms.mean(), weight, level)


def _around(value: float, spread: np.ndarray, weight: np.ndarray, level: float) -> Estimate:
    """value, with the interval of a mean whose terms lie `spread` around it."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level!r}")
    count, squares = len(spread), float(weight @ weight)
    error = np.sqrt(spread @ spread / max(count - 1, 1) / count)
    half = NormalDist().inv_cdf((1 + level) / 2) * error
    effective = float(weight.sum()) ** 2 / squares if squares else 0.0
    return Estimate(value, float(value - half), float(value + half), effective)
