"""When to train anew: never, on a schedule, when the data drift, when the losses grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

WEEK = 7
LOOK = 28  # days that a policy looks back over
DRIFT = 0.25  # of the stability index: the customary line for "has shifted much"
WORSE = 3.0  # standard deviations


@dataclass(frozen=True)
class Desk:
    """What is known on a morning; a policy sees nothing else.

    day: its number, counted from the first day of the world. trained: the day of the last
    training. before: features of the payments that the present model was trained on. now: those of
    the last 28 days; of both only the nine that no decision moves. chargebacks: for each day up to
    this one, how many missed frauds became known.
    """

    day: int
    trained: int
    before: np.ndarray
    now: np.ndarray
    chargebacks: np.ndarray

    @property
    def since(self) -> int:
        """Days since the last training."""
        return self.day - self.trained


Policy = Callable[[Desk], bool]


def never(desk: Desk) -> bool:
    """Keep the model as it is."""
    return False


def every(days: int) -> Policy:
    """Train when the model is `days` old. Raises ValueError for less than one day."""
    if days < 1:
        raise ValueError(f"days must be 1 or more, not {days!r}")
    return lambda desk: desk.since >= days


def on_drift(limit: float = DRIFT) -> Policy:
    """Once a week, train where a feature's stability index is above `limit`.

    Not in the first 28 days of a model, so that all payments compared are newer than it.
    """
    of_model: dict[int, list[Spread]] = {}  # kept, for the training payments are many

    def drifted(desk: Desk) -> bool:
        if desk.since < LOOK or desk.since % WEEK:
            return False
        if desk.trained not in of_model:
            of_model.clear()
            of_model[desk.trained] = [Spread(column) for column in desk.before.T]
        columns = zip(of_model[desk.trained], desk.now.T, strict=True)
        return any(before.moved(now) > limit for before, now in columns)

    return drifted


def on_performance(deviations: float = WORSE) -> Policy:
    """Once a week, train where chargebacks are clearly more than at the model's best.

    Chargebacks a day over 28 days are compared with the fewest since the model went to work; the
    line is `deviations` standard deviations of a count above it. This is the drift detection method
    of Gama, Medas, Castillo and Rodrigues, "Learning with Drift Detection", SBIA 2004, on a count
    in place of an error rate. A chargeback comes weeks after its payment, and so does the alarm.
    """

    def grew(desk: Desk) -> bool:
        if desk.since < 2 * LOOK or desk.since % WEEK:
            return False
        ends = range(desk.trained + 2 * LOOK, desk.day + 1, WEEK)
        counts = [desk.chargebacks[end - LOOK : end].sum() for end in ends]
        return counts[-1] > min(counts) + deviations * max(min(counts), 1) ** 0.5

    return grew


class Spread:
    """How one feature is spread over ten bins that hold a tenth each (fewer where values repeat).

    Raises ValueError where there are no values, here and in `moved`.
    """

    def __init__(self, before: np.ndarray):
        _require(before)
        self._inner = np.unique(np.quantile(before, np.arange(1, 10) / 10))
        self._shares = self._of(before)

    def moved(self, now: np.ndarray) -> float:
        """The population stability index of other values of this feature."""
        _require(now)
        shares = self._of(now)
        return float(((shares - self._shares) * np.log(shares / self._shares)).sum())

    def _of(self, values: np.ndarray) -> np.ndarray:
        places = np.searchsorted(self._inner, values)
        # A hair in each bin, so that an empty one has a logarithm.
        return np.bincount(places, minlength=len(self._inner) + 1) / len(values) + 1e-4


def stability(before: np.ndarray, now: np.ndarray) -> float:
    """The population stability index of one feature: 0 where both are spread alike.

    Summed over bins is the difference of shares times the logarithm of their ratio. Customary
    lines are 0.1 and 0.25. Raises ValueError where either is empty.

    Source: Yurdakul, "Statistical Properties of Population Stability Index", 2018,
    https://scholarworks.wmich.edu/dissertations/3208/.
    """
    return Spread(before).moved(now)


def _require(values: np.ndarray) -> None:
    if not len(values):
        raise ValueError("the stability index needs payments on both sides, and one side has none")
