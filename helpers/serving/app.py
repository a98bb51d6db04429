"""The web service. `create_app()` builds it; nothing is read or opened when this is imported."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException, Path, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from .decisions import Decide, Purchase, approve_all
from .ledger import KeyReused, Ledger, Payment, VoucherUsed
from .limit import BodyLimit
from .metrics import Metrics
from .observe import Observe
from .pricing import Price, Voucher, VoucherRefused, price
from .problems import answer_problems, documented
from .schemas import (
    Basket,
    BasketWithVoucher,
    Health,
    PaymentRequest,
    Quote,
    Receipt,
    Version,
)
from .settings import Settings

STATUS = {"approve": "approved", "decline": "declined", "review": "review"}
IdempotencyKey = Annotated[str, Header(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


def create_app(
    settings: Settings | None = None, decide: Decide = approve_all, metrics: Metrics | None = None
) -> FastAPI:
    """Build the service.

    settings: read from the environment where they are left out. decide: says of each payment
    whether it goes through. metrics: where a decider counts something too, the same metrics.

    Its state has `ready`, which /readyz answers by, and `ledger`, open between start and stop.
    """
    settings = settings or Settings()
    metrics = metrics or Metrics(settings.version)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.ledger = Ledger(settings.ledger)
        # A payment waits for the disk in this thread; all else is served meanwhile.
        with ThreadPoolExecutor(1, "ledger") as app.state.writer:
            app.state.health = "ok"
            yield
            app.state.health = "draining"
        app.state.ledger.close()

    app = FastAPI(
        title="Corner checkout",
        version=settings.version,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.health = "starting"
    app.state.settings, app.state.metrics, app.state.decide = settings, metrics, decide
    app.add_middleware(BodyLimit, limit=settings.body_limit)
    app.add_middleware(Observe, metrics=metrics, version=settings.version)
    answer_problems(app)
    add_routes(app)
    return app


def add_routes(app: FastAPI) -> None:
    """What the service answers, and which refusals each answer knows."""
    body = (400, 413, 415, 422)
    app.post("/basket/price", responses=documented(*body))(price_basket)
    app.post("/basket/voucher", responses=documented(*body, 404, 409, 503))(apply_voucher)
    repeated = {200: {"model": Receipt, "description": "This payment was taken before"}}
    app.post("/payments", status_code=201, responses=repeated | documented(*body, 404, 409, 503))(
        take_payment
    )
    app.get("/payments/{payment_id}", responses=documented(404, 422, 503))(show_payment)

    app.get("/healthz")(is_alive)
    waiting = {503: {"model": Health, "description": "Not ready"}}
    app.get("/readyz", responses=waiting)(is_ready)
    app.get("/version")(show_version)
    app.get("/metrics", response_class=PlainTextResponse)(show_metrics)


async def price_basket(basket: Basket) -> Quote:
    """What the basket costs."""
    return Quote.of(price(basket.lines()))


async def apply_voucher(basket: BasketWithVoucher, request: Request) -> Quote:
    """What the basket costs with the voucher, which is not used up by asking."""
    voucher = _voucher(request, basket.voucher)
    if request.app.state.ledger.is_used(voucher.code, basket.customer_id):
        raise HTTPException(409, f"Voucher {voucher.code} is used up for this customer.")
    return Quote.of(_price(basket, voucher))


async def take_payment(
    sent: PaymentRequest, idempotency_key: IdempotencyKey, request: Request, response: Response
) -> Receipt:
    """Take a payment, once for each Idempotency-Key, however often the till asks."""
    state = request.app.state
    fingerprint = _fingerprint(sent)
    try:
        taken = state.ledger.repeated(idempotency_key, fingerprint)
        if taken is None:
            new = await _decided(sent, idempotency_key, fingerprint, request)
            taken = await _kept(new, request)
            if taken is new:
                state.metrics.paid(taken.status, taken.amount_cents)
                return Receipt.of(taken)
    except (KeyReused, VoucherUsed) as error:
        raise HTTPException(409, str(error)) from None
    response.status_code = 200
    return Receipt.of(taken)


async def show_payment(
    payment_id: Annotated[str, Path(max_length=64)], request: Request
) -> Receipt:
    """A payment that was taken."""
    payment = request.app.state.ledger.find(payment_id)
    if payment is None:
        raise HTTPException(404, "There is no payment with this id.")
    return Receipt.of(payment)


async def is_alive() -> Health:
    """Liveness: the process answers. Where it does not, restart it."""
    return Health(status="ok")


async def is_ready(request: Request, response: Response) -> Health:
    """Readiness: send it requests. 503 while it starts and while it drains."""
    health = request.app.state.health
    response.status_code = 200 if health == "ok" else 503
    return Health(status=health)


async def show_version(request: Request) -> Version:
    """The version that answers."""
    return Version(version=request.app.state.settings.version)


async def show_metrics(request: Request) -> Response:
    """The counters, in Prometheus' text format."""
    return Response(
        generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST
    )


def _voucher(request: Request, code: str) -> Voucher:
    voucher = request.app.state.settings.voucher(code)
    if voucher is None:
        raise HTTPException(404, f"There is no voucher {code}.")
    return voucher


def _price(basket: Basket, voucher: Voucher | None) -> Price:
    try:
        return price(basket.lines(), voucher)
    except VoucherRefused as error:
        raise HTTPException(409, str(error)) from None


async def _decided(sent: PaymentRequest, key: str, fingerprint: str, request: Request) -> Payment:
    """The payment that was asked for, priced and decided, not yet kept."""
    voucher = _voucher(request, sent.voucher) if sent.voucher else None
    purchase = Purchase(
        payment_id=uuid.uuid4().hex,
        customer_id=sent.customer_id,
        terminal_id=sent.terminal_id,
        amount_cents=_price(sent, voucher).total_cents,
        taken_at=int(time.time()) if sent.taken_at is None else sent.taken_at,
    )
    decision = request.app.state.decide(purchase)
    if isawaitable(decision):
        decision = await decision
    return Payment(
        payment_id=purchase.payment_id,
        idempotency_key=key,
        fingerprint=fingerprint,
        customer_id=purchase.customer_id,
        terminal_id=purchase.terminal_id,
        amount_cents=purchase.amount_cents,
        taken_at=purchase.taken_at,
        voucher=sent.voucher,
        status=STATUS[decision.verdict],
        reason=decision.reason,
        score=decision.score,
        decided_by=decision.by,
    )


async def _kept(payment: Payment, request: Request) -> Payment:
    state = request.app.state
    if not state.ledger.waits:
        return state.ledger.take(payment)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(state.writer, state.ledger.take, payment)


def _fingerprint(sent: PaymentRequest) -> str:
    """A digest of all that was sent, the card's token too, which cannot be read back from it."""
    text = f"{sent.model_dump_json()} {sent.card_token.get_secret_value()}"
    return hashlib.sha256(text.encode()).hexdigest()
