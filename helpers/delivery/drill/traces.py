"""How each of the eight faults shows in a shop's metrics and log, as a question with yes or no."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd

from .names import RELEASE, SLOW_TILL
from .signals import ASKED, WINDOW

if TYPE_CHECKING:
    from .shop import Shop


def _median(shop: Shop, route: str) -> float:
    buckets = f'checkout_request_duration_seconds_bucket{{route="{route}"}}'
    expression = f"histogram_quantile(0.5, sum by (le) (rate({buckets}[{WINDOW}])))"
    return shop.prometheus.value(expression)


def slow_check(shop: Shop) -> bool:
    """Payments are slow by the same time, prices are not."""
    return _median(shop, "/payments") > 0.2 > 4 * _median(shop, "/basket/price")


def of_each_till(log: pd.DataFrame, seconds: float = 5.0) -> pd.Series:
    """The median milliseconds of each till's payments, the slowest till first.

    seconds: how far back from the last payment in the log (see a shop's `log`).
    """
    paid = log[log["route"] == "/payments"]
    paid = paid[paid["time"] > paid["time"].max() - pd.Timedelta(seconds=seconds)]
    till = paid["request_id"].str.extract(r"till-(\d+)-", expand=False).astype(int)
    return paid["ms"].groupby(till).median().sort_values(ascending=False)


def _ago(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(time.time() - seconds, unit="s", tz="UTC")


def slow_till(shop: Shop) -> bool:
    """One till's payments are slow, the others' are not."""
    tills = of_each_till(shop.log())
    if len(tills) < 2 or tills.index[0] != SLOW_TILL:
        return False
    return tills.iloc[0] > 500 and tills.iloc[1:].median() < tills.iloc[0] / 5


def memory_leak(shop: Shop) -> bool:
    """Memory has grown by more than 12 MB within half a minute."""
    memory = "process_resident_memory_bytes"
    grown = shop.prometheus.value(f"max({memory} - min_over_time({memory}[30s]))")
    return grown > 12e6


def wrong_voucher(shop: Shop) -> bool:
    """The mean payment is far below what it is in this shop."""
    paid = f"sum(rate(checkout_payment_cents_total[{WINDOW}]))"
    return shop.prometheus.value(f"{paid} / sum(rate(checkout_payments_total[{WINDOW}]))") < 2700


def bad_release(shop: Shop) -> bool:
    """Another release answers, and some answers are a 500."""
    counted = f"sum(rate(checkout_requests_total{{{ASKED}"
    broken = f'{counted},status="500"}}[{WINDOW}])) / {counted}}}[{WINDOW}]))'
    new = shop.prometheus.query(f'checkout_build_info{{version!="{RELEASE}"}}')
    return len(new) > 0 and shop.prometheus.value(broken) > 0.02


def crash_loop(shop: Shop) -> bool:
    """The process has been started anew, and its log says why it ended."""
    starts = shop.prometheus.value("max(changes(process_start_time_seconds[6s]))")
    last = shop.log()
    ended = last[(last["level"] == "critical") & (last["time"] > _ago(6))]
    return starts >= 1 and len(ended) > 0


def locked_ledger(shop: Shop) -> bool:
    """Requests pile up while prices are answered quickly."""
    waiting = shop.prometheus.value("sum(checkout_requests_in_flight)") > 20
    return waiting and _median(shop, "/basket/price") < 0.1


def silent_metrics(shop: Shop) -> bool:
    """Prometheus gets no answer for seconds, and customers do."""
    log = shop.log()
    served = log[(log["status"] < 300) & (log["time"] > _ago(2))]
    seen = shop.prometheus.value('max(max_over_time(up{job="checkout"}[3s]))')
    return seen == 0 and len(served) > 10
