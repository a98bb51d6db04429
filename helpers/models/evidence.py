"""What a release gate looks at: the candidate, the champion, the test, the bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .asking import ask
from .behaviour import BEHAVIOURS, Behaviour
from .robustness import DISTURBANCES, Change
from .slices import usual_slices

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# Changed inputs are tried on some payments, the same for every candidate.
ROWS_TO_CHANGE = 2_000  # by behaviour tests, which look at each payment
ROWS_TO_DISTURB = 30_000  # by disturbances, which count the alarms among them


@dataclass(frozen=True)
class Bounds:
    """What a candidate has to reach. Shares lie between 0 and 1."""

    average_precision: float = 0.5
    """At least so much."""
    loss: float = 0.03
    """The interval of the difference to the champion lies above minus this."""
    cards: int = 100
    """How many cards a day the investigators look at."""
    of_perfect: float = 0.5
    """At least this share of the compromised cards that a perfect ranking puts among them."""
    misplaced: float = 0.35
    """Calibration: at most so many frauds are promised too many or too few, as a share of all."""
    alarms: float = 0.01
    """Share of the payments that raise an alarm; it sets the threshold of what follows."""
    slice_recall: float = 0.4
    """At least this share of the frauds of any slice raises an alarm."""
    slice_frauds: int = 20
    """A slice with fewer frauds is not judged."""
    group_ratio: float = 1.5
    """Genuine payments of one group raise an alarm at most so many times as often as another's."""
    more_alarms: float = 3.0
    """A disturbed input makes at most so many times as many alarms."""
    milliseconds: float | None = None
    """Median time to score one payment; None leaves the check out, for it needs a quiet machine."""


@dataclass(frozen=True)
class Evidence:
    """All that the checks look at.

    payments: time, customer_id, amount, is_fraud; X: their features, with the same index. slices
    and groups: by name, a label for each payment.
    """

    candidate: Any
    champion: Any | None
    payments: pd.DataFrame
    X: pd.DataFrame
    bounds: Bounds = Bounds()
    slices: Mapping[str, ArrayLike] | None = None
    groups: Mapping[str, ArrayLike] = field(default_factory=dict)
    behaviours: Sequence[Behaviour] = BEHAVIOURS
    disturbances: Mapping[str, Change] = field(default_factory=lambda: DISTURBANCES)
    seed: int = 0

    @cached_property
    def scores(self) -> np.ndarray:
        """The candidate's; raises NoScores."""
        return ask(self.candidate, self.X)

    @cached_property
    def champion_scores(self) -> np.ndarray:
        """The champion's; raises NoScores."""
        return ask(self.champion, self.X)

    @property
    def is_fraud(self) -> np.ndarray:
        return self.payments["is_fraud"].to_numpy(dtype=bool)

    @cached_property
    def threshold(self) -> float:
        """The score from which on `bounds.alarms` of the payments raise an alarm."""
        return float(np.quantile(self.scores, 1 - self.bounds.alarms, method="higher"))

    @cached_property
    def judged_slices(self) -> Mapping[str, ArrayLike]:
        """The slices given, or the usual ones."""
        return usual_slices(self.payments, self.X) if self.slices is None else self.slices

    def some_rows(self, count: int) -> np.ndarray:
        """Places of `count` payments, or of all if there are fewer, chosen by the seed."""
        chosen = np.random.default_rng(self.seed).permutation(len(self.X))[:count]
        return np.sort(chosen)
