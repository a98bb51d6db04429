"""One run of a container, watched: has it started, is it ready, is it alive?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..meta import Object
from . import probes

if TYPE_CHECKING:
    from .container import Container


class Watching:
    """The probes of a container while one run of it lasts."""

    def __init__(self, container: Container) -> None:
        self._container, self._spec = container, container.spec
        self._eager = container.pod.timing.eager
        self._tasks: list[asyncio.Task] = []
        self._has_started = False
        if hook := (self._spec.get("lifecycle") or {}).get("postStart"):
            self._tasks.append(asyncio.create_task(self._post_start(hook)))
        if "startupProbe" in self._spec:
            self._ask("startupProbe", self._tell_started, self._eager)
        else:
            self._tell_started(True)

    def stop(self) -> None:
        """The run has ended."""
        for task in self._tasks:
            task.cancel()

    def _ask(self, kind: str, tell: Callable[[bool], None], eager: float = 0.0) -> None:
        watch = probes.watch(self._container, kind, tell, eager)
        self._tasks.append(asyncio.create_task(watch))

    def _tell_started(self, good: bool) -> None:
        """Readiness and liveness are asked only once the container has started."""
        if not good:
            return self._restart("startup")
        if self._has_started:
            return
        self._has_started = self._container.status["started"] = True
        if "livenessProbe" in self._spec:
            self._ask("livenessProbe", self._tell_alive)
        if "readinessProbe" in self._spec:
            self._ask("readinessProbe", self._tell_ready, self._eager)
            self._container.pod.report()
        else:
            self._tell_ready(True)

    def _tell_ready(self, good: bool) -> None:
        if self._container.status["ready"] != good:
            self._container.status["ready"] = good
            self._container.pod.report()

    def _tell_alive(self, good: bool) -> None:
        if not good:
            self._restart("liveness")

    def _restart(self, probe: str) -> None:
        """End the run; what comes after is the pod's restart policy."""
        container = self._container
        if not container.why:
            container.why = probe
            words = f"Container {container.name} failed {probe} probe, will be restarted"
            container.note("Normal", "Killing", words)
            container.pod.keep(asyncio.create_task(container.end(container.pod.grace)))

    async def _post_start(self, hook: Object) -> None:
        container = self._container
        if not await container.hook(hook, "PostStart", container.pod.grace):
            container.pod.keep(asyncio.create_task(container.end(container.pod.grace)))
