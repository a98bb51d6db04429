"""The truth about a year's faults: when each came, was found, ended. Only the score reads it."""

from __future__ import annotations

from dataclasses import dataclass

from .catalogue import Fault
from .pager import Alarm


@dataclass
class Event:
    """A fault's life, in days of the year: when it came, was found by an alarm, and ended."""

    fault: Fault
    came: int
    found: int | None = None
    ended: int | None = None
    cured: bool = False


class Incidents:
    """The events of a year so far, in the order in which they came."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def came(self, fault: Fault, day: int) -> Event:
        """A fault has come; gives its event."""
        self.events.append(Event(fault, day))
        return self.events[-1]

    def found_by(self, alarm: Alarm) -> None:
        """An alarm finds the open faults that its cure is meant for."""
        for event in self.events:
            if event.found is None and event.ended is None and event.fault.cure == alarm.cure:
                event.found = alarm.day

    def cured(self, faults: list[Fault], day: int) -> None:
        """Faults have been taken out by a cure."""
        for event in self.events:
            if event.ended is None and event.fault in faults:
                event.ended, event.cured = day, True

    def stumbled_upon(self, day: int) -> list[Fault]:
        """The faults that somebody stumbles upon this morning, cured already or not."""
        due = [event for event in self.events if day - event.came == event.fault.lasts]
        for event in due:
            event.ended = day if event.ended is None else event.ended
        return [event.fault for event in due]

    def learnable(self, day: int, after: int) -> list[Fault]:
        """Open faults that a new model mends, and that have been there for so many days."""
        return [
            event.fault
            for event in self.events
            if event.ended is None and event.fault.cure == "retrain" and event.came + after <= day
        ]
