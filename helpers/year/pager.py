"""From a day's figures to the alarms that are sent: silenced, rested, and watched themselves."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import WEEK
from .rules import BY_RULE, ringing
from .settings import Settings

REST = 3  # days for which an alarm is silent after its cure: figures of several days need them
AGAIN = 21  # days until nine in ten chargebacks of what came before a retraining are in
WEEKLY = ("finds", "chargebacks", "drift")  # rules on figures of a whole week
WATCHER = BY_RULE["heartbeat"]


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


class Pager:
    """Sends alarms, and knows which of them rest. limits: of each rule, by name."""

    def __init__(self, limits: dict[str, float]):
        self.limits = limits
        self.arrived = True
        self._rest: dict[str, int] = {}

    def alarms(self, day: int, figures: dict[str, float], settings: Settings, path) -> list[Alarm]:
        """The alarms of a day that reach the one on call.

        path: what the alarms pass on their way, list to list. One that always rings passes with
        them; where nothing arrives, a watcher outside says so, and can say nothing else.
        """
        rang = [
            self._alarm(day, rule, figures[rule.figure])
            for rule in ringing(figures, self.limits, settings.alerts, settings.sensitivity)
            if self._rest.get(rule.name, -1) < day
        ]
        self.arrived = bool(path(["the alarm that always rings", *rang]))
        if not self.arrived:
            watched = WATCHER.name in settings.alerts
            rang = [self._alarm(day, WATCHER, 1.0)] if watched else []
        for alarm in rang:
            self._let_rest(alarm)
        return rang

    def _alarm(self, day: int, rule, value: float) -> Alarm:
        return Alarm(day, rule.name, rule.cure, value, self.limits[rule.name])

    def _let_rest(self, alarm: Alarm) -> None:
        """The rule itself, and those it silences: their week still holds what was mended."""
        self._rest[alarm.rule] = alarm.day + (AGAIN if alarm.cure == "retrain" else REST)
        for name in BY_RULE[alarm.rule].silences:
            until = alarm.day + (WEEK if name in WEEKLY else 0)
            self._rest[name] = max(self._rest.get(name, -1), until)
