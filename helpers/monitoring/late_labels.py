"""How good is the model, while most labels are still on their way?

A fraud that the model found is known the next morning. One that it missed is known weeks later, by
chargeback. So what is known today flatters the model, always in the same direction. The delays of
older frauds say which part of the missed ones has arrived by now, and so how many are to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .windows import require_both_classes, require_in_order

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Recall:
    """The share of frauds that was found, as far as it is known at a moment; each from 0 to 1.

    so_far: of the frauds that are known; estimate: corrected for those to come; low, high: the
    interval around it. All NaN where no fraud is known.
    """

    so_far: float
    low: float
    estimate: float
    high: float


def chargeback_delays(payments: pd.DataFrame, at: str | pd.Timestamp, days: int) -> np.ndarray:
    """Delays, in days, of frauds that came by chargeback, of payments at least `days` old at `at`.

    Take as `days` the longest delay there is: among younger payments the slow ones are missing,
    and the delays would look shorter than they are. Columns: time, known_at, is_fraud, reviewed.
    Raises ValueError where there is none.
    """
    old = payments["time"] <= pd.Timestamp(at) - days * DAY
    came = payments[old & payments["is_fraud"] & ~payments["reviewed"]]
    if came.empty:
        raise ValueError(
            f"no chargeback of payments {days} days and more before {at}: wait, or ask"
        )
    return np.sort(((came["known_at"] - came["time"]) / DAY).to_numpy())


def arrived(delays: np.ndarray, ages: ArrayLike) -> np.ndarray:
    """The share of chargebacks that have come when a payment is so many days old."""
    return np.searchsorted(np.sort(delays), ages, side="right") / len(delays)


def still_to_come(known: int, share: float, level: float = 0.9) -> tuple[float, float, float]:
    """How many more will come, if `known` came and each comes by now with chance `share`.

    Gives low, middle and high: the interval with probability `level`, and the mean. With every
    total held equally likely beforehand, the number to come is negative binomial, whether frauds
    come in clusters or not. Raises ValueError for a share outside 0 to 1, or of 0.
    """
    from scipy.stats import nbinom

    if not 0 < share <= 1:
        raise ValueError(
            f"share is above 0 and at most 1, not {share!r}: nothing can have come yet"
        )
    more = nbinom(known + 1, share)
    low, high = more.interval(level)
    return float(low), float(more.mean()), float(high)


def recall_known(
    payments: pd.DataFrame, at: str | pd.Timestamp, delays: np.ndarray, level: float = 0.9
) -> Recall:
    """Recall of the reviews among `payments`, from nothing but what is known at the moment `at`.

    Columns: time (in order), known_at, is_fraud, reviewed. It rests on one assumption: that missed
    frauds of today are disputed as fast as those of before (`delays`, in days).

    Raises ValueError for no payments, for times out of order, and where `at` lies before the last.
    Source of the idea: Lawless, "Adjustments for reporting delays and the prediction of occurred
    but not reported events", Canadian Journal of Statistics 22(1), 1994.
    """
    if payments.empty:
        raise ValueError("there are no payments in this window")
    require_in_order(payments["time"])
    at = pd.Timestamp(at)
    if payments["time"].iloc[-1] > at:
        raise ValueError(f"the window ends after {at}: its last payments have not happened yet")
    fraud = payments["is_fraud"] & (payments["known_at"] <= at)
    found = int((fraud & payments["reviewed"]).sum())
    missed = int((fraud & ~payments["reviewed"]).sum())
    if found + missed == 0:
        return Recall(*[float("nan")] * 4)
    share = float(arrived(delays, (at - payments["time"]) / DAY).mean())
    if share == 0:
        return Recall(found / (found + missed), 0.0, float("nan"), 1.0)
    few, middle, many = (found + missed + more for more in still_to_come(missed, share, level))
    return Recall(found / (found + missed), found / many, found / middle, found / few)


def expected_recall(probability: ArrayLike, reviewed: ArrayLike) -> float:
    """Recall without any label: the expected frauds among the reviewed, over all expected frauds.

    `probability` is calibrated: of payments with 0.1 one in ten is fraud. This is confidence-based
    performance estimation; it assumes that what a payment of a given kind *is* has not changed. It
    follows a change of data and is blind to a change of concept.

    Raises ValueError for a NaN, a number outside 0 to 1, or no expected fraud at all.
    Source: NannyML, https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html
    """
    probability = np.asarray(probability, dtype=float)
    if np.isnan(probability).any() or ((probability < 0) | (probability > 1)).any():
        raise ValueError("a probability is a number from 0 to 1; one is missing or lies outside")
    if probability.sum() == 0:
        raise ValueError("no fraud is expected at all, so there is no recall")
    return float(probability[np.asarray(reviewed, dtype=bool)].sum() / probability.sum())


def precision_recall(is_fraud: pd.Series, reviewed: pd.Series) -> tuple[float, float]:
    """Precision and recall of the reviews once every label is there: the truth, weeks later.

    Raises ValueError where the labels are of one class.
    """
    require_both_classes(is_fraud)
    found = (is_fraud & reviewed).sum()
    return float(found / max(reviewed.sum(), 1)), float(found / is_fraud.sum())
