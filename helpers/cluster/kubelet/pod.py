"""One pod: its folder and volumes, its init containers one after the other, then the others."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from ..addresses import PORTS
from ..events import record
from ..meta import Object, name_of, namespace_of, uid_of
from ..resources import PODS
from ..store import Store
from ..times import stamp
from . import status, volumes
from .container import Container
from .environment import ConfigError
from .images import Image
from .making import RETRY
from .runtime import Runtime
from .timing import Timing

PIDS = "two-loops/pids"  # annotation of a pod: the first process of each container
NODE_ADDRESS = "127.0.0.1"


class Pod:
    """The life of one pod on this node.

    address, ports: where it listens. images: gives the table of known images. wait_for_answers:
    waits until an address owes no answer any more, at most so many seconds.
    """

    def __init__(
        self,
        store: Store,
        obj: Object,
        runtime: Runtime,
        folder: Path,
        address: str,
        ports: dict[int, int],
        images: Callable[[], dict[str, Image]],
        wait_for_answers: Callable[[str, float], Awaitable[None]],
        timing: Timing,
    ) -> None:
        self.store, self.object, self.runtime, self.timing = store, obj, runtime, timing
        self.namespace, self.name, self.uid = namespace_of(obj), name_of(obj), uid_of(obj)
        self.folder = folder / f"{self.namespace}_{self.name}_{self.uid[:8]}"
        self.address, self.ports, self.images = address, ports, images
        self._wait_for_answers = wait_for_answers
        self.volumes: dict[str, Path] = {}
        self.stopping = False
        self.init: list[Container] = []
        self.containers: list[Container] = []
        self._began = obj["status"].get("startTime") or stamp()
        self._failure: dict[str, str] = {}
        self._tasks: set[asyncio.Task] = set()

    @property
    def grace(self) -> float:
        """Seconds that its containers get to end."""
        return self.object["spec"].get("terminationGracePeriodSeconds", 30)

    def start(self) -> None:
        """Begin its life, in a task of its own."""
        self.keep(asyncio.create_task(self._live()))

    def keep(self, task: asyncio.Task) -> None:
        """Hold a task that belongs to the pod, and end it with the pod."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, grace: float) -> None:
        """End all its containers, at most `grace` seconds from now."""
        self.stopping = True
        running = [one for one in (*self.init, *self.containers) if one.is_running]
        for one in running:
            one.note("Normal", "Killing", f"Stopping container {one.name}")
        await asyncio.gather(*(one.end(grace) for one in running))
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in (*self.init, *self.containers):  # one that was being started meanwhile
            await one.end(0)

    def discard(self) -> None:
        """Delete its folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def container(self, name: str) -> Container | None:
        """The container of a name, or None."""
        return next((one for one in (*self.containers, *self.init) if one.name == name), None)

    def refresh(self) -> None:
        """Bring the files of its volumes to what their ConfigMaps and Secrets say now."""
        with contextlib.suppress(ConfigError, OSError):
            volumes.fill(self.store, self.object, self.folder / "volumes")

    def note(self, type: str, reason: str, message: str, field: str = "") -> None:
        """Record an event of the pod. field: the part of the pod that it is about."""
        if self.store.find(PODS, self.namespace, self.name):
            record(self.store, self.object, type, reason, message, "kubelet", field)

    async def drain(self, limit: float) -> None:
        """Wait until the requests that it has begun are answered; see `Timing.drain`."""
        if self.stopping:
            await self._wait_for_answers(self.address, min(limit, self.timing.drain))

    def report(self) -> None:
        """Write its status into the store."""
        current = self.store.find(PODS, self.namespace, self.name)
        if current is None or uid_of(current) != self.uid:
            return
        init, main = ([one.status for one in group] for group in (self.init, self.containers))
        init = [one | {"ready": one["ready"] or status.succeeded(one)} for one in init]
        spec, was = current["spec"], current["status"]
        phase = "Failed" if self._failure else status.phase(spec, init, main)
        told = {
            **was, "phase": phase, "hostIP": NODE_ADDRESS, "podIP": self.address,
            "hostIPs": [{"ip": NODE_ADDRESS}], "podIPs": [{"ip": self.address}],
            "startTime": self._began, "qosClass": status.quality(spec), "containerStatuses": main,
            "conditions": status.conditions(was.get("conditions", []), spec, init, main, phase),
            **({"initContainerStatuses": init} if init else {}), **self._failure,
        }  # fmt: skip
        changed = {**current, "status": told}
        self.object = self.store.update(PODS, changed, "kubelet", "status", tracked=False)
        self._annotate()

    async def _live(self) -> None:
        limit = self.object["spec"].get("activeDeadlineSeconds")
        try:
            async with asyncio.timeout(limit):
                await self._run()
        except TimeoutError:
            words = "Pod was active on the node longer than the specified deadline"
            self._failure = {"reason": "DeadlineExceeded", "message": words}
            self.stopping = True
            await asyncio.gather(*(one.end(self.grace) for one in (*self.init, *self.containers)))
            self.report()

    async def _run(self) -> None:
        spec = self.object["spec"]
        self.folder.mkdir(parents=True, exist_ok=True)
        before = self.object["status"]
        self.init = self._made(spec.get("initContainers") or [], before, "initContainerStatuses")
        self.containers = self._made(spec["containers"], before, "containerStatuses")
        self._wait_for_init()
        self.report()
        await self._fill_volumes()
        restart = spec.get("restartPolicy", "Always")
        for one in self.init:
            if await one.live("OnFailure" if restart == "Always" else restart):
                self.report()
                return
        for one in self.containers:
            one.status["state"] = {"waiting": {"reason": "ContainerCreating"}}
        await asyncio.gather(*(one.live(restart) for one in self.containers))

    def _made(self, specs: list[Object], before: Object, field: str) -> list[Container]:
        known = {one["name"]: one for one in before.get(field) or []}
        return [Container(self, spec, known.get(spec["name"])) for spec in specs]

    def _wait_for_init(self) -> None:
        for one in (*self.init[1:], *(self.containers if self.init else [])):
            one.status["state"] = {"waiting": {"reason": "PodInitializing"}}

    async def _fill_volumes(self) -> None:
        """Make its volumes; waits for as long as a ConfigMap or Secret is missing."""
        while True:
            try:
                found = volumes.fill(self.store, self.object, self.folder / "volumes")
                self.volumes.update(found)
                return
            except ConfigError as error:
                self.note("Warning", "FailedMount", f"MountVolume.SetUp failed: {error}")
                await asyncio.sleep(self.timing.scaled(RETRY))

    def _annotate(self) -> None:
        running = [one for one in self.containers if one.is_running]
        pids = ",".join(f"{one.name}={one.process.pid}" for one in running)
        moved = ",".join(f"{port}={there}" for port, there in self.ports.items() if port != there)
        own = {name: text for name, text in ((PIDS, pids), (PORTS, moved)) if text}
        notes = self.object["metadata"].get("annotations") or {}
        kept = {name: text for name, text in notes.items() if name not in (PIDS, PORTS)}
        if notes != {**kept, **own}:
            metadata = {**self.object["metadata"], "annotations": {**kept, **own}}
            changed = {**self.object, "metadata": metadata}
            self.object = self.store.update(PODS, changed, "kubelet", tracked=False)
