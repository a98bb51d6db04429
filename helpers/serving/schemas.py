"""What the tills send and what they get back. Whatever does not fit is refused with a 422.

Whole numbers are strict: "5" and true are not 5, but 5.0 is, since JSON knows one kind of number.
Unknown fields are refused too, so that a till with a typing error learns of it. Amounts are in
cents.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from .ledger import Payment
from .pricing import Item, Price

BIGGEST_ID = 2**53 - 1  # the largest whole number that every JSON reader keeps exact


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
Id = Annotated[int, Field(strict=True, ge=0, le=BIGGEST_ID), WHOLE]
VoucherCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{3,20}$", examples=["WELCOME10"])]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BasketItem(_Sent):
    """One line of a basket."""

    sku: Annotated[str, Field(min_length=1, max_length=40, examples=["oat-milk"])]
    unit_price_cents: Annotated[int, Field(strict=True, ge=0, le=10_000_00, examples=[199]), WHOLE]
    quantity: Annotated[int, Field(strict=True, ge=1, le=999), WHOLE] = 1


class Basket(_Sent):
    """One to a hundred lines."""

    items: Annotated[list[BasketItem], Field(min_length=1, max_length=100)]

    def lines(self) -> list[Item]:
        """The basket as pricing knows it."""
        return [Item(item.sku, item.unit_price_cents, item.quantity) for item in self.items]


class BasketWithVoucher(Basket):
    """A basket, a voucher for it, and the customer whose voucher it is."""

    voucher: VoucherCode
    customer_id: Id


class PaymentRequest(Basket):
    """A basket to be paid at a till.

    card_token: stands for the card; the till got it from the card's reader, and neither the till
    nor this service ever sees a card's number. taken_at: when the customer paid, Unix seconds
    UTC, for a till that was without network; left out, it is now.
    """

    customer_id: Id
    terminal_id: Id
    card_token: Annotated[SecretStr, Field(min_length=8, max_length=64)]
    voucher: VoucherCode | None = None
    taken_at: Annotated[int, Field(strict=True, ge=0, le=4_102_444_800), WHOLE] | None = None


class Quote(BaseModel):
    """What a basket costs, in cents."""

    subtotal_cents: int
    discount_cents: int
    total_cents: int

    @classmethod
    def of(cls, price: Price) -> Quote:
        """The quote for a price."""
        return cls(
            subtotal_cents=price.subtotal_cents,
            discount_cents=price.discount_cents,
            total_cents=price.total_cents,
        )


class Receipt(BaseModel):
    """A payment as the till sees it.

    status "review" is paid, too; a person looks at it later. score: how suspicious, 0 to 1.
    """

    payment_id: str
    customer_id: int
    terminal_id: int
    amount_cents: int
    taken_at: int
    voucher: str | None
    status: Literal["approved", "declined", "review"]
    reason: str
    score: float | None
    decided_by: str

    @classmethod
    def of(cls, payment: Payment) -> Receipt:
        """The receipt for a payment that was kept."""
        return cls.model_validate(payment, from_attributes=True)


class Version(BaseModel):
    """The version that runs."""

    version: str


class Health(BaseModel):
    """Whether the service lives, or is ready."""

    status: Literal["ok", "starting", "draining"]
