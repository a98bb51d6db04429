"""Behaviour tests of a model: change an input in a way whose effect is known, and look.

Three kinds. *Invariance*: a change that must not matter. *Direction*: a change that may move the
score one way only. *Minimum functionality*: simple cases that any usable model gets right.

Source of the idea and its three names: Ribeiro, Wu, Guestrin, Singh, "Beyond accuracy: behavioral
testing of NLP models with CheckList", ACL 2020, https://aclanthology.org/2020.acl-main.442/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from .asking import ask

Kind = Literal["invariance", "direction", "minimum functionality"]
Holds = Callable[[np.ndarray, np.ndarray, float], np.ndarray]


@dataclass(frozen=True)
class Behaviour:
    """One expectation of a model.

    name: what is expected, in words; change: makes the changed rows of features from the rows as
    they are; holds: from the scores before and after and the alarm threshold, whether each row is
    as expected; allowed: the share of rows that may be otherwise.
    """

    name: str
    kind: Kind
    change: Callable[[pd.DataFrame], pd.DataFrame]
    holds: Holds
    allowed: float = 0.0


def invariance(name: str, change: Callable, by: float = 0.05, allowed: float = 0.0) -> Behaviour:
    """The score must not move by more than `by`."""
    return Behaviour(name, "invariance", change, lambda b, a, _: np.abs(a - b) <= by, allowed)


def not_lower(name: str, change: Callable, by: float = 0.05, allowed: float = 0.0) -> Behaviour:
    """The score may rise; it must not fall by more than `by`."""
    return Behaviour(name, "direction", change, lambda b, a, _: a >= b - by, allowed)


def alarms(name: str, change: Callable, allowed: float = 0.0) -> Behaviour:
    """Each changed row must raise an alarm."""
    holds: Holds = lambda _, after, threshold: after >= threshold  # noqa: E731
    return Behaviour(name, "minimum functionality", change, holds, allowed)


def stays_quiet(name: str, change: Callable, allowed: float = 0.0) -> Behaviour:
    """No changed row may raise an alarm."""
    holds: Holds = lambda _, after, threshold: after < threshold  # noqa: E731
    return Behaviour(name, "minimum functionality", change, holds, allowed)


def violations(
    model: Any, X: pd.DataFrame, threshold: float, behaviours: Sequence[Behaviour]
) -> pd.DataFrame:
    """For each behaviour the share of rows that break it; index: its name.

    Columns: kind, share, allowed. A score of at least `threshold` is an alarm. Raises NoScores
    where the model does not answer.
    """
    before = ask(model, X)
    rows = {
        one.name: {
            "kind": one.kind,
            "share": float(1 - one.holds(before, ask(model, one.change(X)), threshold).mean()),
            "allowed": one.allowed,
        }
        for one in behaviours
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def dearer(X: pd.DataFrame, to: float = 300.0) -> pd.DataFrame:
    """Each payment at an amount above Corner's limit of 220; the customer's means follow."""
    changed = {"amount": to}
    for days in (1, 7, 30):
        count = X[f"customer_count_{days}d"]
        mean = X[f"customer_mean_{days}d"] + (to - X["amount"]) / count
        changed[f"customer_mean_{days}d"] = mean
    return X.assign(**changed)


def riskier_till(X: pd.DataFrame) -> pd.DataFrame:
    """The till's labels of the last days as they are, but half of them fraud at the least."""
    names = [f"terminal_risk_{days}d" for days in (1, 7, 30)]
    seen = {name: X[name.replace("risk", "count")] > 0 for name in names}
    return X.assign(**{name: X[name].mask(seen[name], X[name].clip(lower=0.5)) for name in names})


def a_cent_more(X: pd.DataFrame) -> pd.DataFrame:
    """Each payment a hundredth of the money's unit dearer: nothing that matters."""
    return X.assign(amount=X["amount"] + 0.01)


def everyday(X: pd.DataFrame) -> pd.DataFrame:
    """A customer's usual 20, by day, at a till of which nothing bad is known."""
    risk = {f"terminal_risk_{days}d": 0.0 for days in (1, 7, 30)}
    mean = {f"customer_mean_{days}d": 20.0 for days in (1, 7, 30)}
    return X.assign(amount=20.0, is_night=0, **risk, **mean)


BEHAVIOURS = (
    invariance("a cent more changes nothing", a_cent_more, allowed=0.01),
    not_lower("a riskier till never lowers the score", riskier_till, allowed=0.01),
    alarms("every payment above 220 is an alarm", dearer, allowed=0.01),
    stays_quiet("an everyday payment is none", everyday, allowed=0.01),
)
