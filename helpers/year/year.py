"""A year on call, day by day: faults come, alarms ring, cures are applied, the bill grows."""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass, replace

import pandas as pd

from .catalogue import BY_NAME, CURES, Fault
from .figures import WEEK, Figures
from .rules import BY_RULE, CALM_DAYS, RULES, limits, ringing
from .schedule import Schedule, drawn
from .settings import CURE, NOTHING, TRAINING, Settings
from .shop import FIRST, Shop
from .training import Verdict, candidate, fit, judge, training_set
from .world import DAYS, START, Field

REST = 3  # days for which an alarm is silent after its cure: figures of several days need them
AGAIN = 10  # days until chargebacks can show whether a retraining has helped
WEEKLY = ("finds", "chargebacks", "drift")
ALL_ALERTS = frozenset(rule.name for rule in RULES)
GATE = "gate"
PARTS = ("missed fraud", "failed payments", "paid twice", "reviews", "work")  # of a bill
GOLDEN = 50  # requests whose answers are known


@dataclass(frozen=True)
class Alarm:
    """An alarm. day: counted from the first day of the year. rule: which; cure: what it asks for.

    value, limit: the figure of that day, and what it should not pass.
    """

    day: int
    rule: str
    cure: str
    value: float
    limit: float


@dataclass
class Event:
    """A fault's life, in days of the year: when it came, was found by an alarm, and ended."""

    fault: Fault
    came: int
    found: int | None = None
    ended: int | None = None
    cured: bool = False


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
        self.shop, self.figures, self.limits = copy.deepcopy(
            _before(seed, all_known), {id(_field(seed)): _field(seed)}
        )
        self.evenings: list[Evening] = []
        self.events: list[Event] = []
        self.cures: list[tuple[int, str]] = []
        self.deployments: list[tuple[int, str, bool]] = []
        self.verdicts: list[tuple[int, Verdict]] = []
        self.journal: list[tuple[int, str, object]] = []
        self._rest: dict[str, int] = {}
        self._trained = START
        self._costs = 0.0
        self.prevented = 0.0
        self.change(self.settings, note=False)

    @property
    def day(self) -> int:
        """Days of the year that have passed."""
        return self.shop.day - START

    @property
    def over(self) -> bool:
        """Whether the year is over."""
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
        elif cure == "add workers":
            self.shop.machine.work = 1.0
        elif cure == "roll back the release" and gone:
            self.deployments.append((self.day, "rollback", True))
        for event in self._open(gone):
            event.ended, event.cured = self.day, True
        return [fault.name for fault in gone]

    def play(self, days: int = DAYS) -> Year:
        """Let days pass, at most until the year is over, and give itself."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            for _ in range(min(days, DAYS - self.day)):
                self._one()
        return self

    def _one(self) -> None:
        gate = self._arrivals()
        if self.settings.retrain_every and self.shop.day - self._trained >= (
            self.settings.retrain_every
        ):
            self._retrain()
        day, costs = self.day, self._costs
        log, bill = self.shop.play()
        figures = self.figures.of(log)
        alarms = [*gate, *self._alarms(day, figures)]
        self._costs = 0.0
        self.evenings.append(Evening(day, figures, tuple(alarms), bill | {"work": costs}))
        for alarm in alarms:
            self._note(alarm)
        if self.settings.runbooks:
            for cure in dict.fromkeys(alarm.cure for alarm in alarms if alarm.rule != GATE):
                self.cure(cure, note=False)

    def _arrivals(self) -> list[Alarm]:
        """Faults that come this morning, and those that somebody stumbles upon."""
        alarms = []
        self.deployments += [(self.day, "release", False)] * (self.day % WEEK == 1)
        for event in self.events:
            if self.day - event.came == event.fault.lasts:
                event.ended = self.day if event.ended is None else event.ended
                self.shop.take_out(event.fault)
        for fault in self.schedule.get(self.shop.day, []):
            self.events.append(Event(fault, self.day))
            self.deployments += [(self.day, fault.name, True)] * (fault.kind == "code")
            if fault.step == "candidate":
                alarms += self._offer(fault)
            else:
                self.shop.put(fault)
        return alarms

    def _offer(self, fault: Fault) -> list[Alarm]:
        """Somebody brings a model; with a gate it is judged, without one it goes live."""
        model = candidate(self.shop, fault)
        if self.settings.gate:
            verdict = judge(self.shop, model)
            self.verdicts.append((self.day, verdict))
            if not verdict.passed:
                event = self.events[-1]
                event.found = event.ended = self.day
                event.cured = True
                return [Alarm(self.day, GATE, fault.cure, verdict.candidate, verdict.champion)]
        self.shop.previous = self.shop.model
        self._release(model)
        self.shop.put(fault)
        return []

    def _retrain(self) -> list[Fault]:
        model = candidate(self.shop)
        self._costs += TRAINING
        self._trained = self.shop.day
        if self.settings.gate:
            verdict = judge(self.shop, model)
            self.verdicts.append((self.day, verdict))
            if not verdict.passed:
                return []
        self._release(model)
        self.shop.previous = None
        old = [e.fault for e in self.events if e.ended is None and e.fault.cure == "retrain"]
        return [f for f in old if self._came(f) + 14 <= self.day]

    def _release(self, model) -> None:
        self.shop.model = model
        self.figures.golden = model.predict_proba(self.shop.golden)[:, 1]
        self.deployments.append((self.day, "model", False))

    def _alarms(self, day: int, figures: dict[str, float]) -> list[Alarm]:
        on, sensitivity = self.settings.alerts, self.settings.sensitivity
        rang = [
            Alarm(day, r.name, r.cure, figures[r.figure], self.limits[r.name])
            for r in ringing(figures, self.limits, on, sensitivity)
            if self._rest.get(r.name, -1) < day
        ]
        beat = ["the alarm that always rings", *rang]
        delivered = self.shop.through("alarms", beat)
        self.figures.heartbeat = bool(delivered)
        if not delivered:  # a watcher outside, which sends nothing but this
            rang = [
                Alarm(day, r.name, r.cure, 1.0, self.limits[r.name])
                for r in RULES
                if r.name == "heartbeat" and r.name in on
            ]
        for alarm in rang:
            self._rest[alarm.rule] = day + (AGAIN if alarm.cure == "retrain" else REST)
            for name in BY_RULE[alarm.rule].silences:  # their week still holds what was mended
                self._rest[name] = max(self._rest.get(name, -1), day + (name in WEEKLY) * WEEK)
        return rang

    def _note(self, alarm: Alarm) -> None:
        """For the score alone: which fault this alarm has found."""
        for event in self.events:
            if event.found is None and event.fault.cure == alarm.cure and event.ended is None:
                event.found = alarm.day

    def _open(self, faults: list[Fault]) -> list[Event]:
        return [e for e in self.events if e.ended is None and e.fault in faults]

    def _came(self, fault: Fault) -> int:
        return next(e.came for e in self.events if e.fault is fault and e.ended is None)

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
        return spent + self._costs + self.prevented


def reference() -> Settings:
    """The pipeline of the course's own lessons: every rule, the gate, a canary, runbooks."""
    return Settings(alerts=ALL_ALERTS)


