"""What a build came to: its stages, files and test results, and the log without its secrets."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MASK = "****"
# From good to bad: a build is as bad as the worst that happened in it.
RESULTS = ("SUCCESS", "UNSTABLE", "FAILURE", "ABORTED")


@dataclass
class StageResult:
    """One stage: SUCCESS, UNSTABLE, FAILURE, ABORTED or SKIPPED, and how long it took."""

    name: str
    status: str
    seconds: float = 0.0


@dataclass
class Build:
    """A build that has ended.

    artifacts: the archived files. tests: how many passed, failed and were skipped. folder: where
    it ran. log: all that it printed, with **** for each secret. error: why it failed, or "".
    """

    status: str = "SUCCESS"
    stages: list[StageResult] = field(default_factory=list)
    artifacts: list[Path] = field(default_factory=list)
    tests: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TESTS, 0))
    folder: Path | None = None
    log: str = ""
    error: str = ""

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, tests: Mapping[str, int]) -> None:
        """Add test results; stages that run side by side may do so at once."""
        with self._lock:
            for name, number in tests.items():
                self.tests[name] += number

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return self.status == "SUCCESS"

    def __repr__(self) -> str:
        width = max((len(one.name) for one in self.stages), default=0)
        rows = [f"{one.name:<{width}}  {one.status}" for one in self.stages]
        return "\n".join([f"Finished: {self.status}", *rows])


TESTS = ("passed", "failed", "skipped")


def worse(one: str, other: str) -> str:
    """The worse of two results; a skipped stage spoils nothing."""
    return max((r for r in (one, other) if r in RESULTS), key=RESULTS.index)


class Log:
    """Lines that are shown as they come and kept, each secret replaced before either."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._secrets, self._lock = say, set(), threading.Lock()
        self._prefix = ""
        self.lines: list[str] = []

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these from now on; a secret of several lines is masked line by line as well."""
        for secret in secrets:
            for part in filter(str.strip, (secret, *secret.splitlines())):
                # A shell shows a quote inside a quoted word in one of these two ways.
                shell = (part.replace("'", end) for end in ("'\\''", "'\"'\"'"))
                self._secrets.update((part, *shell))

    def masked(self, text: str) -> str:
        """The text with each secret replaced; the longest first, as one may hold another."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text

    def branch(self, name: str) -> Log:
        """The same log for a stage that runs beside others: its lines begin with its name."""
        other = copy.copy(self)
        other._prefix = f"{self._prefix}[{name}] "
        return other

    def __call__(self, text: str) -> None:
        clean = self._prefix + self.masked(text)
        with self._lock:
            self.lines.append(clean)
            self._say(clean)
