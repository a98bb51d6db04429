"""How long things take here, beside what manifests say: the times that Kubernetes fixes itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds, unless said otherwise.

    faster: how many times faster a restart is tried again than in Kubernetes, where the pauses are
    10 s, doubling to 5 minutes. eager: how often a container that is not ready yet is asked, since
    a lesson's pods start in a fraction of a period. drain: how long a pod that ends may answer
    what it has begun before it is told to. memory: how often memory is held against its limit.
    """

    faster: float = 10.0
    eager: float = 0.2
    drain: float = 2.0
    memory: float = 0.1

    def scaled(self, seconds: float) -> float:
        """A pause of Kubernetes' as it is here."""
        return seconds / self.faster
