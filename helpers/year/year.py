"""A year on call, day by day: faults come, alarms ring, cures are applied, the bill grows."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pandas as pd

from .bill import PARTS
from .catalogue import CURES, Fault
from .figures import WEEK
from .incidents import Event, Incidents
from .pager import Alarm, Pager
from .schedule import Schedule, drawn
from .settings import CURE, TRAINING, Settings, reference
from .training import Verdict, candidate, judge
from .warm_up import first_morning
from .world import DAYS, START

GATE = "gate"
NEW_LABELS = 14  # days of a new kind of fraud that a training has to have seen to know it


@dataclass(frozen=True)
class Evening:
    """What one day came to: its figures, alarms, and bill."""

    day: int
    figures: dict[str, float]
    alarms: tuple[Alarm, ...]
    bill: dict[str, float]


class Year:
    """A year of one seed, under settings that may be changed on any morning.

    `play(days)` lets days pass. `events` is the truth, which only the score looks at: neither
    figures nor alarms know of it.
    """

    def __init__(
        self, seed: int, settings: Settings | None = None, schedule: Schedule | None = None,
        all_known: bool = False,
    ):  # fmt: skip
        self.seed, self.all_known = seed, all_known
        self.settings = self.began = settings or reference()
        self.schedule = drawn(seed) if schedule is None else schedule
        self.shop, self.figures, self.limits = first_morning(seed, all_known)
        self._pager = Pager(self.limits)
        self.evenings: list[Evening] = []
        self.incidents = Incidents()
        self.cures: list[tuple[int, str]] = []
        self.deployments: list[tuple[int, str, bool]] = []
        self.verdicts: list[tuple[int, Verdict]] = []
        self.journal: list[tuple[int, str, object]] = []
        self._trained = START
        self._costs = 0.0
        self.change(self.settings, note=False)

    @property
    def day(self) -> int:
        """Days of the year that have passed."""
        return self.shop.day - START

    @property
    def over(self) -> bool:
        """Whether it is over."""
        return self.day >= DAYS

    def change(self, settings: Settings, note: bool = True) -> None:
        """New settings from this morning on."""
        self.settings = self.shop.settings = settings
        self.figures.reviews = settings.reviews
        if note:
            self.journal.append((self.day, "change", settings))

    def cure(self, cure: str, note: bool = True) -> list[str]:
        """Apply a cure this morning; gives what it mended. It costs money, needed or not.

        Raises KeyError that names the cures there are.
        """
        if cure not in CURES:
            raise KeyError(f"no cure {cure!r}; there are {', '.join(CURES)}")
        if note:
            self.journal.append((self.day, "cure", cure))
        self.cures.append((self.day, cure))
        self._costs += CURE
        gone = self.shop.cure(cure)
        if cure == "retrain":
            gone += self._retrain()
        elif cure == "roll back the release" and gone:
            self.deployments.append((self.day, "rollback", True))
        self.incidents.cured(gone, self.day)
        return [fault.name for fault in gone]

    def spend(self, money: float) -> None:
        """Pay this morning for work that is not a cure."""
        self._costs += money

    def play(self, days: int = DAYS) -> Year:
        """Let days pass, at most until the year is over, and give itself."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            for _ in range(min(days, DAYS - self.day)):
                self._one()
        return self

    def _one(self) -> None:
        gate = self._arrivals()
        if 0 < self.settings.retrain_every <= self.shop.day - self._trained:
            self._retrain()
        day, costs = self.day, self._costs
        log, bill = self.shop.play()
        figures = self.figures.of(log)
        path = functools.partial(self.shop.through, "alarms")
        alarms = [*gate, *self._pager.alarms(day, figures, self.settings, path)]
        self.figures.heartbeat = self._pager.arrived
        self._costs = 0.0
        self.evenings.append(Evening(day, figures, tuple(alarms), bill | {"work": costs}))
        for alarm in alarms:
            self.incidents.found_by(alarm)
        if self.settings.runbooks:
            for cure in dict.fromkeys(alarm.cure for alarm in alarms if alarm.rule != GATE):
                self.cure(cure, note=False)

    def _arrivals(self) -> list[Alarm]:
        """Faults that come this morning, and those that somebody stumbles upon."""
        alarms = []
        self.deployments += [(self.day, "release", False)] * (self.day % WEEK == 1)
        for fault in self.incidents.stumbled_upon(self.day):
            self.shop.take_out(fault)
        for fault in self.schedule.get(self.shop.day, []):
            event = self.incidents.came(fault, self.day)
            self.deployments += [(self.day, fault.name, True)] * (fault.kind == "code")
            if fault.step == "candidate":
                alarms += self._offer(event)
            else:
                self.shop.put(fault)
        return alarms

    def _offer(self, event: Event) -> list[Alarm]:
        """Somebody brings a spoilt model; with a gate it is judged, without one it goes live."""
        fault = event.fault
        model = candidate(self.shop, fault)
        if not self._passes(model):
            event.found = event.ended = self.day
            event.cured = True
            verdict = self.verdicts[-1][1]
            return [Alarm(self.day, GATE, fault.cure, verdict.candidate, verdict.champion)]
        self.shop.previous = self.shop.model
        self._release(model)
        self.shop.put(fault)
        return []

    def _retrain(self) -> list[Fault]:
        """Train, and release what passes the gate; gives the faults that the new model mends."""
        model = candidate(self.shop)
        self._costs += TRAINING
        self._trained = self.shop.day
        if not self._passes(model):
            return []
        self._release(model)
        self.shop.previous = None
        self.incidents.cured(self.shop.steps.pop("candidate", []), self.day)
        return self.incidents.learnable(self.day, NEW_LABELS)

    def _passes(self, model) -> bool:
        if not self.settings.gate:
            return True
        verdict = judge(self.shop, model)
        self.verdicts.append((self.day, verdict))
        return verdict.passed

    def _release(self, model) -> None:
        self.shop.release(model)
        self.deployments.append((self.day, "model", False))

    @property
    def events(self) -> list[Event]:
        """The truth about the faults that have come so far."""
        return self.incidents.events

    @property
    def alarms(self) -> list[Alarm]:
        """All alarms so far."""
        return [alarm for evening in self.evenings for alarm in evening.alarms]

    def bills(self) -> pd.DataFrame:
        """A row for each day: its bill in money by parts, frauds and caught frauds."""
        return pd.DataFrame([evening.bill for evening in self.evenings])

    @property
    def cost(self) -> float:
        """All that the year has cost so far, in money."""
        spent = float(self.bills()[list(PARTS)].to_numpy().sum()) if self.evenings else 0.0
        return spent + self._costs
