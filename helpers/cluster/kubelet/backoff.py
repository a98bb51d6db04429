"""How long a container that failed waits before it is started again."""

from __future__ import annotations

FIRST, LONGEST = 10.0, 300.0  # seconds, as in Kubernetes
FORGOTTEN = 600.0  # a container that ran so long has its failures forgotten


class Backoff:
    """The pauses of one container: none, 10 s, 20 s, and so on up to five minutes."""

    def __init__(self) -> None:
        self._next = 0.0

    def pause(self) -> float:
        """Kubernetes' seconds until the next start; the one after waits twice as long."""
        now = self._next
        self._next = min(now * 2, LONGEST) if now else FIRST
        return now

    def ran(self, seconds: float) -> None:
        """A run has ended that lasted so long, in Kubernetes' seconds."""
        if seconds >= FORGOTTEN:
            self._next = 0.0
