"""Eight things that go wrong with a checkout, how each begins, how it shows, and what ends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from .names import BAD_RELEASE, NINETY_OFF, RELEASE, SLOW_TILL
from .signals import ASKED, WINDOW

if TYPE_CHECKING:
    from .shop import Shop


@dataclass(frozen=True)
class Fault:
    """A fault. name: as `diagnose` knows it; cause and clue: in words, for before and after.

    cure: the name of the action that ends it. begin: makes it, in a shop that runs. shows:
    whether metrics and log show it now, and no other.
    """

    name: str
    cause: str
    clue: str
    cure: str
    begin: Callable[[Shop], None]
    shows: Callable[[Shop], bool]


def _switched(name: str) -> Callable[[Shop], None]:
    return lambda shop: shop.switch(name)


def _off(name: str) -> Callable[[Shop], None]:
    def action(shop: Shop) -> None:
        if shop.switched_on() == name:
            shop.switch("")

    return action


def _empty_the_cache(shop: Shop) -> None:
    _off("memory-leak")(shop)
    shop.deploy()  # what was kept goes with the process


def _forget_settings(shop: Shop) -> None:
    shop.release.pop("vouchers", None)
    shop.deploy()


ACTIONS: dict[str, Callable[[Shop], None]] = {
    "switch off the fraud check": _off("slow-check"),
    "take the till off the line": _off("slow-till"),
    "switch off the receipt cache and restart": _empty_the_cache,
    "put the settings back": _forget_settings,
    "roll back": lambda shop: shop.deploy(version=RELEASE),
    "switch off loyalty points": _off("crash-loop"),
    "stop the backup": lambda shop: shop.stop_backup(),
    "open the metrics page again": _off("silent-metrics"),
}


def _median(shop: Shop, route: str) -> float:
    buckets = f'checkout_request_duration_seconds_bucket{{route="{route}"}}'
    expression = f"histogram_quantile(0.5, sum by (le) (rate({buckets}[{WINDOW}])))"
    return shop.prometheus.value(expression)


def _slow_check(shop: Shop) -> bool:
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


def _slow_till(shop: Shop) -> bool:
    tills = of_each_till(shop.log())
    if len(tills) < 2 or tills.index[0] != SLOW_TILL:
        return False
    return tills.iloc[0] > 500 and tills.iloc[1:].median() < tills.iloc[0] / 5


def _memory_leak(shop: Shop) -> bool:
    memory = "process_resident_memory_bytes"
    grown = shop.prometheus.value(f"{memory} - min_over_time({memory}[30s])")
    return grown > 12e6


def _wrong_voucher(shop: Shop) -> bool:
    paid = f"sum(rate(checkout_payment_cents_total[{WINDOW}]))"
    return shop.prometheus.value(f"{paid} / sum(rate(checkout_payments_total[{WINDOW}]))") < 2700


def _bad_release(shop: Shop) -> bool:
    counted = f"sum(rate(checkout_requests_total{{{ASKED}"
    broken = f'{counted},status="500"}}[{WINDOW}])) / {counted}}}[{WINDOW}]))'
    new = shop.prometheus.query(f'checkout_build_info{{version!="{RELEASE}"}}')
    return len(new) > 0 and shop.prometheus.value(broken) > 0.02


def _crash_loop(shop: Shop) -> bool:
    starts = shop.prometheus.value("changes(process_start_time_seconds[6s])")
    last = shop.log()
    ended = last[(last["level"] == "critical") & (last["time"] > _ago(6))]
    return starts >= 1 and len(ended) > 0


def _locked_ledger(shop: Shop) -> bool:
    waiting = shop.prometheus.value("checkout_requests_in_flight") > 20
    return waiting and _median_is_low(shop)


def _median_is_low(shop: Shop) -> bool:
    return _median(shop, "/basket/price") < 0.1


def _silent_metrics(shop: Shop) -> bool:
    log = shop.log()
    served = log[(log["status"] < 300) & (log["time"] > _ago(2))]
    seen = shop.prometheus.value('max_over_time(up{job="checkout"}[3s])')
    return seen == 0 and len(served) > 10


FAULTS = (
    Fault(
        "slow-check",
        "the fraud check, which each payment waits for, has become slow",
        "every payment takes longer by the same time, asking for a price does not; nothing fails",
        "switch off the fraud check",
        _switched("slow-check"),
        _slow_check,
    ),
    Fault(
        "slow-till",
        "the line to one till is slow",
        "the median stays, the 99th percentile jumps; in the log all slow payments have one till",
        "take the till off the line",
        _switched("slow-till"),
        _slow_till,
    ),
    Fault(
        "memory-leak",
        "a cache of receipts never forgets anything",
        "memory rises in a straight line while traffic does not; all else is still well",
        "switch off the receipt cache and restart",
        _switched("memory-leak"),
        _memory_leak,
    ),
    Fault(
        "wrong-voucher",
        "a setting makes WELCOME10 take 90 % off",
        "no error and no delay, but the mean payment falls: only a figure of the business shows it",
        "put the settings back",
        lambda shop: shop.deploy(vouchers=NINETY_OFF),
        _wrong_voucher,
    ),
    Fault(
        "bad-release",
        "release 1.2.0 fails for customers without loyalty points",
        "some payments end in a 500 from the moment at which another version answers",
        "roll back",
        lambda shop: shop.deploy(version=BAD_RELEASE),
        _bad_release,
    ),
    Fault(
        "crash-loop",
        "the process ends every few payments and is started again",
        "`up` falls and rises, the process's start time changes; the log's last line says why",
        "switch off loyalty points",
        _switched("crash-loop"),
        _crash_loop,
    ),
    Fault(
        "locked-ledger",
        "a backup holds the ledger, so no payment can be written",
        "requests in flight pile up and payments stop, while prices are answered as ever",
        "stop the backup",
        lambda shop: shop.start_backup(),
        _locked_ledger,
    ),
    Fault(
        "silent-metrics",
        "the page of metrics is closed; customers are served",
        "`up` is 0 and every curve ends, yet the log goes on with good answers",
        "open the metrics page again",
        _switched("silent-metrics"),
        _silent_metrics,
    ),
)


def fault(name: str) -> Fault:
    """The fault with this name. Raises KeyError that names those there are."""
    for one in FAULTS:
        if one.name == name:
            return one
    raise KeyError(f"no fault {name!r}; there are {', '.join(f.name for f in FAULTS)}")
