"""Corner's checkout with its fraud model, a day at a time: the pieces that faults act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .catalogue import REACH, Fault
from .machine import Machine
from .settings import COSTS, FAILED, TWICE, Settings
from .store import Seen, Store
from .world import DISPUTE, Batch, Field

CANARY = 0.1  # share of the payments that a release meets on its first day
FIRST = 40  # day on which the first model is trained, on ten days


@dataclass
class Log:
    """What is on record of one day, and all that monitoring may read.

    seen: the payments as received. X: the features that the model was asked with; again: the same,
    made again from what was received. scores: NaN where nobody asked. worth: what a review was
    expected to save. held: places of the payments to be looked into; looked: of those that were.
    verdict: fraud or not, of `looked`; second: the same by a second pair of eyes, -1 where none
    looked. filed: of the bank's file, whether each label is fraud. golden: answers to the known
    requests. machine, fresh and reviews: as found in the evening.
    """

    day: int
    received: Seen
    parsed: np.ndarray
    X: np.ndarray
    again: np.ndarray
    scores: np.ndarray
    worth: np.ndarray
    held: np.ndarray
    looked: np.ndarray
    verdict: np.ndarray
    second: np.ndarray
    filed: np.ndarray
    found_late: int
    golden: np.ndarray
    canary: np.ndarray
    machine: dict[str, float]
    fresh: int
    reviews: int


@dataclass
class Kept:
    """What is kept of a day for training: features, and the labels as far as they are known."""

    X: np.ndarray
    fraud: np.ndarray
    customer: np.ndarray
    terminal: np.ndarray
    seen: np.ndarray


@dataclass
class Shop:
    """The running pieces on a morning. `steps` holds what faults have put in, by step."""

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
    released: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        world = self.field.world
        self.store = Store(world.days, world.customers, world.terminals)
        self._due: dict[int, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
        self._file: dict[int, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
        self._wrong: list[tuple[int, tuple, tuple]] = []
        self._misread: list[tuple[int, np.ndarray, np.ndarray]] = []
        self.asked = np.empty((0, 15), np.float32)
        self.golden = np.empty((0, 15), np.float32)

    @property
    def rng(self) -> np.random.Generator:
        """Draws of today, the same whatever was drawn before."""
        return self._rng

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
            self._restore(fault.step)

    def cure(self, cure: str) -> list[Fault]:
        """Do what a cure does to its parts, and give the faults that sat there."""
        gone = []
        for step in REACH[cure]:
            gone += self.steps.pop(step, [])
            self._restore(step)
        return gone

    def _restore(self, step: str) -> None:
        usual = Machine()
        if step in ("disk", "certificate"):
            setattr(self.machine, step, getattr(usual, step))
        if step == "feed":  # the tills send again what came wrongly
            for day, was, now in self._wrong:
                self.store.resend(day, self.day, was, now)
            self._wrong = []
        if step == "process":
            self.machine.memory = usual.memory
        if step == "labels":  # what was not read, or read wrongly, is read again
            for day, terminals, fraud in self._misread:
                self.store.unlearn(day, self.day, terminals, fraud)
            self._misread = []
            for day in range(max(0, self.day - 90), self.day):
                self._file.setdefault(self.day, []).extend(self._file.pop(day, []))
        if step == "candidate" and self.previous is not None:
            self.model, self.previous = self.previous, None

    def through(self, step: str, value: Any) -> Any:
        """What the faults that sit at a step make of what comes through it."""
        for fault in self.steps.get(step, []):
            self._first_day = (
                self.settings.rollout == "canary" and self.released.get(fault.name) == self.day
            )
            value = fault.does(self, value)
        return value

    def play(self) -> tuple[Log, dict[str, float]]:
        """One day: payments come, are scored, decided and looked into; labels come in.

        Gives what is on record, and the bill in money by its parts.
        """
        self._rng = np.random.default_rng([self.seed, self.day])
        self._first_day = False
        batch = self.through("world", self.field.batch(self.day))
        self._canary = np.random.default_rng([self.seed, self.day, 1]).random(2 * len(batch))
        self._canary = self._canary < CANARY
        filed, late = self._morning()
        seen = self.through("feed", Seen(batch))
        received = seen.take(np.arange(len(seen)))
        seen = self.through("parse", seen)
        weekend = self.field.weekend(self.day)
        X = self.store.features(seen, self.day, weekend)
        again = self.store.features(seen, self.day, weekend, at=self.day)
        X = self.through("features", X)
        self._serve(seen)
        scores = self._score(seen, X)
        worth, held = self._hold(seen, scores)
        looked, verdict, second, extra = self._look(batch, seen, held)
        self._settle(batch, seen, X, looked, verdict)
        log = Log(
            self.day, received, seen.amount, X, again, scores, worth, held, looked, verdict, second,
            filed, late, self._known_requests(), self._canary[: len(seen)],
            {name: float(value) for name, value in vars(self.machine).items()},
            self.store.fresh, self._reviews,
        )  # fmt: skip
        log.received.failed, log.received.ms = seen.failed, seen.ms
        bill = self._bill(batch, seen, looked, verdict)
        self.store.close(self.day, received.customer, received.amount)
        if self.steps.get("feed"):
            kept = np.isfinite(received.amount)
            was = received.customer[kept], received.amount[kept]
            self._wrong.append((self.day, was, (batch.customer, batch.amount)))
        self.day += 1
        return log, bill | {"reviews": COSTS.review * (len(looked) + extra)}

    def _morning(self) -> tuple[np.ndarray, int]:
        """Labels that this midnight brings, of reviews and of the bank's file, are taken in."""
        self.machine.night()
        for part in ("disk", "process", "workers", "certificate"):
            for fault in self.steps.get(part, []):
                fault.does(self, self.machine)
        file = self._file.get(self.day, [])
        whole = tuple(np.concatenate(x) for x in zip(*file, strict=True)) if file else _NONE
        read = self.through("labels", whole)
        if not self.steps.get("labels"):
            self._file.pop(self.day, None)
        rows = [*self._due.pop(self.day, []), read]
        days, places, fraud = (np.concatenate(x) for x in zip(*rows, strict=True))
        terminals = np.empty(len(days), int)
        for day in np.unique(days):
            of_day = days == day
            self.kept[day].fraud[places[of_day]] = fraud[of_day]
            terminals[of_day] = self.kept[day].terminal[places[of_day]]
        self.store.learn(self.day, terminals, fraud)
        if self.steps.get("labels"):
            filed = len(terminals) - len(read[0])
            self._misread.append((self.day, terminals[filed:], fraud[filed:]))
        refresh = all(f.does(self) for f in self.steps.get("refresh", []))
        self.store.fresh = self.day if refresh else self.store.fresh
        return read[2], int(read[2].sum())

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

    def _hold(self, seen: Seen, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a review is expected to save, and the payments where it saves most."""
        self._reviews = self.through("reviews", self.settings.reviews)
        amount = np.nan_to_num(seen.amount)
        if self.model is None:
            scores = np.where(seen.failed, np.nan, 0.02)
        worth = scores * (amount * COSTS.fraud_loss + COSTS.chargeback_fee) - COSTS.review
        worth = self.through("worth", np.where(np.isnan(worth), -1e9, worth))
        best = np.argsort(-worth, kind="stable")[: self._reviews]
        return worth, best[worth[best] > 0]

    def _look(self, batch: Batch, seen: Seen, held: np.ndarray):
        """Which are looked into, what people say, and what a second pair says of one in five."""
        looked = self.through("desk", held)
        truth = batch.fraud[seen.row[looked]]
        verdict = self.through("verdict", truth)
        twice = np.zeros(len(looked), bool)
        twice[np.random.default_rng([self.seed, self.day, 2]).permutation(len(looked))[:4]] = True
        return looked, verdict, np.where(twice, truth, -1).astype(int), int(twice.sum())

    def _settle(self, batch: Batch, seen: Seen, X, looked, verdict) -> None:
        """Keep the day for training, and note when each label will come."""
        rows, first = np.unique(seen.row[~seen.failed], return_index=True)
        kept = np.zeros((len(batch), X.shape[1]), np.float32)
        kept[rows] = X[~seen.failed][first]
        there = np.zeros(len(batch), bool)
        there[rows] = True
        fraud = np.zeros(len(batch), bool)
        self.kept.append(Kept(kept, fraud, batch.customer, batch.terminal, there))
        known = np.minimum(batch.known, self.day + DISPUTE + 1)
        gone = np.ones(len(batch), bool)
        gone[seen.row] = False
        made = np.flatnonzero(there | gone)
        if self.all_known:
            self._note(self._due, np.full(len(made), self.day + 1), made, batch.fraud[made])
            return
        place, said = seen.row[looked], verdict
        self._note(self._due, np.full(len(place), self.day + 1), place, said)
        stopped = np.zeros(len(batch), bool)
        stopped[place] = said | ~batch.fraud[place]
        rest = made[~stopped[made]]
        self._note(self._file, known[rest], rest, batch.fraud[rest])

    def _note(self, calendar: dict, days: np.ndarray, rows: np.ndarray, fraud: np.ndarray) -> None:
        if not len(days):
            return
        order = np.argsort(days, kind="stable")
        values, starts = np.unique(days[order], return_index=True)
        for day, part in zip(values, np.split(order, starts[1:]), strict=True):
            entry = (np.full(len(part), self.day), rows[part], fraud[part])
            calendar.setdefault(int(day), []).append(entry)

    def _bill(self, batch: Batch, seen: Seen, looked, verdict) -> dict[str, float]:
        made, stopped = np.ones(len(batch), bool), np.zeros(len(batch), bool)
        made[seen.row[seen.failed]] = False
        stopped[seen.row[looked][verdict]] = True
        missed = batch.fraud & made & ~stopped
        loss = batch.amount[missed] * COSTS.fraud_loss + COSTS.chargeback_fee
        return {
            "missed fraud": float(loss.sum()),
            "failed payments": FAILED * int((~made & ~batch.fraud).sum()),
            "paid twice": TWICE * int(len(seen) - len(np.unique(seen.row))),
            "frauds": int(batch.fraud.sum()),
            "caught": int((batch.fraud & stopped).sum()),
        }


_NONE = (np.empty(0, int), np.empty(0, int), np.empty(0, bool))
