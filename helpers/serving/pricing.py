"""What a basket costs. Pure functions on whole cents: no clock, no file, no network.

Money is an integer number of cents. A float cannot hold 0.10 exactly, so sums of floats drift by
a cent; an integer never does.

The rounding rule: lines are exact, since price and quantity are whole numbers. A percentage is
taken once, from the basket's subtotal, and half a cent or more of discount becomes a whole one,
in the customer's favour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


class VoucherRefused(ValueError):
    """The voucher does not apply to this basket; the message says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a basket: what it is, its price in cents for one piece, how many."""

    sku: str
    unit_price_cents: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Voucher:
    """A discount. kind "percent": `value` is 1 to 100; kind "amount": `value` is in cents.

    minimum_cents: the subtotal from which on the voucher counts.
    """

    code: str
    kind: Literal["percent", "amount"]
    value: int
    minimum_cents: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """What a basket costs, in cents; the total is the subtotal less the discount."""

    subtotal_cents: int
    discount_cents: int = 0

    @property
    def total_cents(self) -> int:
        """What the customer pays."""
        return self.subtotal_cents - self.discount_cents


def subtotal(items: Iterable[Item]) -> int:
    """The sum of all lines in cents, before any discount."""
    return sum(item.unit_price_cents * item.quantity for item in items)


def discount(subtotal_cents: int, voucher: Voucher) -> int:
    """What the voucher takes off, in cents: at most the subtotal, never less than nothing.

    Raises VoucherRefused where the subtotal does not reach the voucher's minimum.
    """
    if subtotal_cents < voucher.minimum_cents:
        raise VoucherRefused(
            f"Voucher {voucher.code} needs a basket of {voucher.minimum_cents} cents or more; "
            f"this one is {subtotal_cents}."
        )
    if voucher.kind == "percent":
        return percentage(subtotal_cents, voucher.value)
    return min(voucher.value, subtotal_cents)


def percentage(cents: int, percent: int) -> int:
    """That percentage of an amount of cents, half a cent rounded up."""
    return (cents * percent + 50) // 100


def price(items: Iterable[Item], voucher: Voucher | None = None) -> Price:
    """Price a basket. Raises VoucherRefused where the voucher does not apply to it."""
    before = subtotal(items)
    return Price(before, discount(before, voucher) if voucher else 0)
