"""One payment, decided: features, a model's score, the cheapest verdict; or the rule instead."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor

from helpers.payments import Costs
from helpers.serving.decisions import Decision, Purchase
from helpers.serving.fraud.breaker import Breaker
from helpers.serving.fraud.counters import Counters
from helpers.serving.fraud.log import DecisionLog, Entry
from helpers.serving.fraud.memory import Memory
from helpers.serving.fraud.policy import cheapest, rule
from helpers.serving.fraud.release import Release
from helpers.serving.fraud.scorer import Judged, Scorer
from helpers.serving.fraud.settings import FraudSettings

WORKERS = 4  # a slow model may hold some threads while the rule takes over
SAID = {
    "no model": "no model is loaded",
    "slow": "the model took too long",
    "failed": "the model failed",
    "resting": "the model failed and rests",
    "late": "the payment came more than an hour late",
    "ahead": "the till's clock is more than an hour ahead",
}
log = logging.getLogger("checkout.fraud")


class Decider:
    """Decides payments for the checkout service. Nothing that a model does stops a sale."""

    def __init__(
        self,
        settings: FraudSettings,
        release: Release,
        memory: Memory,
        decisions: DecisionLog,
        counters: Counters,
        costs: Costs,
    ) -> None:
        self._settings, self._release, self._memory = settings, release, memory
        self._log, self._counters, self._costs = decisions, counters, costs
        self._breakers: dict[int, Breaker] = {}
        self._pool = ThreadPoolExecutor(WORKERS, "model")

    async def __call__(self, purchase: Purchase) -> Decision:
        """The decision: a model's where one answers in time, else the rule's."""
        begun = time.perf_counter()
        row = self._memory.features(purchase)
        self._took("features", begun)
        if isinstance(row, str):
            return self._by_rule(purchase, row)
        scorer, shadow = self._release.slots.of(purchase.customer_id)
        if scorer is None:
            return self._by_rule(purchase, "no model")
        judged = await self._judged(scorer, row)
        if isinstance(judged, str):
            return self._by_rule(purchase, judged)
        verdict = cheapest(judged.score, purchase.amount_cents / 100, self._costs)
        opinion = (scorer.version, judged.score, verdict, judged.reason)
        self._log.note(Entry(purchase, row, opinion, shadow))
        by = f"{self._settings.model} {scorer.version}"
        self._counters.decisions.labels(by, verdict).inc()
        self._counters.score.observe(judged.score)
        return Decision(verdict, judged.reason, judged.score, by)

    def close(self) -> None:
        """Let the threads go; one that still waits for a slow model is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _judged(self, scorer: Scorer, row: list[float]) -> Judged | str:
        """What the model says, or why it says nothing."""
        breaker = self._breaker_of(scorer)
        if breaker.resting():
            return "resting"
        begun = time.perf_counter()
        try:
            judged = await self._asked(scorer, row)
        except TimeoutError:
            breaker.went(well=False)
            return "slow"
        except Exception:
            log.exception("the model failed", extra={"fields": {"version": scorer.version}})
            breaker.went(well=False)
            return "failed"
        breaker.went(well=True)
        self._took("model", begun)
        return judged

    async def _asked(self, scorer: Scorer, row: list[float]) -> Judged:
        """What the model says, within the time limit; raises what the model raises."""
        if scorer.quick:  # to hand it to a thread would take longer than the score
            return scorer.judge(row)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._settings.timeout):
            return await loop.run_in_executor(self._pool, scorer.judge, row)

    def _breaker_of(self, scorer: Scorer) -> Breaker:
        breaker = self._breakers.get(scorer.version)
        if breaker is None:  # another version starts afresh
            breaker = Breaker(self._settings.failures, self._settings.rest)
            self._breakers[scorer.version] = breaker
        return breaker

    def _by_rule(self, purchase: Purchase, why: str) -> Decision:
        decision = rule(purchase.amount_cents, SAID[why], self._settings.rule_above)
        self._counters.rule.labels(why).inc()
        self._counters.decisions.labels("rule", decision.verdict).inc()
        return decision

    def _took(self, part: str, begun: float) -> None:
        self._counters.seconds.labels(part).observe(time.perf_counter() - begun)
