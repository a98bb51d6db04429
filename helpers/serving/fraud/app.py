"""The checkout service with the fraud model behind it: the plain app, extended."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from math import nan
from typing import Annotated

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field

from helpers.payments import Costs
from helpers.serving.app import create_app
from helpers.serving.fraud.carried import Carried
from helpers.serving.fraud.counters import Counters
from helpers.serving.fraud.decider import Decider
from helpers.serving.fraud.kept import Kept
from helpers.serving.fraud.log import DecisionLog
from helpers.serving.fraud.memory import Memory
from helpers.serving.fraud.release import Release
from helpers.serving.fraud.settings import FraudSettings
from helpers.serving.ledger import Ledger, Payment
from helpers.serving.metrics import Metrics
from helpers.serving.problems import documented
from helpers.serving.settings import Settings

FILE = "fraud.sqlite"


class LabelSent(BaseModel):
    """What became known about a payment. known_at: Unix seconds; left out, it is now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    payment_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    is_fraud: Annotated[bool, Field(strict=True)]
    known_at: Annotated[int, Field(strict=True, ge=0, le=4_102_444_800)] | None = None


class Models(BaseModel):
    """Which versions serve, the challenger's share, and what went wrong at the last look."""

    champion: int | None
    challenger: int | None
    share: float
    swaps: int
    problem: str | None


class Watched:
    """The ledger, and somebody who is told of each new payment that it has kept.

    Windows count what was kept and nothing else: a till that asks twice at the same moment gets
    two decisions and one payment.
    """

    def __init__(self, ledger: Ledger, tell: Callable[[Payment], None]) -> None:
        self._ledger, self._tell = ledger, tell

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def take(self, payment: Payment) -> Payment:
        """Keep a payment as the ledger does, then tell of it if it is new."""
        kept = self._ledger.take(payment)
        if kept is payment:
            self._tell(kept)
        return kept


def create_fraud_app(
    settings: Settings | None = None,
    fraud: FraudSettings | None = None,
    release: Release | Carried | None = None,
    costs: Costs | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """Build the service with its model.

    settings, fraud: read from the environment where they are left out. release: where the models
    come from; left out, it is the registry, or the folder that `fraud` names. costs: what
    decisions cost. clock: seconds since 1970.
    """
    settings, fraud = settings or Settings(), fraud or FraudSettings()
    metrics = Metrics(settings.version)
    counters = Counters(metrics.registry)
    release = release or _release(fraud)
    store = str(_made(fraud) / FILE) if fraud.folder else ":memory:"
    app = create_app(settings, _not_yet, metrics)
    plain = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with plain(app):
            app.state.health = "starting"
            state = app.state
            state.memory = Memory(settings.ledger, store, counters, clock, fraud.shared)
            state.ledger = Watched(state.ledger, state.memory.take)
            state.log = DecisionLog(store, costs or Costs(), counters)
            state.decide = Decider(
                fraud, release, state.memory, state.log, counters, costs or Costs()
            )
            await _refreshed(app)
            watching = asyncio.create_task(_watch(app, fraud.every))
            state.health = "ok"
            yield
            watching.cancel()
            state.decide.close()
            state.log.close()
            state.memory.close()

    app.router.lifespan_context = lifespan
    app.state.release, app.state.counters = release, counters
    app.post("/fraud/labels", responses=documented(400, 413, 415, 422, 503))(take_labels)
    app.get("/fraud/models")(show_models)
    app.post("/fraud/models/refresh")(refresh_models)
    app.post("/fraud/log/flush", status_code=204)(flush_log)
    return app


async def take_labels(
    labels: Annotated[list[LabelSent], Field(max_length=10_000)], request: Request
) -> dict[str, int]:
    """Take labels; the answer counts how many were taken, repeated, late, or of no payment."""
    return await asyncio.to_thread(_learn, request.app, labels)


async def show_models(request: Request) -> Models:
    """The models that serve."""
    release = request.app.state.release
    slots = release.slots
    versions = [one and one.version for one in (slots.champion, slots.challenger)]
    return Models(
        champion=versions[0],
        challenger=versions[1],
        share=slots.share,
        swaps=release.swaps,
        problem=release.problem,
    )


async def refresh_models(request: Request) -> Models:
    """Look into the registry now and take over what is new there."""
    await _refreshed(request.app)
    return await show_models(request)


async def flush_log(request: Request) -> None:
    """Wait until the log of decisions holds all that was decided so far."""
    await asyncio.to_thread(request.app.state.log.flush)


def _learn(app: FastAPI, labels: list[LabelSent]) -> dict[str, int]:
    counts: Counter[str] = Counter({how: 0 for how in ("taken", "repeated", "late", "unknown")})
    found = []
    for label in labels:
        payment = app.state.ledger.find(label.payment_id)
        if payment is None:
            counts["unknown"] += 1
        else:
            found.append((payment, label.is_fraud, label.known_at))
    counts.update(app.state.memory.learn(found))
    return dict(counts)


async def _refreshed(app: FastAPI) -> None:
    release, counters = app.state.release, app.state.counters
    slots = await asyncio.to_thread(release.refresh)
    for role, scorer in (("champion", slots.champion), ("challenger", slots.challenger)):
        counters.version.labels(role).set(scorer.version if scorer else 0)
    counters.registered.set(slots.champion.registered if slots.champion else nan)
    counters.share.set(slots.share)
    counters.swaps.set(release.swaps)
    counters.registry_up.set(release.problem is None)


async def _watch(app: FastAPI, every: float) -> None:
    while every:
        await asyncio.sleep(every)
        await _refreshed(app)


def _release(fraud: FraudSettings) -> Release | Carried:
    if fraud.carried:
        return Carried(fraud.carried)
    return Release(fraud.model, Kept(_made(fraud)) if fraud.folder else None)


async def _not_yet(purchase: object) -> None:
    raise RuntimeError("a payment came before the service had started")


def _made(fraud: FraudSettings):
    assert fraud.folder is not None
    fraud.folder.mkdir(parents=True, exist_ok=True)
    return fraud.folder
