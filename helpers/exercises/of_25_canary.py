"""Exercise 25.4: who belongs to the canary, the same customers at every payment."""

import builtins
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _facts(answer: Callable[[int, float], Any], exercise: Exercise) -> Callable[..., dict]:
    """What can be said of a choice of customers, whatever the hash that makes it."""

    def facts(customers: list[int], share: float) -> dict[str, bool]:
        inside = {c for c in customers if answer(c, share)}
        again = {c for c in customers if answer(c, share)}
        more = {c for c in customers if answer(c, min(1.0, 2 * share))}
        edges = customers[:50]
        few = [c for c in customers if c < min(customers) + len(customers) // 10]
        among = sum(c in inside for c in few) / len(few)
        return {
            "the same customers when asked again": inside == again,
            "about the share that was wanted": abs(len(inside) / len(customers) - share) < 0.04,
            "about that share among the lowest numbers too": abs(among - share) < 0.13,
            "who is in at a share is in at its double": inside <= more,
            "nobody at 0 and everybody at 1": not any(answer(c, 0.0) for c in edges)
            and all(answer(c, 1.0) for c in edges),
            "the same customers in another process": _in_another_process(answer, edges, share)
            == [bool(answer(c, share)) for c in edges],
        }

    facts.__name__ = exercise.answer
    return facts if callable(answer) else answer


def _in_another_process(answer: Callable[..., Any], customers: list[int], share: float) -> list:
    """What the answer says where Python has salted its `hash` anew, as each process does.

    A number's hash has no salt.
    """
    real = builtins.hash

    def salted(value: Any) -> int:
        return real(value) if isinstance(value, int | float) else real(("another salt", value))

    with mock.patch.object(builtins, "hash", salted):
        return [bool(answer(c, share)) for c in customers]


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for share in (0.1, 0.35):
        first = int(rng.integers(0, 10**6))
        yield Case((list(range(first, first + 1_500)), share), f"1,500 customers and {share:.0%}")


_SOLUTION = """\
def in_canary(customer_id, share):
    digest = sha256(str(customer_id).encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
"""

CANARY = Exercise(
    id="25.4",
    title="The same customers at every payment",
    task="Write `in_canary(customer_id, share)`: True for that share of the customers, and for the "
    "same ones each time.",
    answer="in_canary",
    given="import random\nfrom hashlib import sha256",
    trial=Calls(fresh=_fresh, show="list(range(1_500)), 0.2", prepare=_facts),
    solution=_SOLUTION,
    why="A hash spreads customers as evenly as dice would, and gives the same answer in every "
    "process and after every restart. Who is in at 10 % stays in at 20 %, so a growing canary "
    "takes nobody back and forth.",
    hints=(
        "The answer may depend on `customer_id` and `share` alone, so that it is the same each "
        "time: no dice, no clock, no counter.",
        "`sha256(str(customer_id).encode()).digest()` gives 32 bytes that look like dice and are "
        'always the same. `int.from_bytes(digest[:8], "big")` makes a number below 2**64 of them.',
        "Such a number is below `share * 2**64` for that share of the customers.",
    ),
    also=(
        "def in_canary(customer_id, share):\n"
        "    number = int(sha256(f'canary {customer_id}'.encode()).hexdigest(), 16)\n"
        "    return (number % 10_000) / 10_000 < share",
        "def in_canary(customer_id, share):\n"
        "    return random.Random(customer_id * 7919).random() < share",
    ),
    mistakes=(
        Mistake(
            "dice at each payment",
            "def in_canary(customer_id, share):\n    return random.random() < share",
            "This throws dice at each payment: a customer is approved now and declined a minute "
            "later, by turns. Make the number from `customer_id`, with a hash.",
        ),
        Mistake(
            "Python's own hash",
            "def in_canary(customer_id, share):\n"
            "    return hash(str(customer_id)) % 1_000 < share * 1_000",
            "Python's `hash` of a text is another one in each process, so the service has other "
            "customers after a restart. Take `sha256`.",
        ),
        Mistake(
            "the first customers",
            "def in_canary(customer_id, share):\n    return customer_id % 1_500 < share * 1_500",
            "The share is right, but it takes neighbours: the customers with the lowest numbers, "
            "who are the oldest ones. A hash spreads them.",
        ),
        Mistake(
            "turned round",
            _SOLUTION.replace("<", ">"),
            "This takes the others: all but the share. Which side of `share * 2**64` is wanted?",
        ),
        Mistake(
            "another hash for each share",
            _SOLUTION.replace("str(customer_id)", 'f"{customer_id} {share}"'),
            "The share went into the hash, so at another share other customers are in: as the "
            "canary grows, people are moved to and fro. Hash the customer alone.",
        ),
        Mistake(
            "half of the bytes' range",
            _SOLUTION.replace("2**64", "2**63"),
            "Eight bytes make a number below 2**64. Compared with `share * 2**63`, only half of "
            "the share is in.",
        ),
    ),
)