@functools.lru_cache(maxsize=2)
def _field(seed: int) -> Field:
    return Field(seed)


@functools.lru_cache(maxsize=4)
def _before(seed: int, all_known: bool) -> tuple[Shop, Figures, dict[str, float]]:
    """The shop on the morning of the year, after START quiet days; made once for a seed."""
    import sklearn.ensemble  # noqa: F401  (only what is loaded can be limited)
    from threadpoolctl import threadpool_limits

    shop, figures, calm = Shop(_field(seed), seed, all_known), Figures(), []
    shop.settings = reference()
    figures.reviews = shop.settings.reviews
    with threadpool_limits(1):
        for day in range(START):
            if day in (FIRST, START - CALM_DAYS):
                _learn(shop, figures)
            log, _ = shop.play()
            found = figures.of(log)
            calm += [found] * (day >= START - CALM_DAYS + 14)
        _learn(shop, figures)
    return shop, figures, limits(calm)


def _learn(shop: Shop, figures: Figures) -> None:
    if shop.model is None:
        X, y = training_set(shop, shop.day - 10, shop.day)
        shop.first_model = fit(X, y)
    X, _ = training_set(shop, shop.day - 14, shop.day)
    shop.model = candidate(shop)
    shop.golden = X[:: max(len(X) // GOLDEN, 1)][:GOLDEN]
    figures.golden = shop.model.predict_proba(shop.golden)[:, 1]
    figures.learn_reference(X)


def oracle(seed: int, schedule: Schedule | None = None) -> Year:
    """The best that can be done with the same models and reviews: labels at once, faults foreseen.

    What can be prevented never happens, at the price of its cure; new thieves come all the same.
    """
    schedule = drawn(seed) if schedule is None else schedule
    thieves = BY_NAME["new thieves"]
    left = {day: [f for f in faults if f is thieves] for day, faults in schedule.items()}
    year = Year(seed, replace(reference(), alerts=frozenset()), left, all_known=True)
    came = [day - START for day, faults in left.items() if faults]
    for after in (3, 7, 14):
        for day in came:
            year.play(day + after - year.day)
            year.cure("retrain")
    year.play()
    year.prevented = CURE * sum(f is not thieves for fs in schedule.values() for f in fs)
    return year


def nothing(seed: int, schedule: Schedule | None = None) -> Year:
    """A pipeline that does nothing: no gate, no alerts, no retraining; people review as ever."""
    return Year(seed, NOTHING, schedule).play()
