"""The machine under the service, as numbers: disk, memory, certificate, workers, time to answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

WAIT = 500.0  # milliseconds after which a till gives up
BUSY = 0.25  # share of the workers' time in the busiest hour of a usual day


@dataclass
class Machine:
    """What the service runs on. disk and memory are shares in use, certificate days still good.

    This part is simulated: waiting times are those of a queue, 1 / (1 - load) times the work.
    """

    disk: float = 0.5
    memory: float = 0.4
    certificate: int = 60
    work: float = 1.0
    workers: int = 1

    def night(self) -> None:
        """A usual night: nothing grows, the certificate is renewed when 30 days are left."""
        self.work = 1.0
        self.certificate = self.certificate - 1 if self.certificate > 30 else 60

    def answer(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Milliseconds to answer for each request, and whether it failed."""
        load = min(BUSY * self.work / self.workers, 0.95)
        ms = rng.lognormal(np.log(20), 0.4, count) * self.work / self.workers / (1 - load)
        failed = (rng.random(count) < 0.0005) | (ms > WAIT)
        if self.disk >= 1 or self.certificate <= 0:
            failed[:] = True
        if self.memory >= 1:
            failed |= rng.random(count) < 0.5
        return ms, failed

    def gauges(self) -> dict[str, float]:
        """Its state as numbers, by name, as a monitor reads them."""
        return {name: float(value) for name, value in asdict(self).items()}
