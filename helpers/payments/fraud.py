"""The fraud scenarios, in the order in which one overwrites another.

1. A payment above 220 is fraud.
2. Each day two terminals are compromised; all their payments of the next 28 days are fraud.
3. Each day the cards of three customers leak; of their payments in the next 14 days a third have
   five times the amount and are fraud.
4. Off by default: from `new_fraud_day` on, bursts of small payments from one card at night.

1 to 3 are those of Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible Machine Learning for
Credit Card Fraud Detection - Practical Handbook", 2022. As there, the last day of a world brings
no newly compromised terminal and no newly leaked card.
"""

import numpy as np

from .places import ranges
from .spending import DAY, Payments, per_day
from .streams import pick, stream

LIMIT = 220  # money: what scenario 1 takes for fraud lies above
TERMINAL_DAYS = 28
CARD_DAYS = 14
LEAK_FACTOR = 5
BURST_SIZE = (8, 16)  # payments, the upper end left out
BURST_AMOUNT = (1.0, 10.0)  # money
BURST_START, BURST_LENGTH = (0, 5 * 3_600), 3_600  # seconds of the day; seconds


def add_fraud(world, payments: Payments) -> Payments:
    """Mark the frauds among payments in time order; scenario 4 adds payments of its own."""
    payments.scenario[payments.amount > LIMIT] = 1
    _compromise_terminals(world, payments)
    _leak_cards(world, payments)
    if world.new_fraud_day is None:
        return payments
    return Payments.concat([payments, _bursts(world, payments)]).in_time_order()


def _compromise_terminals(world, payments: Payments) -> None:
    rng = stream(world.seed, "compromised terminals")
    count = per_day(world.compromised_terminals_a_day, world.days)[:-1]
    bad = [pick(rng, world.terminals, n) for n in count]
    row_of = np.zeros(world.terminals, dtype=np.int32)
    ever = np.unique(np.concatenate([*bad, np.empty(0, dtype=np.int64)])).astype(np.int64)
    row_of[ever] = np.arange(1, len(ever) + 1)
    compromised = np.zeros((len(ever) + 1, world.days), dtype=bool)
    for day, terminals in enumerate(bad):
        compromised[row_of[terminals], day : day + TERMINAL_DAYS] = True
    payments.scenario[compromised[row_of[payments.terminal], payments.day]] = 2


def _leak_cards(world, payments: Payments) -> None:
    """Newcomers leak as often as everybody else, by a stream that leaves the others' alone."""
    _leak(world, payments, "leaked cards", (0, world.customers), world.leaked_cards_a_day)
    newcomers = int(per_day(world.new_customers_a_day, world.days).sum())
    if newcomers and world.customers:
        rate = world.leaked_cards_a_day * newcomers / world.customers
        _leak(world, payments, "newcomers' leaked cards", (world.customers, newcomers), rate)


def _leak(world, payments: Payments, part: str, crowd: tuple[int, int], rate: float) -> None:
    rng = stream(world.seed, part)
    leaked = [crowd[0] + pick(rng, crowd[1], n) for n in per_day(rate, world.days)[:-1]]
    rows, key = _rows_by_card(payments, leaked, world.days)
    for day, cards in enumerate(leaked):
        first = np.searchsorted(key, cards * (world.days + 1) + day)
        last = np.searchsorted(key, cards * (world.days + 1) + min(day + CARD_DAYS, world.days))
        pool = np.sort(rows[ranges(first, last - first)])
        used = pool[pick(rng, len(pool), len(pool) // 3)]
        payments.amount[used] = np.round(payments.amount[used] * LEAK_FACTOR, 2)
        payments.scenario[used] = 3


def _rows_by_card(payments: Payments, leaked: list, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of every card that ever leaks, sorted by card and day, and that sorting key."""
    ever = np.zeros(int(payments.customer.max(initial=-1)) + 1, dtype=bool)
    cards = np.concatenate([*leaked, np.empty(0, dtype=np.int64)]).astype(np.int64)
    ever[cards[cards < len(ever)]] = True
    rows = np.flatnonzero(ever[payments.customer])
    key = payments.customer[rows] * np.int64(days + 1) + payments.second[rows] // DAY
    order = np.argsort(key, kind="stable")
    return rows[order], key[order]


def _bursts(world, payments: Payments) -> Payments:
    """Scenario 4: within an hour of the night a stolen card pays many small amounts anywhere."""
    rng = stream(world.seed, "bursts")
    count = per_day(world.bursts_a_day, world.days)
    count[: world.new_fraud_day] = 0
    cards = np.concatenate([pick(rng, world.customers, n) for n in count])
    day = np.repeat(np.arange(world.days), np.minimum(count, world.customers))
    size = rng.integers(*BURST_SIZE, len(cards)) if world.terminals else np.zeros(len(cards), int)
    start = np.repeat(day * DAY + rng.integers(*BURST_START, len(cards)), size)
    total = len(start)
    return Payments(
        second=(start + rng.integers(1, BURST_LENGTH, total)).astype(np.int32),
        customer=np.repeat(cards, size).astype(np.int32),
        terminal=rng.integers(0, max(world.terminals, 1), total).astype(np.int32),
        amount=np.round(rng.uniform(*BURST_AMOUNT, total), 2),
        scenario=np.full(total, 4, dtype=np.int8),
    )
