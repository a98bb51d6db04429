"""A line that says how far the grading is: drawn anew on a terminal, line by line elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

_WIDTH = 24


class Bar:
    """How many of `total` notebooks are done, and about how long the rest takes."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total, self._stream = total, stream or sys.stderr
        self._done, self._begun = 0, time.monotonic()

    def show(self, text: str = "") -> None:
        """Draw the bar, with what was done last; `done` counts it."""
        full = _WIDTH * self._done // max(1, self._total)
        line = f"[{'#' * full}{'.' * (_WIDTH - full)}] {self._done} of {self._total}"
        line += f", about {self._left()} left" if 0 < self._done < self._total else ""
        if self._stream.isatty():
            wide = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + f"{line}  {text}"[:wide].ljust(wide))
        elif text:
            self._stream.write(f"{line}  {text}\n")
        self._stream.flush()

    def done(self, text: str) -> None:
        """One more notebook is done; `text` says whose and what came of it."""
        self._done += 1
        self.show(text)

    def close(self) -> None:
        """End the line."""
        if self._stream.isatty():
            self._stream.write("\n")

    def _left(self) -> str:
        seconds = (time.monotonic() - self._begun) / self._done * (self._total - self._done)
        return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
