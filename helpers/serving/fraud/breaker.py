"""A rest for a model that keeps failing, so that not every sale waits for it in vain.

Source: Nygard, "Release It!", 2nd edition 2018, the pattern "Circuit Breaker".
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row; after `failures` of them the model rests for `rest` seconds.

    Then one payment may try it again: if that fails too, the next rest begins at once.
    """

    def __init__(
        self, failures: int, rest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures, self._rest, self._clock = failures, rest, clock
        self._in_a_row, self._until = 0, 0.0

    def resting(self) -> bool:
        """Whether the model is to be left alone now."""
        if self._in_a_row < self._failures:
            return False
        if self._clock() < self._until:
            return True
        self._until = self._clock() + self._rest  # this one tries, the others wait
        return False

    def went(self, well: bool) -> None:
        """Note how a payment went."""
        self._in_a_row = 0 if well else self._in_a_row + 1
        if self._in_a_row >= self._failures:
            self._until = self._clock() + self._rest
