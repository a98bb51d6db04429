"""May this payment go through? The place where a fraud model is plugged in later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["approve", "decline", "review"]


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is known of a payment when it has to be decided. taken_at: Unix seconds, UTC."""

    payment_id: str
    customer_id: int
    terminal_id: int
    amount_cents: int
    taken_at: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict, the reason in words, and who gave it.

    "review" lets the payment through and asks a person to look at it. score: how suspicious,
    0 to 1, where the decider gives one. by: a rule's name, or a model's version.
    """

    verdict: Verdict
    reason: str
    score: float | None = None
    by: str = "no check"


# Called for each new payment, perhaps twice where a till repeats itself at the same moment. While
# a plain function decides, no other request is served; one that takes its time is to be async.
Decide = Callable[[Purchase], Decision | Awaitable[Decision]]


def approve_all(purchase: Purchase) -> Decision:
    """The decision of a service without a fraud model."""
    return Decision("approve", "no fraud check is installed")
