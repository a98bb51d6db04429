"""Eight things that go wrong with a checkout, how each begins, how it shows, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import traces
from .names import BAD_RELEASE, NINETY_OFF

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


def _off_and_up(name: str) -> Callable[[Shop], None]:
    def action(shop: Shop) -> None:
        _off(name)(shop)
        shop.do_not_wait()

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
    "roll back": lambda shop: shop.roll_back(),
    "switch off loyalty points": _off_and_up("crash-loop"),
    "stop the backup": lambda shop: shop.stop_backup(),
    "open the metrics page again": _off("silent-metrics"),
}


FAULTS = (
    Fault(
        "slow-check",
        "the fraud check, which each payment waits for, has become slow",
        "every payment takes longer by the same time, asking for a price does not; nothing fails",
        "switch off the fraud check",
        _switched("slow-check"),
        traces.slow_check,
    ),
    Fault(
        "slow-till",
        "the line to one till is slow",
        "the median stays, the 99th percentile jumps; in the log all slow payments have one till",
        "take the till off the line",
        _switched("slow-till"),
        traces.slow_till,
    ),
    Fault(
        "memory-leak",
        "a cache of receipts never forgets anything",
        "memory rises in a straight line while traffic does not; all else is still well",
        "switch off the receipt cache and restart",
        _switched("memory-leak"),
        traces.memory_leak,
    ),
    Fault(
        "wrong-voucher",
        "a setting makes WELCOME10 take 90 % off",
        "no error and no delay, but the mean payment falls: only a figure of the business shows it",
        "put the settings back",
        lambda shop: shop.deploy(vouchers=NINETY_OFF),
        traces.wrong_voucher,
    ),
    Fault(
        "bad-release",
        "release 1.2.0 fails for customers without loyalty points",
        "some payments end in a 500 from the moment at which another version answers",
        "roll back",
        lambda shop: shop.deploy(version=BAD_RELEASE),
        traces.bad_release,
    ),
    Fault(
        "crash-loop",
        "the process ends every few payments and is started again",
        "`up` falls and rises, the process's start time changes; the log's last line says why",
        "switch off loyalty points",
        _switched("crash-loop"),
        traces.crash_loop,
    ),
    Fault(
        "locked-ledger",
        "a backup holds the ledger, so no payment can be written",
        "requests in flight pile up and payments stop, while prices are answered as ever",
        "stop the backup",
        lambda shop: shop.start_backup(),
        traces.locked_ledger,
    ),
    Fault(
        "silent-metrics",
        "the page of metrics is closed; customers are served",
        "`up` is 0 and every curve ends, yet the log goes on with good answers",
        "open the metrics page again",
        _switched("silent-metrics"),
        traces.silent_metrics,
    ),
)


def fault(name: str) -> Fault:
    """The fault with this name. Raises KeyError that names those there are."""
    for one in FAULTS:
        if one.name == name:
            return one
    raise KeyError(f"no fault {name!r}; there are {', '.join(f.name for f in FAULTS)}")
