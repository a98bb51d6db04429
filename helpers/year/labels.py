"""Which label comes when: a review's the next morning, the bank's by a file, weeks later."""

from __future__ import annotations

import numpy as np

from .store import Store
from .world import DISPUTE, Batch

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]  # a payment's day, its place there, fraud or not
NONE: Rows = (np.empty(0, int), np.empty(0, int), np.empty(0, bool))


class Calendar:
    """Labels by the day at whose midnight they come."""

    def __init__(self) -> None:
        self._due: dict[int, list[Rows]] = {}

    def note(self, made: int, places: np.ndarray, fraud: np.ndarray, due: np.ndarray) -> None:
        """Payments of the day `made`, at these places of its batch, and when each label is due."""
        order = np.argsort(due, kind="stable")
        days, starts = np.unique(due[order], return_index=True)
        for day, part in zip(days, np.split(order, starts[1:]), strict=False):
            rows = (np.full(len(part), made), places[part], fraud[part])
            self._due.setdefault(int(day), []).append(rows)

    def of(self, day: int) -> Rows:
        """The labels that are due on a day."""
        return joined(self._due.get(day, []))

    def done(self, day: int) -> None:
        """Strike a day out: its labels are read."""
        self._due.pop(day, None)

    def put_off(self, days: range, until: int) -> None:
        """Let what was due on some days, and is not struck out, come on another one."""
        for day in days:
            self._due.setdefault(until, []).extend(self._due.pop(day, []))


class Labels:
    """What has been said of payments and is not known yet, and what was read wrongly."""

    def __init__(self) -> None:
        self.reviews, self.file = Calendar(), Calendar()
        self._misread: list[tuple[int, np.ndarray, np.ndarray]] = []

    def told(self, day: int, places: np.ndarray, fraud: np.ndarray) -> None:
        """What people said of payments of a day: on record tomorrow."""
        self.reviews.note(day, places, fraud, np.full(len(places), day + 1))

    def left_to_the_bank(self, day: int, batch: Batch, made: np.ndarray, told: tuple) -> None:
        """The payments made on a day that no review has settled: their card holders will speak.

        told: places, and whether people called them fraud. A fraud that was cleared is disputed.
        """
        places, verdict = told
        settled = np.zeros(len(batch), bool)
        settled[places] = verdict | ~batch.fraud[places]
        rest = made[~settled[made]]
        due = np.minimum(batch.known[rest], day + 1 + DISPUTE)
        self.file.note(day, rest, batch.fraud[rest], due)

    def take_in(self, shop) -> np.ndarray:
        """Let shop.day's labels in, the file's through the faults that sit there.

        Gives of each label of the file, as it was read, whether it is fraud.
        """
        read = shop.through("labels", self.file.of(shop.day))
        days, places, fraud = joined([self.reviews.of(shop.day), read])
        self.reviews.done(shop.day)
        terminals = np.empty(len(days), int)
        for day in np.unique(days):
            of_day = days == day
            kept = shop.kept[day]
            kept.fraud[places[of_day]] = fraud[of_day]
            kept.known[places[of_day]] = True
            terminals[of_day] = kept.terminal[places[of_day]]
        shop.store.learn(shop.day, terminals, fraud)
        if shop.steps.get("labels"):
            filed = len(terminals) - len(read[0])
            self._misread.append((shop.day, terminals[filed:], fraud[filed:]))
        else:
            self.file.done(shop.day)
        return read[2]

    def read_again(self, store: Store, today: int) -> None:
        """Take out what was read wrongly; it comes again today, with what was not read at all."""
        for day, terminals, fraud in self._misread:
            store.unlearn(day, today, terminals, fraud)
        self._misread = []
        self.file.put_off(range(today), today)


def joined(parts: list[Rows]) -> Rows:
    """The rows of all parts as one."""
    return tuple(np.concatenate(columns) for columns in zip(*parts, strict=True)) if parts else NONE
