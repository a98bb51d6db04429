"""What a year is worth: regret against the oracle, what was found, false alarms, DORA's keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .catalogue import CURES
from .incidents import Event
from .pager import Alarm
from .world import DAYS, DISPUTE
from .year import Year

AFTER = 3  # days in which an alarm about a fault that has ended is no false one


@dataclass(frozen=True)
class Score:
    """A year's score.

    cost: money. regret: 0 for the oracle, 1 for a pipeline that does nothing. found: share of the
    faults that had an alarm with the right cure while they were there. days_to_detect: the median
    over the found ones. false_alarms: alarms whose cure no fault asked for. The four keys of DORA:
    deployments a month, lead_time (median days from a good deployment's beginning until all
    customers met it), change_failure (share of deployments that were a fault), restore: median days
    until a fault was cured.
    """

    cost: float
    regret: float
    found: float
    days_to_detect: float
    false_alarms: int
    deployments_a_month: float
    lead_time: float
    change_failure: float
    restore: float

    def __str__(self) -> str:
        return (
            f"cost {self.cost:,.0f}, regret {self.regret:.2f} (0 the oracle, 1 doing nothing)\n"
            f"found {self.found:.0%} of the faults that came, days to detect "
            f"{self.days_to_detect:.0f}, false alarms {self.false_alarms}\n"
            f"deployments a month {self.deployments_a_month:.1f}, lead time {self.lead_time:.0f} "
            f"day, change failures {self.change_failure:.0%}, days to restore {self.restore:.0f}"
        )


def regret(cost: float, oracle: float, nothing: float) -> float:
    """0 where a year cost what the oracle's did, 1 where it cost what doing nothing does.

    Raises ValueError where doing nothing costs no more than the oracle: there is no scale then.
    """
    if nothing <= oracle:
        raise ValueError(f"doing nothing cost {nothing:.0f}, the oracle {oracle:.0f}: no scale")
    return (cost - oracle) / (nothing - oracle)


def score(year: Year, oracle: float, nothing: float) -> Score:
    """The score of a year that is over, or of its days so far; the two costs are of equal days."""
    found = [e for e in year.events if e.found is not None]
    cured = [e.ended - e.came for e in year.events if e.cured]
    deployments = year.registry.deployments
    waited = [d.for_all - d.day for d in deployments if not d.failed and d.name != "rollback"]
    return Score(
        cost=year.cost,
        regret=regret(year.cost, oracle, nothing),
        found=len(found) / len(year.events) if year.events else float("nan"),
        days_to_detect=_median([e.found - e.came for e in found]),
        false_alarms=len(false_alarms(year.alarms, year.events)),
        deployments_a_month=30 * len(deployments) / max(year.day, 1),
        lead_time=_median(waited),
        change_failure=sum(one.failed for one in deployments) / max(len(deployments), 1),
        restore=_median(cured),
    )


def false_alarms(alarms: list[Alarm], events: list[Event]) -> list[Alarm]:
    """The alarms whose cure no fault asked for, by the truth.

    A fault asks for its cure from the day it comes until some days after its end; new thieves until
    their last chargeback is in.
    """
    return [alarm for alarm in alarms if not any(_asks(event, alarm) for event in events)]


def _asks(event: Event, alarm: Alarm) -> bool:
    last = DAYS if event.ended is None else event.ended + AFTER
    if event.fault.cure == "retrain":
        last = event.came + event.fault.lasts + DISPUTE
    return event.fault.cure == alarm.cure and event.came <= alarm.day <= last


def guesser(events: list[Event], alarms: int, seed: int) -> float:
    """The share of faults that as many alarms find on days and with cures drawn at random.

    It is tried against the faults of a year in which nobody mends anything, so that it has the
    longest time to hit.
    """
    rng = np.random.default_rng([seed, 7])
    days, cures = rng.integers(0, DAYS, alarms), rng.choice(list(CURES), alarms)
    drawn = list(zip(days, cures, strict=True))
    hit = [any(_asks_while(e, day, cure) for day, cure in drawn) for e in events]
    return float(np.mean(hit))


def _asks_while(event: Event, day: int, cure: str) -> bool:
    ended = DAYS if event.ended is None else event.ended
    return event.fault.cure == cure and event.came <= day < ended


def _median(values: list[int]) -> float:
    return float(np.median(values)) if values else float("nan")
