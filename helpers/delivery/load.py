"""Customers for a service: requests that come when they come, however slow the answers are.

`python -m helpers.delivery.load URL --rate 40 --seconds 6 --out load.csv`

It is an *open* loop: the moments of arrival are drawn beforehand, a Poisson process, and no
request waits for the answer to another. A closed loop, in which each simulated customer waits for
an answer before asking again, asks less when the service is slow, so it measures fewest of the
slow answers: Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale",
NSDI 2006. A request's time is counted from the moment at which it was due.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

MOST_SECONDS, MOST_REQUESTS, PATIENCE = 1800, 100_000, 8.0
TILLS = 20
COLUMNS = ("due", "till", "route", "status", "seconds")


@dataclass(frozen=True)
class Arrival:
    """One request: seconds after the beginning at which it is due, its till, path and body."""

    due: float
    till: int
    number: int
    path: str
    body: dict[str, Any]


def arrivals(rate: float, seconds: float, seed: int) -> Iterator[Arrival]:
    """The requests of `seconds` at `rate` a second on average, the same for the same seed.

    Half are payments, the rest ask for a price; half of the payments use a voucher. Raises
    ValueError for a rate or duration that is not positive or beyond the limits.
    """
    if not (0 < seconds <= MOST_SECONDS and 0 < rate * seconds <= MOST_REQUESTS):
        raise ValueError(f"at most {MOST_SECONDS} seconds and {MOST_REQUESTS} requests")
    rng, due, number = random.Random(seed), 0.0, 0
    while True:
        due, number = due + rng.expovariate(rate), number + 1
        if due >= seconds:
            return
        till, items = rng.randrange(1, TILLS + 1), _basket(rng)
        if rng.random() < 0.5:
            yield Arrival(due, till, number, "/basket/price", {"items": items})
            continue
        body = {
            "items": items,
            "customer_id": rng.randrange(1_000_000_000),
            "terminal_id": till,
            "card_token": f"tok_{number:08}",
        }
        yield Arrival(due, till, number, "/payments", _with_voucher(body, rng.random() < 0.5))


def _basket(rng: random.Random) -> list[dict[str, Any]]:
    skus = rng.sample(("tea", "oat-milk", "bread", "apples", "cheese", "soap"), 3)
    return [{"sku": sku, "unit_price_cents": rng.randrange(800, 1500)} for sku in skus]


def _with_voucher(body: dict[str, Any], wanted: bool) -> dict[str, Any]:
    return {**body, "voucher": "WELCOME10"} if wanted else body


async def send(url: str, due: list[Arrival], out: Path, seed: int) -> None:
    """Send each request when it is due; write one line of CSV for each answer as it comes.

    status 0 stands for no answer. The columns: see COLUMNS; `due` is in Unix seconds.
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
    with open(out, "w", newline="", encoding="utf-8", buffering=1) as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        async with httpx.AsyncClient(
            base_url=url, timeout=PATIENCE, limits=limits, trust_env=False
        ) as client:
            begun, clock = time.time(), time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for one in due:
                    await asyncio.sleep(clock + one.due - time.perf_counter())
                    group.create_task(_sent(client, one, seed, begun, clock, table))


async def _sent(
    client: httpx.AsyncClient, one: Arrival, seed: int, begun: float, clock: float, table: Any
) -> None:
    key = f"load-{seed}-{int(begun * 1000)}-{one.number:06}"
    headers = {"X-Request-Id": f"till-{one.till}-{one.number:06}", "Idempotency-Key": key}
    try:
        status = (await client.post(one.path, json=one.body, headers=headers)).status_code
    except httpx.TransportError:
        status = 0
    took = time.perf_counter() - clock - one.due
    table.writerow((round(begun + one.due, 4), one.till, one.path, status, round(took, 5)))


def main(arguments: list[str] | None = None) -> int:
    """Send the load that the command line asks for; 2 where it asks for too much."""
    parser = argparse.ArgumentParser(prog="python -m helpers.delivery.load")
    parser.add_argument("url")
    parser.add_argument("--rate", type=float, default=40.0, help="requests a second, on average")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="CSV of what came back")
    given = parser.parse_args(arguments)
    try:
        due = list(arrivals(given.rate, given.seconds, given.seed))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    asyncio.run(send(given.url, due, given.out, given.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
