"""Corner's checkout with its fraud model, a day at a time: the pieces that faults act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .bill import bill
from .catalogue import REACH, Fault
from .desk import hold, look
from .labels import Labels
from .machine import Machine
from .record import Kept, Log, kept_of
from .repair import restore
from .settings import Settings
from .store import NAMES, Seen, Store
from .world import Batch, Field

CANARY = 0.1  # share of the payments that a release meets on its first day
PROBES = 200  # requests sent before the first payment


@dataclass
class Shop:
    """The running pieces on a morning. `steps` holds what faults have put in, by step.

    golden: known requests, which each released model has answered once, as `expected` says. rng:
    draws of today, the same whatever was drawn before.
    """

    field: Field
    seed: int
    all_known: bool = False
    day: int = 0
    machine: Machine = field(default_factory=Machine)
    model: Any = None
    first_model: Any = None
    previous: Any = None
    steps: dict[str, list[Fault]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    labels: Labels = field(default_factory=Labels)
    released: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    sent_wrong: list[tuple[int, tuple, tuple]] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = self.field.world
        self.store = Store(world.days, world.customers, world.terminals)
        self.asked = self.golden = np.empty((0, len(NAMES)), np.float32)
        self.expected = np.empty(0)
        self._opened = -1

    def exposed(self, count: int) -> np.ndarray:
        """Which of today's payments meet the new release."""
        return self._canary[:count] if self._first_day else np.ones(count, bool)

    def put(self, fault: Fault) -> None:
        """Let a fault in. A release or a model goes out as the settings say."""
        self.steps.setdefault(fault.step, []).append(fault)
        self.released[fault.name] = self.day

    def take_out(self, fault: Fault) -> None:
        """Take one fault out, as somebody does who has stumbled upon it."""
        if fault in self.steps.get(fault.step, []):
            self.steps[fault.step].remove(fault)
            restore(self, fault.step)

    def cure(self, cure: str) -> list[Fault]:
        """Do what a cure does to its parts, and give the faults that sat there."""
        gone = []
        for step in REACH[cure]:
            gone += self.steps.pop(step, [])
            restore(self, step)
        return gone

    def through(self, step: str, value: Any) -> Any:
        """What the faults that sit at a step make of what comes through it."""
        for fault in self.steps.get(step, []):
            first = self.released.get(fault.name) == self.day
            self._first_day = self.settings.rollout == "canary" and first
            value = fault.does(self, value)
        return value

    def release(self, model: Any) -> None:
        """Put a model live; what it answers to the known requests goes on record with it."""
        self.model = model
        self.expected = model.predict_proba(self.golden)[:, 1]

    def play(self) -> tuple[Log, dict[str, float]]:
        """One day: payments come, are scored, decided and looked into; labels come in.

        Gives what is on record, and the bill in money by its parts.
        """
        filed = self.open()
        self.rng = np.random.default_rng([self.seed, self.day])
        self._first_day = False
        batch = self.through("world", self.field.batch(self.day))
        self._canary = self._draws(1).random(2 * len(batch)) < CANARY
        seen = self.through("feed", Seen(batch))
        received = seen.take(np.arange(len(seen)))
        seen = self.through("parse", seen)
        X, again = self._features(seen)
        self._serve(seen)
        received.failed, received.ms = seen.failed, seen.ms
        scores = self._score(seen, X)
        reviews = self.through("reviews", self.settings.reviews)
        held = hold(self, seen, scores, reviews)
        looked, verdict, second = look(self, batch, seen, held, self._draws(2))
        self._settle(batch, seen, X, looked, verdict)
        log = Log(
            day=self.day, received=received, parsed=seen.amount, X=X, again=again, scores=scores,
            held=held, looked=looked, verdict=verdict, second=second, filed=filed,
            golden=self._known_requests(), expected=self.expected,
            canary=self._canary[: len(seen)], machine=self.machine.gauges(),
            fresh=self.store.fresh, reviews=reviews,
        )  # fmt: skip
        self._close(batch, received)
        return log, bill(batch, seen, looked, verdict, again=int((second >= 0).sum()))

    def _draws(self, number: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.day, number])

    def open(self) -> np.ndarray:
        """The night's jobs, once a day: the machine, the labels that came, the feature store.

        Gives of each label of the bank's file whether it is fraud.
        """
        if self._opened != self.day:
            self._opened, self._filed = self.day, self._night()
        return self._filed

    def probe(self) -> tuple[np.ndarray, np.ndarray]:
        """Known requests before the first payment: milliseconds to answer, and the answers."""
        ms, _ = self.machine.answer(self._draws(3), PROBES)
        return ms, self._known_requests()

    def _night(self) -> np.ndarray:
        self.machine.night()
        for part in ("disk", "process", "workers", "certificate"):
            for fault in self.steps.get(part, []):
                fault.does(self, self.machine)
        filed = self.labels.take_in(self)
        if all(fault.does(self) for fault in self.steps.get("refresh", [])):
            self.store.fresh = self.day
        return filed

    def _features(self, seen: Seen) -> tuple[np.ndarray, np.ndarray]:
        """What the model is asked with, and the same made again from a fresh store."""
        weekend = self.field.weekend(self.day)
        X = self.store.features(seen, self.day, weekend)
        again = self.store.features(seen, self.day, weekend, at=self.day)
        return self.through("features", X), again

    def _serve(self, seen: Seen) -> None:
        seen.ms, seen.failed = self.machine.answer(self.rng, len(seen))
        self.through("service", seen)
        self.through("answer", seen)

    def _score(self, seen: Seen, X: np.ndarray) -> np.ndarray:
        scores = np.full(len(seen), np.nan)
        asked = seen.scored & ~seen.failed
        if self.model is not None and asked.any():
            scores[asked] = self._answers(X[asked])
        return scores

    def _answers(self, X: np.ndarray) -> np.ndarray:
        self.asked = X
        return self.through("scores", self.model.predict_proba(X)[:, 1])

    def _known_requests(self) -> np.ndarray:
        return self._answers(self.golden) if len(self.golden) else np.empty(0)

    def _settle(self, batch: Batch, seen: Seen, X, looked, verdict) -> None:
        """Keep the day for training, and note when each label will come."""
        kept = kept_of(batch, seen, X)
        self.kept.append(kept)
        met = np.isin(np.arange(len(batch)), seen.row)
        made = np.flatnonzero(kept.seen | ~met)  # a payment that failed has no label
        if self.all_known:
            self.labels.told(self.day, made, batch.fraud[made])
        else:
            self.labels.told(self.day, seen.row[looked], verdict)
            self.labels.left_to_the_bank(self.day, batch, made, (seen.row[looked], verdict))

    def _close(self, batch: Batch, received: Seen) -> None:
        """The day's payments go to the feature store, and the day is over."""
        self.store.close(self.day, received.customer, received.amount)
        if self.steps.get("feed"):
            kept = np.isfinite(received.amount)
            was = received.customer[kept], received.amount[kept]
            self.sent_wrong.append((self.day, was, (batch.customer, batch.amount)))
        self.day += 1
