"""What the learner sets, and what things cost at Corner."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.payments import Costs

from .rules import RULES

COSTS = Costs()
FAILED = COSTS.wrong_decline  # money: a genuine payment that could not be made
TWICE = 10.0  # money: a customer who paid twice, is refunded and writes an angry letter
CURE = 100.0  # money: two people for an hour, whether there was a fault or not
TRAINING = 500.0  # money: one retraining, as in lesson 27

ALL_ALERTS = frozenset(rule.name for rule in RULES)
ROLLOUTS = ("all at once", "canary")


@dataclass(frozen=True)
class Settings:
    """A pipeline's settings. They can be changed on any morning of the year.

    gate: whether a new model has to pass it. alerts: names of the rules that are switched on.
    sensitivity: above 1 alarms come earlier and more often. runbooks: whether an alarm's cure is
    applied at once, without asking. retrain_every: days, 0 for never. reviews: payments that people
    look into on a day, at most. label_worth: money; by so much may a review cost more than it is
    expected to save, for the label that it brings (exploration, lesson 32). rollout: how a release
    goes out.

    Raises ValueError, naming the setting, for a value that makes no pipeline.
    """

    gate: bool = True
    alerts: frozenset[str] = field(default_factory=frozenset)
    sensitivity: float = 1.0
    runbooks: bool = True
    retrain_every: int = 60
    reviews: int = 20
    label_worth: float = 0.0
    rollout: str = "canary"

    def __post_init__(self) -> None:
        object.__setattr__(self, "alerts", frozenset(self.alerts))
        if unknown := sorted(self.alerts - ALL_ALERTS):
            raise ValueError(f"alerts are names of rules; there is no {unknown[0]!r}")
        if self.rollout not in ROLLOUTS:
            raise ValueError(f"rollout is one of {ROLLOUTS}, not {self.rollout!r}")
        if not self.sensitivity > 0:
            raise ValueError(f"sensitivity is above 0, not {self.sensitivity!r}")
        if not self.label_worth >= 0:
            raise ValueError(f"label_worth is 0 or more, not {self.label_worth!r}")
        for name in ("retrain_every", "reviews"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 0:
                raise ValueError(f"{name} is a whole number of 0 or more, not {value!r}")


NOTHING = Settings(gate=False, runbooks=False, retrain_every=0, rollout="all at once")


def reference() -> Settings:
    """The pipeline of the course's own lessons: every rule, the gate, a canary, runbooks.

    The worth of a label is half a review: labels come late, and each one helps the next training.
    """
    return Settings(alerts=ALL_ALERTS, label_worth=COSTS.review / 2)
