"""The kubelet: every pod that is bound to this node gets its life here, and its end."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from ..addresses import Addresses
from ..errors import ApiError, bad_request, not_found
from ..meta import Object, is_leaving, name_of, namespace_of, uid_of
from ..resources import CONFIGMAPS, PODS, SECRETS
from ..store import Change, Store
from . import usage
from .container import Container
from .execute import Execution, execute
from .images import read_table
from .log_times import LogTimes
from .logs import Log
from .pod import Pod
from .runtime import Runtime
from .status import PHASES
from .timing import Timing
from .volumes import refers_to


async def _no_wait(address: str, limit: float) -> None:
    """Nothing is known of requests that are under way."""


log = logging.getLogger(__name__)


class Kubelet:
    """The pods of this node.

    folder: where they live; images.json in it says what images stand for. wait_for_answers: the
    service proxy's, by which a pod that ends may first answer what it has begun.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        timing: Timing,
        addresses: Addresses,
        wait_for_answers: Callable[[str, float], Awaitable[None]] = _no_wait,
    ) -> None:
        self.store, self.folder, self.timing = store, folder, timing
        self.runtime = Runtime(folder)
        self.pods: dict[str, Pod] = {}  # by uid
        self._addresses, self._wait_for_answers = addresses, wait_for_answers
        self._ending: dict[str, asyncio.Task] = {}
        self._tasks: list[asyncio.Task] = []
        self._meter, self._log_times = usage.Meter(), LogTimes()
        self._unsubscribe = lambda: None

    async def start(self) -> None:
        """Begin, with the pods that the store holds from before."""
        shutil.rmtree(self.folder / "pods", ignore_errors=True)
        await self.runtime.start()
        times = self._log_times.run(lambda: [one.log_path for one in self._running()])
        limits = usage.hold_limits(self._shim, self._containers, self.timing.memory)
        self._tasks = [asyncio.create_task(one) for one in (limits, times)]
        self._unsubscribe = self.store.subscribe(self._hear)
        for pod in list(self.store.list(PODS)):
            self._look(pod)

    async def stop(self) -> None:
        """End everything that runs; the pods stay in the store."""
        self._unsubscribe()
        for task in (*self._tasks, *self._ending.values()):
            task.cancel()
        await asyncio.gather(*(pod.stop(0) for pod in self.pods.values()))
        await self.runtime.stop()
        shutil.rmtree(self.folder / "pods", ignore_errors=True)

    def logs(self, namespace: str, pod: str, container: str, previous: bool = False) -> Log:
        """The log of a container. Raises ApiError, worded as Kubernetes does, if there is none."""
        one = self._container(namespace, pod, container)
        if log := one.log(previous):
            return replace(log, times=lambda: self._log_times.of(log.path))
        if previous:
            raise bad_request(
                f'previous terminated container "{container}" in pod "{pod}" not found'
            )
        reason = one.status["state"].get("waiting", {}).get("reason", "ContainerCreating")
        raise bad_request(f'container "{container}" in pod "{pod}" is waiting to start: {reason}')

    async def exec(
        self,
        namespace: str,
        pod: str,
        container: str,
        command: list[str],
        tty: bool = False,
        stdin: bool = False,
    ) -> Execution:
        """Start a command in a container.

        Raises ApiError where the container does not run or the command cannot be run.
        """
        one = self._container(namespace, pod, container)
        if not one.is_running:
            raise bad_request(f'container "{container}" in pod "{pod}" is not running')
        try:
            return await execute(one, command, tty, stdin)
        except OSError as error:
            words = f'exec: "{command[0]}": {error.strerror}'
            raise ApiError(500, "InternalError", words) from error

    def usage(self) -> dict[str, tuple[int, int]]:
        """CPU in nanocores and memory in bytes of each running pod, by its uid."""
        found = {}
        families = usage.families(self._shim(), self._containers())
        for uid, pod in self.pods.items():
            processes = [one for own in pod.containers for one in families.get(own, [])]
            if processes:
                began = min(one.create_time() for one in processes[:1])
                cpu = self._meter.rate(uid, usage.cpu_seconds(processes), began)
                found[uid] = (cpu, usage.memory(processes))
        return found

    def _hear(self, change: Change) -> None:
        if change.resource is PODS:
            if change.type == "DELETED":
                self._end(change.object, 0)
            else:
                self._look(change.object)
        elif change.resource in (CONFIGMAPS, SECRETS):
            kind, name = change.resource.kind, name_of(change.object)
            for pod in self.pods.values():
                if pod.namespace == namespace_of(change.object) and refers_to(
                    pod.object, kind, name
                ):
                    pod.refresh()

    def _look(self, obj: Object) -> None:
        """Begin a pod that is new here, end one that shall go."""
        if is_leaving(obj):
            self._end(obj, obj["metadata"].get("deletionGracePeriodSeconds", 0))
        elif uid_of(obj) in self.pods:
            if self.pods[uid_of(obj)].object["spec"] != obj["spec"]:
                self.pods[uid_of(obj)].object = obj
        elif obj["spec"].get("nodeName") and obj["status"].get("phase") not in PHASES[2:]:
            self._begin(obj)

    def _begin(self, obj: Object) -> None:
        pod = Pod(
            self.store, obj, self.runtime, self.folder / "pods", self._addresses.take(),
            self._addresses.ports(obj), lambda: read_table(self.folder / "images.json"),
            self._wait_for_answers, self.timing,
        )  # fmt: skip
        self.pods[uid_of(obj)] = pod
        pod.start()

    def _end(self, obj: Object, grace: float) -> None:
        uid = uid_of(obj)
        ending = self._ending.get(uid)
        if ending and grace:
            return
        if ending:
            ending.cancel()
        self._ending[uid] = asyncio.create_task(self._ended(obj, grace))

    async def _ended(self, obj: Object, grace: float) -> None:
        uid, pod = uid_of(obj), self.pods.get(uid_of(obj))
        if pod:
            try:
                await pod.stop(grace)
            except Exception:
                log.exception("pod %s", pod.name)
            self._addresses.give_back(pod.address)
            del self.pods[uid]
            await asyncio.to_thread(pod.discard)
        del self._ending[uid]
        current = self.store.find(PODS, namespace_of(obj), name_of(obj))
        if current and uid_of(current) == uid:
            self.store.remove(PODS, namespace_of(obj), name_of(obj))

    def _container(self, namespace: str, pod: str, container: str) -> Container:
        obj = self.store.get(PODS, namespace, pod)
        mine = self.pods.get(uid_of(obj))
        found = mine.container(container) if mine else None
        if mine and not found:
            raise bad_request(f"container {container} is not valid for pod {pod}")
        if not found:
            raise not_found(PODS, pod)
        return found

    def _containers(self) -> list[Container]:
        return [one for pod in self.pods.values() for one in (*pod.init, *pod.containers)]

    def _running(self) -> list[Container]:
        return [one for one in self._containers() if one.is_running]

    def _shim(self) -> int:
        return self.runtime.shim.pid if self.runtime.shim else 0
