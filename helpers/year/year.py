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
from .registry import Registry
from .rules import RULES
from .schedule import Schedule, drawn
from .settings import CURE, TRAINING, Settings, reference
from .training import one_thread
from .warm_up import first_morning
from .world import DAYS, START

GATE = "gate"
FIGURES = {rule.figure for rule in RULES}
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
        self.incidents, self.registry = Incidents(), Registry(self.shop)
        self.cures: list[tuple[int, str]] = []
        self.journal: list[tuple[int, str, object]] = []
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
        self.spend(CURE)
        with one_thread():
            gone = self.shop.cure(cure)
            gone += self._retrain() if cure == "retrain" else []
        if cure == "roll back the release" and gone:
            self.registry.deploy("rollback")
        self.incidents.cured(gone, self.day)
        return [fault.name for fault in gone]

    def spend(self, money: float) -> None:
        """Pay this morning for work that is not a cure."""
        self._costs += money

    def play(self, days: int = DAYS) -> Year:
        """Let days pass, at most until the year is over, and give itself."""
        with one_thread():
            for _ in range(min(days, DAYS - self.day)):
                self._one()
        return self

    def _one(self) -> None:
        early = self._arrivals()
        if 0 < self.settings.retrain_every <= self.day - self.registry.trained:
            self._retrain()
        self.shop.open()
        early += self._before_the_first_payment()
        day, costs = self.day, self._costs
        log, bill = self.shop.play()
        figures = self.figures.of(log)
        alarms = self._alarms(day, figures)
        self._costs = 0.0
        self.evenings.append(Evening(day, figures, (*early, *alarms), bill | {"work": costs}))
        self._follow_runbooks(alarms)

    def _before_the_first_payment(self) -> list[Alarm]:
        """Known requests are sent before the shop opens; what rings on them is mended by then."""
        probed = self.figures.of_probe(*self.shop.probe(), self.shop.expected)
        alarms = self._alarms(self.day, dict.fromkeys(FIGURES, float("nan")) | probed)
        self._follow_runbooks(alarms)
        return alarms

    def _alarms(self, day: int, figures: dict[str, float]) -> list[Alarm]:
        path = functools.partial(self.shop.through, "alarms")
        alarms = self._pager.alarms(day, figures, self.settings, path)
        self.figures.heartbeat = self._pager.arrived
        for alarm in alarms:
            self.incidents.found_by(alarm)
        return alarms

    def _follow_runbooks(self, alarms: list[Alarm]) -> None:
        if self.settings.runbooks:
            for cure in dict.fromkeys(alarm.cure for alarm in alarms):
                self.cure(cure, note=False)

    def _arrivals(self) -> list[Alarm]:
        """Faults that come this morning, and those that somebody stumbles upon."""
        alarms = []
        if self.day % WEEK == 1:
            self.registry.deploy("release")
        for fault in self.incidents.stumbled_upon(self.day):
            self.shop.take_out(fault)
        for fault in self.schedule.get(self.shop.day, []):
            event = self.incidents.came(fault, self.day)
            if fault.kind == "code":
                self.registry.deploy(fault.name, failed=True)
            if fault.step == "candidate":
                alarms += self._offered(event)
            else:
                self.shop.put(fault)
        return alarms

    def _offered(self, event: Event) -> list[Alarm]:
        """A spoilt model is brought; where the gate holds it back, its alarm."""
        if self.registry.offer(event.fault):
            return []
        event.found = event.ended = self.day
        event.cured = True
        verdict = self.registry.verdicts[-1][1]
        cure = event.fault.cure
        return [Alarm(self.day, GATE, cure, verdict.candidate, verdict.champion)]

    def _retrain(self) -> list[Fault]:
        """Train, and pay for it; gives the faults that a model which went live mends."""
        self.spend(TRAINING)
        if not self.registry.retrain():
            return []
        self.incidents.cured(self.shop.steps.pop("candidate", []), self.day)
        return self.incidents.learnable(self.day, NEW_LABELS)

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
