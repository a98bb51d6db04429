"""What a part of the shop is given back when a fault is taken out of it."""

from __future__ import annotations

from .machine import Machine


def restore(shop, step: str) -> None:
    """Put right what a fault at a step has left behind, as far as it can be put right."""
    usual = Machine()
    if step in ("disk", "certificate"):
        setattr(shop.machine, step, getattr(usual, step))
    elif step == "process":
        shop.machine.memory = usual.memory
    elif step == "workers":
        shop.machine.work = usual.work
    elif step == "feed":
        _resend(shop)
    elif step == "labels":
        shop.labels.read_again(shop.store, shop.day)
    elif step == "candidate" and shop.previous is not None:
        shop.release(shop.previous)
        shop.previous = None


def _resend(shop) -> None:
    """The tills send again what came wrongly, and the store is put right day by day."""
    for day, was, now in shop.sent_wrong:
        shop.store.resend(day, shop.day, was, now)
    shop.sent_wrong = []
