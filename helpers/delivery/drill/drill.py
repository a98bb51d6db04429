"""The drill: a fault drawn at random, a clock, a diagnosis, a cure, and what came when."""

from __future__ import annotations

import html
import random
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from .faults import ACTIONS, FAULTS, Fault, fault

QUIET_SECONDS = (1.0, 3.0)  # between `start` and the fault
STEPS = {"to notice": "noticed", "to diagnose": "diagnosed", "to restore": "restored"}


class Site(Protocol):
    """Where a drill takes place: a shop that runs, or a recorded one."""

    def begin(self, fault: Fault) -> None:
        """Make the fault."""

    def act(self, action: str) -> None:
        """Do one of ACTIONS."""

    def well(self) -> bool:
        """Whether no fault shows."""

    def open(self) -> None:
        """Let customers come."""


@dataclass(frozen=True)
class Event:
    """Something that happened: Unix seconds, a kind, and words."""

    at: float
    kind: str
    words: str


class Drill:
    """One incident from its beginning to its end, with the clock running.

    site: where it takes place. seed: the same seed draws the same fault; without one it is drawn
    afresh. The fault begins some seconds after `start`, without a word; `wait` says how many.
    """

    def __init__(self, site: Site, seed: int | None = None, wait: float | None = None) -> None:
        self._site, draw = site, random.Random(seed)
        self._fault = draw.choice(FAULTS)
        self._wait = draw.uniform(*QUIET_SECONDS) if wait is None else wait
        self._begun, self.events = threading.Event(), list[Event]()

    def start(self) -> Drill:
        """Let customers come, and the fault some seconds later; it does not wait for it."""
        if self.events:
            raise RuntimeError("This drill has been started already; make a new one.")
        self._note("started", "Customers come; all is well.")
        self._site.open()
        timer = threading.Timer(self._wait, self._strike)
        timer.daemon = True
        timer.start()
        return self

    def notice(self, what: str) -> Drill:
        """Say that something is wrong, and what you see; this stops the first clock."""
        self._needs_start()
        self._note("noticed", what)
        return self

    def diagnose(self, name: str) -> Drill:
        """Say which fault it is, by its name in `causes()`. Raises KeyError for another name."""
        said = fault(name)
        self._needs_start()
        if not self._when("noticed"):
            self._note("noticed", f"by the diagnosis: {name}")
        right = self._begun.is_set() and said is self._fault
        kind = "diagnosed" if right else "misread"
        self._note(kind, f"{said.cause}{'' if right else ': that is not it'}")
        return self

    def restore(self, action: str, limit: float = 20.0) -> Drill:
        """Do something about it, and look whether the service is well again.

        action: one of `actions()`; each is really done. Raises KeyError for another.
        """
        if action not in ACTIONS:
            raise KeyError(f"no action {action!r}; there are {', '.join(ACTIONS)}")
        self._needs_start()
        self._begun.wait(QUIET_SECONDS[1] + limit)
        self._note("acted", action)
        self._site.act(action)
        cured = action == self._fault.cure and self._comes_back(limit)
        words = "no fault shows any more" if cured else "the fault is still there"
        self._note("restored" if cured else "in vain", words)
        return self

    @property
    def right(self) -> bool:
        """Whether the fault has been named."""
        return self._when("diagnosed") is not None

    @property
    def restored(self) -> bool:
        """Whether the service is well again."""
        return self._when("restored") is not None

    @property
    def cause(self) -> str:
        """What it was, once it has been named; before that it is not told."""
        return self._fault.cause if self.right else "not named yet"

    def span(self) -> tuple[float, float]:
        """When the fault began and ended, in Unix seconds; while it is there it ends now."""
        return self._when("fault") or time.time(), self._when("restored") or time.time()

    @property
    def last_words(self) -> str:
        """What the last event was."""
        return self.events[-1].words if self.events else "not started"

    def seconds(self) -> dict[str, float | None]:
        """Seconds from the fault's beginning to each step, None where it is still to come."""
        begun = self._when("fault")
        steps = {name: self._when(kind) for name, kind in STEPS.items()}
        return {
            name: None if begun is None or at is None else round(at - begun, 1)
            for name, at in steps.items()
        }

    def timeline(self) -> list[tuple[float, str, str]]:
        """Each event: seconds after the fault began, its kind, its words.

        The fault's own beginning is told once it has been named.
        """
        begun = self._when("fault") or self._when("started") or 0.0
        shown = [one for one in self.events if one.kind != "fault" or self.right]
        return [(round(one.at - begun, 1), one.kind, one.words) for one in shown]

    def __str__(self) -> str:
        if not self.events:
            return "A drill that has not been started."
        state = "restored" if self.restored else "named, not restored" if self.right else "open"
        lines = [f"Incident: {state}"]
        known = self.seconds().items() if self.right or self.restored else ()
        lines += [f"  {name}: {value:g} s" for name, value in known if value is not None]
        return "\n".join([*lines, f"  last: {self.last_words}"])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": _page(self)}

    def _strike(self) -> None:
        self._site.begin(self._fault)
        self._note("fault", self._fault.cause)
        self._begun.set()

    def _comes_back(self, limit: float) -> bool:
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if self._site.well():
                return True
            time.sleep(0.3)
        return False

    def _needs_start(self) -> None:
        if not self.events:
            raise RuntimeError("Start the drill first: drill.start().")

    def _note(self, kind: str, words: str) -> None:
        self.events.append(Event(time.time(), kind, words))

    def _when(self, kind: str) -> float | None:
        return next((one.at for one in self.events if one.kind == kind), None)


def causes() -> dict[str, str]:
    """The faults that a drill can draw: name and cause."""
    return {one.name: one.cause for one in FAULTS}


def actions() -> list[str]:
    """What can be done about a fault, in the order of the alphabet."""
    return sorted(ACTIONS)


def _page(drill: Drill) -> str:
    title, *rest = str(drill).splitlines()
    rows = "".join(f"<li>{html.escape(line.strip())}</li>" for line in rest)
    return (
        '<div role="status" style="border-left:4px solid var(--jp-info-color1, #0277bd);'
        'padding:0.4em 0 0.4em 1em;color:var(--jp-content-font-color1, inherit)">'
        f"<strong>{html.escape(title)}</strong><ul>{rows}</ul></div>"
    )
