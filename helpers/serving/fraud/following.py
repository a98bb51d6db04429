"""What comes into a ledger that several processes share, read in the order in which it was kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from helpers.serving.ledger import LedgerUnavailable

AFTER = """
SELECT rowid, customer_id, terminal_id, amount_cents, taken_at FROM payments
WHERE rowid > ? ORDER BY rowid
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the windows want to know of a payment in the ledger; fields as in `ledger.Payment`."""

    customer_id: int
    terminal_id: int
    amount_cents: int
    taken_at: int


class Following:
    """Reads on in the ledger at `path`, from behind the row `last`."""

    def __init__(self, path: str, last: int) -> None:
        self._sqlite = sqlite3.connect(path, timeout=5, check_same_thread=False)
        self._last = last

    def more(self) -> list[Entry]:
        """What was kept since the last call. Raises LedgerUnavailable."""
        try:
            rows = self._sqlite.execute(AFTER, (self._last,)).fetchall()
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"The ledger cannot be read: {error}.") from error
        self._last = rows[-1][0] if rows else self._last
        return [Entry(*row[1:]) for row in rows]

    def close(self) -> None:
        """Read no more."""
        self._sqlite.close()
