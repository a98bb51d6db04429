"""One container of a pod: started, watched by its probes, and started again when it has ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..meta import Object
from ..times import stamp
from . import probes
from .backoff import Backoff
from .environment import ConfigError, environment, expand
from .images import Image, ImageError, resolve
from .logs import Log
from .runtime import Process
from .sandbox import Sandbox
from .shim import MARK

if TYPE_CHECKING:
    from .pod import Pod

RETRY = 10.0  # Kubernetes' seconds until a container that cannot be made is tried again
CANNOT_START = 128  # the exit code of a container whose command cannot be run
LOG_TAIL = 80  # lines of a log that may stand for a missing termination message


class Container:
    """The life of one container. status: what the pod's status says of it."""

    def __init__(self, pod: Pod, spec: Object, before: Object | None = None) -> None:
        """before: its status in the life of an earlier server, where there was one."""
        self.pod, self.spec, self.name = pod, spec, spec["name"]
        self.process: Process | None = None
        self.sandbox = Sandbox(pod.folder / self.name, pod.volumes, pod.ports)
        self.env: dict[str, str] = {}
        self.workdir = self.sandbox.root
        self.why = ""  # why it was ended, where the kubelet did it
        self.has_started = asyncio.Event()
        self._backoff, self._probing = Backoff(), []
        self.status = {
            "name": self.name, "image": spec["image"], "imageID": "", "ready": False,
            "started": False, "restartCount": 0, "lastState": {},
            "state": {"waiting": {"reason": "ContainerCreating"}},
        }  # fmt: skip
        if before:
            self._remember(before)

    async def live(self, restart: str) -> int:
        """Run until it has ended for good, and give its exit code. restart: the pod's policy."""
        while True:
            begun = time.monotonic()
            code = await self.run()
            factor = self.pod.timing.faster
            self._backoff.ran((time.monotonic() - begun) * factor)
            if self.pod.stopping or restart == "Never" or (restart == "OnFailure" and code == 0):
                return code
            last = self.status["state"]
            await self._pause(self._backoff.pause(), last)
            self.status["lastState"] = last
            self.status["restartCount"] += 1

    async def run(self) -> int:
        """Run once, from making it to its end, and give the exit code."""
        image = await self._image()
        process = await self._start(image)
        if process is None:
            return CANNOT_START
        self._begin_probes()
        try:
            code = await process.wait()
        finally:
            for task in self._probing:
                task.cancel()
        self._ended(code)
        return code

    async def end(self, grace: float, why: str = "") -> None:
        """Ask it to end, after its preStop hook, and make it when the time is up."""
        process, until = self.process, time.monotonic() + grace
        if process is None or not process.running:
            return
        self.why = self.why or why
        if hook := (self.spec.get("lifecycle") or {}).get("preStop"):
            await self.hook(hook, "PreStop", grace)
        await self.pod.drain(max(0.0, until - time.monotonic()))
        process.signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            left = until - time.monotonic()
            await asyncio.wait_for(process.wait(), max(left, 2.0 if hook and grace else 0.0))
        process.kill()
        await process.wait()

    async def hook(self, action: Object, name: str, limit: float) -> bool:
        """Run a lifecycle hook; a failure is an event."""
        if "sleep" in action:
            await asyncio.sleep(min(action["sleep"]["seconds"], limit))
            return True
        error = await probes.ask(self, action, limit)
        if error:
            self.note("Warning", f"Failed{name}Hook", f"{name}Hook failed: {error}")
        return not error

    async def run_command(self, command: list[str]) -> tuple[int, str]:
        """Run a command beside the container's own, and give its exit code and output.

        Raises OSError where it cannot be run.
        """
        with tempfile.TemporaryFile() as out, open(os.devnull, "rb") as nothing:
            files = (nothing.fileno(), out.fileno(), out.fileno())
            process = await self.spawn(command, files)
            try:
                code = await process.wait()
            finally:
                process.kill()
            out.seek(0)
            return code, out.read(10_000).decode(errors="replace")

    async def spawn(
        self, command: list[str], files: tuple[int, int, int], terminal: bool = False, **env: str
    ) -> Process:
        """Start a process in the container. Raises OSError."""
        runtime = self.pod.runtime
        return await runtime.spawn(command, self.env | env, self.workdir, files, terminal)

    def log(self, previous: bool = False) -> Log | None:
        """The log of its run, or of the run before; None where there was none."""
        number = self.status["restartCount"] - previous
        path = self._log_path(number)
        if number < 0 or not path.exists():
            return None
        return Log(path, lambda: self.status["restartCount"] != number or not self.is_running)

    @property
    def is_running(self) -> bool:
        """Whether its process runs."""
        return bool(self.process and self.process.running)

    def note(self, type: str, reason: str, message: str) -> None:
        """Record an event of the pod, about this container."""
        kind = "initContainers" if self in self.pod.init else "containers"
        self.pod.note(type, reason, message, f"spec.{kind}{{{self.name}}}")

    async def _image(self) -> Image:
        """What the image stands for; waits for as long as it stands for nothing."""
        backoff, name = Backoff(), self.spec["image"]
        backoff.pause()
        while True:
            try:
                image = resolve(self.spec, self.pod.images())
            except ImageError as error:
                words, why = f'Failed to pull image "{name}": {error}', str(error)
            else:
                words = f'Image "{name}" is not pulled: the container is a process of this machine'
                self.note("Normal", "Pulled", words)
                return image
            self.note("Warning", "Failed", words)
            self.note("Warning", "Failed", "Error: ErrImagePull")
            self._wait_with("ErrImagePull", words)
            await asyncio.sleep(0.2)
            self.note("Normal", "BackOff", f'Back-off pulling image "{name}"')
            self.note("Warning", "Failed", "Error: ImagePullBackOff")
            self._wait_with("ImagePullBackOff", f'Back-off pulling image "{name}": {why}')
            await asyncio.sleep(self.pod.timing.scaled(backoff.pause()))

    async def _start(self, image: Image) -> Process | None:
        """Make the container and start its process; None where the process cannot be started."""
        while True:
            try:
                command = self._prepare(image)
                break
            except (ConfigError, ValueError) as error:
                self.note("Warning", "Failed", f"Error: {error}")
                self._wait_with("CreateContainerConfigError", str(error))
                await asyncio.sleep(self.pod.timing.scaled(RETRY))
        self.note("Normal", "Created", f"Created container: {self.name}")
        try:
            process = await self._spawn_first(command)
        except OSError as error:
            self._could_not_start(command, error)
            return None
        self.process, self.why = process, ""
        self.status |= {
            "state": {"running": {"startedAt": stamp()}}, "containerID": f"process://{process.pid}",
            "started": "startupProbe" not in self.spec, "ready": False,
        }  # fmt: skip
        self.note("Normal", "Started", f"Started container {self.name}")
        return process

    def _prepare(self, image: Image) -> list[str]:
        workdir = self.sandbox.prepare(self.spec)
        own = not self.spec.get("workingDir") and image.workdir
        self.workdir = Path(image.workdir) if own else workdir
        self.env = environment(self.pod.store, self.pod.object, self.spec, image, self.sandbox)
        number = self.status["restartCount"]
        self.env[MARK] = f"{self.pod.uid}/{self.name}/{number}"
        given = self.spec.get("command")
        command = [*(given or image.command), *(self.spec.get("args") or [])]
        return [self.sandbox.real(expand(word, self.env)) for word in command]

    async def _spawn_first(self, command: list[str]) -> Process:
        number = self.status["restartCount"]
        with contextlib.suppress(OSError):
            self._log_path(number - 2).unlink()
        with open(os.devnull, "rb") as nothing, open(self._log_path(number), "ab") as out:
            files = (nothing.fileno(), out.fileno(), out.fileno())
            runtime = self.pod.runtime
            return await runtime.spawn(command, self.env, self.workdir, files, first=True)

    def _begin_probes(self) -> None:
        self.has_started.clear()
        self._probing = [asyncio.create_task(self._after_start())]
        if hook := (self.spec.get("lifecycle") or {}).get("postStart"):
            self._probing.append(asyncio.create_task(self._post_start(hook)))
        if "startupProbe" in self.spec:
            self._probe("startupProbe", self._tell_started, self.pod.timing.eager)
        else:
            self._tell_started(True)

    async def _after_start(self) -> None:
        """Readiness and liveness are asked only once the container has started."""
        await self.has_started.wait()
        if "readinessProbe" in self.spec:
            self._probe("readinessProbe", self._tell_ready, self.pod.timing.eager)
        else:
            self._tell_ready(True)
        if "livenessProbe" in self.spec:
            self._probe("livenessProbe", self._tell_alive)

    def _probe(self, kind: str, tell, eager: float = 0.0) -> None:
        self._probing.append(asyncio.create_task(probes.watch(self, kind, tell, eager)))

    async def _post_start(self, hook: Object) -> None:
        if not await self.hook(hook, "PostStart", self.pod.grace):
            await self.end(self.pod.grace)

    def _tell_started(self, good: bool) -> None:
        if good and not self.has_started.is_set():
            self.has_started.set()
            self.status["started"] = True
            self.pod.report()
        elif not good:
            self._kill_for("startup")

    def _tell_ready(self, good: bool) -> None:
        if self.status["ready"] != good and self.is_running:
            self.status["ready"] = good
            self.pod.report()

    def _tell_alive(self, good: bool) -> None:
        if not good:
            self._kill_for("liveness")

    def _kill_for(self, probe: str) -> None:
        if not self.why:
            words = f"Container {self.name} failed {probe} probe, will be restarted"
            self.note("Normal", "Killing", words)
            self.why = probe
            task = asyncio.create_task(self.end(self.pod.grace))
            self.pod.keep(task)

    def _ended(self, code: int) -> None:
        reason = "Completed" if code == 0 else "Error"
        if self.why == "OOMKilled":
            reason, code = "OOMKilled", 137
        began = self.status["state"].get("running", {}).get("startedAt", stamp())
        self._terminated(code, reason, began, self._last_words(code))

    def _could_not_start(self, command: list[str], error: OSError) -> None:
        what = f'exec: "{command[0]}": ' if command else ""
        words = error.strerror or str(error)
        if error.errno == 2:
            words = "executable file not found in $PATH"
        self.note("Warning", "Failed", f"Error: failed to start the process: {what}{words}")
        self._terminated(CANNOT_START, "StartError", stamp(), f"{what}{words}")

    def _terminated(self, code: int, reason: str, began: str, message: str) -> None:
        ended = {
            "exitCode": code, "reason": reason, "startedAt": began, "finishedAt": stamp(),
            "containerID": self.status.get("containerID", ""),
        }  # fmt: skip
        if message:
            ended["message"] = message
        self.status |= {"state": {"terminated": ended}, "ready": False, "started": False}
        self.pod.report()

    def _last_words(self, code: int) -> str:
        """What it wrote to its termination log; on request, the end of its log if it failed."""
        path = self.sandbox.root / "dev" / "termination-log"
        text = path.read_text(errors="replace")[-4096:] if path.is_file() else ""
        policy = self.spec.get("terminationMessagePolicy")
        if not text and code and policy == "FallbackToLogsOnError" and (log := self.log()):
            text = log.read(LOG_TAIL).decode(errors="replace")[-2048:]
        return text

    async def _pause(self, seconds: float, last: Object) -> None:
        """Wait in CrashLoopBackOff for so many of Kubernetes' seconds."""
        if not seconds:
            return
        here = self.pod.timing.scaled(seconds)
        pod = f"{self.pod.name}_{self.pod.namespace}({self.pod.uid})"
        waits = f"back-off {seconds:g}s restarting failed container={self.name} pod={pod}"
        words = f"Back-off restarting failed container {self.name} in pod {pod}"
        self.note("Warning", "BackOff", f"{words} (here {self.pod.timing.faster:g} times faster)")
        self.status["lastState"] = last
        self._wait_with("CrashLoopBackOff", waits)
        await asyncio.sleep(here)

    def _wait_with(self, reason: str, message: str) -> None:
        self.status |= {"ready": False, "started": False}
        self.status["state"] = {"waiting": {"reason": reason, "message": message}}
        self.pod.report()

    def _log_path(self, number: int) -> Path:
        return self.sandbox.folder / f"{number}.log"

    def _remember(self, before: Object) -> None:
        """Go on counting where an earlier server stopped."""
        ended = {"exitCode": 137, "reason": "ContainerStatusUnknown", "finishedAt": stamp()}
        ended["message"] = "the cluster was stopped while the container ran"
        was = before.get("state") or {}
        self.status["restartCount"] = before.get("restartCount", 0) + 1
        self.status["lastState"] = was if "terminated" in was else {"terminated": ended}
