"""The models: trained, judged by the gate, released; and what went live on which day."""

from __future__ import annotations

from typing import Any, NamedTuple

from .catalogue import Fault
from .shop import Shop
from .training import Verdict, candidate, judge
from .world import START

AT_ONCE = ("model", "rollback")  # the gate has judged the one, the other is known to work


class Deployment(NamedTuple):
    """What went live: the day, its name, whether it was bad, the day on which all customers met it.

    Days are counted from the first day of the year.
    """

    day: int
    name: str
    failed: bool
    for_all: int


class Registry:
    """Brings models live. Days are counted from the first day of the year.

    verdicts: what the gate found, by day. deployments: what went live. trained: the day of the last
    training.
    """

    def __init__(self, shop: Shop) -> None:
        self.verdicts: list[tuple[int, Verdict]] = []
        self.deployments: list[Deployment] = []
        self.trained = 0
        self._shop = shop

    @property
    def day(self) -> int:
        """Today."""
        return self._shop.day - START

    def deploy(self, name: str, failed: bool = False) -> None:
        """Put on record what goes live today: at once, or after a day on the canary."""
        waits = self._shop.settings.rollout == "canary" and name not in AT_ONCE
        self.deployments.append(Deployment(self.day, name, failed, self.day + waits))

    def retrain(self) -> bool:
        """Train on what is known today; gives whether the new model went live."""
        self.trained = self.day
        return self._release(candidate(self._shop))

    def offer(self, fault: Fault) -> bool:
        """Somebody brings a spoilt model; gives whether it went live, the champion kept aside."""
        champion = self._shop.model
        live = self._release(candidate(self._shop, fault))
        if live:
            self._shop.previous = champion
            self._shop.put(fault)
        return live

    def _release(self, model: Any) -> bool:
        """Put a model live if it passes the gate, or where there is none."""
        if self._shop.settings.gate:
            verdict = judge(self._shop, model)
            self.verdicts.append((self.day, verdict))
            if not verdict.passed:
                return False
        self._shop.release(model)
        self._shop.previous = None
        self.deploy("model")
        return True
