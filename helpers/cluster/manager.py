"""Starts what makes a store into a cluster: the controllers, the kubelet and the service proxy."""

from __future__ import annotations

import asyncio
from pathlib import Path

from .addresses import Addresses
from .controllers.base import Controller
from .controllers.cronjob import CronJobController
from .controllers.deployment import DeploymentController
from .controllers.endpointslice import EndpointSliceController
from .controllers.garbage import GarbageCollector
from .controllers.job import JobController
from .controllers.namespace import NamespaceController
from .controllers.replicaset import ReplicaSetController
from .controllers.runner import Runner
from .controllers.scheduler import Scheduler
from .kubelet import node
from .kubelet.kubelet import Kubelet
from .kubelet.timing import Timing
from .proxy import Proxy
from .store import Store


def controllers(store: Store, faster: float) -> list[Controller]:
    """All controllers, on one store."""
    kinds = (
        Scheduler, DeploymentController, ReplicaSetController, EndpointSliceController,
        CronJobController, GarbageCollector, NamespaceController,
    )  # fmt: skip
    return [*(kind(store) for kind in kinds), JobController(store, faster)]


class Manager:
    """All that works on a store. folder: where pods live; timing: see `Timing`."""

    def __init__(
        self, store: Store, folder: Path, aliases: bool | None = None, **timing: float
    ) -> None:
        self.store = store
        self.proxy = Proxy(store)
        self._timing = Timing(**timing)
        self.kubelet = Kubelet(
            store, Path(folder), self._timing, Addresses(aliases), self.proxy.wait_for_answers
        )
        self._runner: Runner | None = None
        self._task: asyncio.Task | None = None

    async def start(self) -> None:
        """Begin to work on what the store holds."""
        node.register(self.store)
        self._runner = Runner(self.store, controllers(self.store, self._timing.faster))
        await self.kubelet.start()
        await self.proxy.start()
        self._task = asyncio.create_task(self._runner.queue.run())

    async def stop(self) -> None:
        """End all pods and stop working."""
        if self._runner:
            self._runner.stop()
        if self._task:
            self._task.cancel()
        await self.proxy.stop()
        await self.kubelet.stop()
