"""The models: trained, judged by the gate, released; and what went live on which day."""

from __future__ import annotations

from typing import Any

from .catalogue import Fault
from .shop import Shop
from .training import Verdict, candidate, judge
from .world import START


class Registry:
    """Brings models live. Days are counted from the first day of the year.

    verdicts: what the gate found, by day. deployments: day, what went live, and whether it was bad.
    trained: the day of the last training.
    """

    def __init__(self, shop: Shop) -> None:
        self.verdicts: list[tuple[int, Verdict]] = []
        self.deployments: list[tuple[int, str, bool]] = []
        self.trained = 0
        self._shop = shop

    @property
    def day(self) -> int:
        """Today."""
        return self._shop.day - START

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
        self.deployments.append((self.day, "model", False))
        return True
