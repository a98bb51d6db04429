"""Cron's schedules: five fields that say at which minutes something is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
MACROS = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}  # fmt: skip
YEARS = 5  # how far ahead a time is looked for; 29 February comes within it


class Schedule:
    """The times of a schedule such as "*/5 9-17 * * mon-fri", in a time zone.

    Raises ValueError where the text is no schedule or the zone none that is known.
    """

    def __init__(self, text: str, zone: str = "UTC") -> None:
        fields = MACROS.get(text.strip(), text).split()
        if len(fields) != 5:
            raise ValueError(f"expected exactly 5 fields, found {len(fields)}: {text!r}")
        try:
            self.zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {zone}") from error
        self.minutes = _field(fields[0], 0, 59)
        self.hours = _field(fields[1], 0, 23)
        self.days = _field(fields[2], 1, 31)
        self.months = _field(fields[3], 1, 12, MONTHS, 1)
        self.weekdays = {day % 7 for day in _field(fields[4], 0, 7, DAYS)}
        # Where both are given, a day that meets one of them will do.
        self._either = not any(one.startswith(("*", "?")) for one in (fields[2], fields[4]))

    def next(self, after: datetime) -> datetime | None:
        """The first time after a moment, in that moment's zone; None where there is none."""
        moment = after.astimezone(self.zone).replace(second=0, microsecond=0)
        moment += timedelta(minutes=1)
        last = moment + timedelta(days=366 * YEARS)
        while moment < last:
            if not self._is_day(moment):
                moment = moment.replace(hour=0, minute=0) + timedelta(days=1)
            elif moment.hour not in self.hours:
                moment = moment.replace(minute=0) + timedelta(hours=1)
            elif moment.minute not in self.minutes:
                moment += timedelta(minutes=1)
            else:
                return moment.astimezone(after.tzinfo)
        return None

    def last(self, after: datetime, until: datetime) -> datetime | None:
        """The last time after one moment and not after another; None where there is none."""
        found, moment = None, self.next(after)
        while moment and moment <= until:
            found, moment = moment, self.next(moment)
        return found

    def _is_day(self, moment: datetime) -> bool:
        if moment.month not in self.months:
            return False
        day, weekday = moment.day in self.days, moment.isoweekday() % 7 in self.weekdays
        return (day or weekday) if self._either else (day and weekday)


def _field(text: str, low: int, high: int, names: list[str] = (), first: int = 0) -> set[int]:
    """The numbers of one field: lists of numbers, names, ranges and steps."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        begin, dash, end = span.partition("-")
        if span in ("*", "?"):
            a, b = low, high
        else:
            a = _number(begin, names, first)
            b = _number(end, names, first) if dash else (high if step else a)
        size = _number(step, (), 0) if step else 1
        if not (low <= a <= b <= high) or size < 1:
            raise ValueError(f"{part!r} is not within {low} to {high}")
        found.update(range(a, b + 1, size))
    return found


def _number(text: str, names: list[str], first: int) -> int:
    if text in names:
        return list(names).index(text) + first
    if not text.isdigit():
        raise ValueError(f"{text!r} is no number")
    return int(text)
