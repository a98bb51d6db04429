"""Records the eight incidents for datasets/: `python -m helpers.delivery.drill.record`.

It takes five minutes, and needs Prometheus. Each incident has a shop of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.workspace import ROOT

from .faults import ACTIONS, FAULTS, Fault
from .recorded import ANSWERS_FILE, FIRST, LOG_FILE, QUERIES_FILE, SIGNALS_FILE
from .shop import Shop

BEFORE, WITH, AFTER, PATIENCE = 9.0, 12.0, 4.0, 30.0  # seconds
PAID = 'checkout_request_duration_seconds_bucket{route="/payments"}'
# What lesson 16 asks; a test holds the two together.
RANGES = ('sum(checkout_requests_total{route="/payments"})',)
QUERIES = (
    'sum(rate(checkout_requests_total{route="/payments"}[5s]))',
    f"sum by (le) (increase({PAID}[6s]))",
    f"histogram_quantile(0.5, sum by (le) (rate({PAID}[6s])))",
    f"histogram_quantile(0.99, sum by (le) (rate({PAID}[6s])))",
)


def record(fault: Fault) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """One incident: its tables by file name, and the lesson's questions in its parts."""
    shop = Shop(quiet=True)
    try:
        shop.open(120)
        time.sleep(BEFORE)
        asked = {"metrics": shop.metrics(""), "before": _asked(shop)}
        begun = time.time()
        fault.begin(shop)
        time.sleep(WITH)
        asked["with"] = _asked(shop)
        cured = time.time()
        ACTIONS[fault.cure](shop)
        _wait_until_well(shop)
        time.sleep(AFTER)
        return _tables(shop, fault.name, begun, cured), asked
    finally:
        shop.close()


def _tables(shop: Shop, name: str, begun: float, cured: float) -> dict[str, pd.DataFrame]:
    signals = shop.signals(BEFORE + time.time() - begun)
    log, answers, now = shop.log(), shop.answers(), time.time()
    # A log's time is a moment, and so is an answer's; a signal's is seconds before now.
    moments = {
        SIGNALS_FILE: (signals, signals["ago"] + now),
        LOG_FILE: (log, log["time"].astype("datetime64[us, UTC]").astype("int64") / 1e6),
        ANSWERS_FILE: (answers, answers["due"]),
    }
    return {
        file: table.assign(incident=name, part=(at > begun).astype(int) + (at > cured))
        for file, (table, at) in moments.items()
    }


def _asked(shop: Shop) -> dict[str, Any]:
    return {
        "query": {q: shop.query(q).to_dict("records") for q in QUERIES},
        "range": {q: shop.range(q, 5).to_dict("records") for q in RANGES},
    }


def _wait_until_well(shop: Shop) -> None:
    until = time.monotonic() + PATIENCE
    while not shop.well():
        if time.monotonic() > until:
            raise RuntimeError("the shop did not get well in time")
        time.sleep(0.3)


def write(folder: Path) -> list[str]:
    """Record all incidents into a folder; gives the names of the files."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for fault in FAULTS:
        tables, asked = record(fault)
        print(f"{fault.name}: {len(tables[SIGNALS_FILE]):,} values", flush=True)
        for file, table in tables.items():
            parts.setdefault(file, []).append(table)
        if fault.name == FIRST:
            text = json.dumps(asked, indent=1)
            (folder / QUERIES_FILE).write_text(text + "\n", encoding="utf-8")
    for file, tables in parts.items():
        pd.concat(tables, ignore_index=True).to_parquet(folder / file, compression="zstd")
    return [*parts, QUERIES_FILE]


def main() -> int:
    """Record, and put the checksums beside the files."""
    from helpers.payments.sample import write_checksum

    folder = ROOT / "datasets"
    for name in write(folder):
        size = (folder / name).stat().st_size / 1e3
        print(f"{name}: {size:,.0f} kB, sha256 {write_checksum(name, folder)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
