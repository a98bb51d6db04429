"""One container of a pod: started, watched, and started again when it has ended."""

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
from . import making, probes, states
from .backoff import Backoff
from .logs import Log
from .runtime import Process
from .sandbox import Sandbox
from .watching import Watching

if TYPE_CHECKING:
    from .pod import Pod

CANNOT_START = 128  # the exit code of a container whose command cannot be run
AFTER_HOOK = 2.0  # seconds that are left at least after a preStop hook, as in Kubernetes


class Container:
    """The life of one container. status: what the pod's status says of it."""

    def __init__(self, pod: Pod, spec: Object, before: Object | None = None) -> None:
        """before: its status in the life of an earlier server, where there was one."""
        self.pod, self.spec, self.name = pod, spec, spec["name"]
        self.status = states.before_first_run(spec, before)
        self.sandbox = Sandbox(pod.folder / self.name, pod.volumes, pod.ports)
        self.process: Process | None = None
        self.env: dict[str, str] = {}
        self.workdir = self.sandbox.root
        self.why = ""  # why it was ended, where the kubelet did it
        self.ending = False  # it has been told to end
        self._backoff = Backoff()

    @property
    def is_running(self) -> bool:
        """Whether its process runs."""
        return bool(self.process and self.process.running)

    async def live(self, restart: str) -> int:
        """Run until it has ended for good, and give its exit code. restart: the pod's policy."""
        while True:
            begun = time.monotonic()
            code = await self.run()
            self._backoff.ran((time.monotonic() - begun) * self.pod.timing.faster)
            if self.pod.stopping or restart == "Never" or (restart == "OnFailure" and code == 0):
                return code
            self.status["lastState"] = self.status["state"]
            await self._pause(self._backoff.pause())
            self.status["restartCount"] += 1

    async def run(self) -> int:
        """Run once, from making it to its end, and give the exit code."""
        image = await making.image_of(self)
        command = await making.command_of(self, image)
        process = await self._start(command)
        if process is None:
            return CANNOT_START
        watching = Watching(self)
        try:
            code = await process.wait()
        finally:
            watching.stop()
        self._say_ended(137 if self.why == "OOMKilled" else code)
        return code

    async def end(self, grace: float) -> None:
        """Ask it to end, after its preStop hook, and make it when the time is up."""
        process, until = self.process, time.monotonic() + grace
        if process is None or not process.running:
            return
        least = 0.0
        if (hook := (self.spec.get("lifecycle") or {}).get("preStop")) and grace > 0:
            await self.hook(hook, "PreStop", grace)
            least = AFTER_HOOK
        await self.pod.drain(max(0.0, until - time.monotonic()))
        self.ending = True
        process.signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), max(until - time.monotonic(), least))
        process.kill()
        await process.wait()

    async def hook(self, action: Object, name: str, limit: float) -> bool:
        """Run a lifecycle hook, and say whether it went well; if not, it is an event."""
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
        self,
        command: list[str],
        files: tuple[int, int, int],
        terminal: bool = False,
        first: bool = False,
        **env: str,
    ) -> Process:
        """Start a process in the container; see `Runtime.spawn`. Raises OSError."""
        runtime = self.pod.runtime
        return await runtime.spawn(command, self.env | env, self.workdir, files, terminal, first)

    def log(self, previous: bool = False) -> Log | None:
        """The log of its run, or of the run before; None where there was none."""
        number = self.status["restartCount"] - previous
        path = self._log_path(number)
        if number < 0 or not path.exists():
            return None
        return Log(path, lambda: self.status["restartCount"] != number or not self.is_running)

    @property
    def log_path(self) -> Path:
        """Where its present run writes."""
        return self._log_path(self.status["restartCount"])

    def note(self, type: str, reason: str, message: str) -> None:
        """Record an event of the pod, about this container."""
        kind = "initContainers" if self in self.pod.init else "containers"
        self.pod.note(type, reason, message, f"spec.{kind}{{{self.name}}}")

    def wait_with(self, reason: str, message: str) -> None:
        """Say that it waits, and for what."""
        self.status |= {"ready": False, "started": False}
        self.status["state"] = {"waiting": {"reason": reason, "message": message}}
        self.pod.report()

    async def _start(self, command: list[str]) -> Process | None:
        """Start its first process; None where that cannot be done."""
        self.note("Normal", "Created", f"Created container: {self.name}")
        number = self.status["restartCount"]
        self._log_path(number - 2).unlink(missing_ok=True)
        self.why, self.ending = "", False
        try:
            with open(os.devnull, "rb") as nothing, open(self._log_path(number), "ab") as out:
                files = (nothing.fileno(), out.fileno(), out.fileno())
                self.process = await self.spawn(command, files, first=True)
        except OSError as error:
            words = states.why_not(command, error)
            self.note("Warning", "Failed", f"Error: failed to start the process: {words}")
            self._say("StartError", CANNOT_START, stamp(), words)
            return None
        self.status |= states.running(self.process.pid)
        self.note("Normal", "Started", f"Started container {self.name}")
        self.pod.report()
        return self.process

    def _say_ended(self, code: int) -> None:
        began = self.status["state"].get("running", {}).get("startedAt", stamp())
        reason = "OOMKilled" if self.why == "OOMKilled" else "Error" if code else "Completed"
        self._say(reason, code, began, states.last_words(self, code))

    def _say(self, reason: str, code: int, began: str, message: str) -> None:
        self.status |= states.terminated(self.status, reason, code, began, message)
        self.pod.report()

    async def _pause(self, seconds: float) -> None:
        """Wait in CrashLoopBackOff for so many of Kubernetes' seconds."""
        if not seconds:
            return
        pod = f"{self.pod.name}_{self.pod.namespace}({self.pod.uid})"
        words = f"Back-off restarting failed container {self.name} in pod {pod}"
        factor = self.pod.timing.faster
        self.note("Warning", "BackOff", f"{words} (here {factor:g} times faster)")
        waits = f"back-off {seconds:g}s restarting failed container={self.name} pod={pod}"
        self.wait_with("CrashLoopBackOff", waits)
        await asyncio.sleep(self.pod.timing.scaled(seconds))

    def _log_path(self, number: int) -> Path:
        return self.sandbox.folder / f"{number}.log"
