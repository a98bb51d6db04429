"""The log of decisions: what a model saw and what it said, payment by payment, in one SQLite file.

It is written beside the sale and never in its way: a thread takes what comes from a queue, asks
the model in the shadow for its opinion, and writes some rows at a time. Where the queue is full,
the sale goes on and the row is dropped and counted.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.payments import Costs
from helpers.payments.features import COLUMNS
from helpers.serving.decisions import Purchase
from helpers.serving.fraud.counters import Counters
from helpers.serving.fraud.policy import cheapest
from helpers.serving.fraud.scorer import Scorer

ROOM, AT_ONCE = 10_000, 200  # rows that may wait; rows of one transaction
SEEN = ("payment_id", "customer_id", "terminal_id", "amount_cents", "taken_at", *COLUMNS)
OPINION = ("payment_id", "version", "decides", "score", "verdict", "reason")
TABLES = f"""
CREATE TABLE IF NOT EXISTS seen (payment_id TEXT PRIMARY KEY, {", ".join(SEEN[1:])});
CREATE TABLE IF NOT EXISTS opinions (
    {", ".join(OPINION)}, PRIMARY KEY (payment_id, version)
);
"""
log = logging.getLogger("checkout.fraud")


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment, the features that the model saw, what was said of it, and who is to be asked."""

    purchase: Purchase
    features: Sequence[float]
    opinion: tuple[int, float, str, str]  # version, score, verdict, reason
    shadow: Scorer | None


class DecisionLog:
    """Tables `seen` (a payment with its features) and `opinions` (what each version said of it)."""

    def __init__(self, path: str, costs: Costs, counters: Counters) -> None:
        self._costs, self._counters = costs, counters
        self._queue: queue.Queue[Entry | None] = queue.Queue(ROOM)
        self._sqlite = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._sqlite.execute("PRAGMA journal_mode = WAL")
        self._sqlite.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost some rows
        self._sqlite.executescript(TABLES)
        self._thread = threading.Thread(target=self._work, name="decision log", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> None:
        """Write it down soon; never waits."""
        try:
            self._queue.put_nowait(entry)
        except queue.Full:
            self._counters.shadow.labels("dropped").inc()

    def flush(self) -> None:
        """Wait until all that was noted so far is in the file."""
        self._queue.join()

    def close(self) -> None:
        """Write what is left and close the file."""
        self._queue.put(None)
        self._thread.join()
        self._sqlite.close()

    def _work(self) -> None:
        while True:
            entries = [self._queue.get()]
            while len(entries) < AT_ONCE and not self._queue.empty():
                entries.append(self._queue.get())
            try:
                self._write([entry for entry in entries if entry is not None])
            except sqlite3.Error:
                log.exception("the log of decisions cannot be written")
            for _ in entries:
                self._queue.task_done()
            if None in entries:
                return

    def _write(self, entries: list[Entry]) -> None:
        seen, opinions = [], []
        for entry in entries:
            bought = entry.purchase
            seen.append((*(getattr(bought, name) for name in SEEN[:5]), *entry.features))
            version, score, verdict, reason = entry.opinion
            opinions.append((bought.payment_id, version, 1, score, verdict, reason))
            opinions += self._shadow(entry)
        self._sqlite.execute("BEGIN")
        for table, names, rows in (("seen", SEEN, seen), ("opinions", OPINION, opinions)):
            marks = ", ".join("?" * len(names))
            self._sqlite.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)
        self._sqlite.execute("COMMIT")

    def _shadow(self, entry: Entry) -> list[tuple]:
        """The opinion of the model that does not decide; where it fails, that is counted."""
        if entry.shadow is None:
            return []
        bought = entry.purchase
        try:
            judged = entry.shadow.judge(entry.features)
        except Exception:
            self._counters.shadow.labels("failed").inc()
            log.exception("the model in the shadow failed")
            return []
        verdict = cheapest(judged.score, bought.amount_cents / 100, self._costs)
        how = "agrees" if verdict == entry.opinion[2] else "differs"
        self._counters.shadow.labels(how).inc()
        version = entry.shadow.version
        return [(bought.payment_id, version, 0, judged.score, verdict, judged.reason)]
