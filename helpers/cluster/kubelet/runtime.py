"""The container runtime: starts processes by way of the shim, and tells when they end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

SHIM = Path(__file__).with_name("shim.py")
CLUSTER = "TWO_LOOPS_CLUSTER"  # in the environment of all that a cluster starts: whose it is
KILLED = 128 + signal.SIGKILL


class Process:
    """A process that the runtime has started. pid: 0 until it runs."""

    def __init__(self, number: str, send: Callable[..., None]) -> None:
        loop = asyncio.get_running_loop()
        self.number, self.pid, self._send = number, 0, send
        self.started: asyncio.Future[int] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()

    @property
    def running(self) -> bool:
        """Whether it has started and has not ended."""
        return bool(self.pid) and not self.ended.done()

    async def wait(self) -> int:
        """Its exit code when it has ended; 128 and the signal's number where one ended it."""
        return await asyncio.shield(self.ended)

    def signal(self, number: int, group: bool = False) -> None:
        """Send it a signal, or its whole group; nothing happens where it has ended."""
        if self.running:
            self._send({"number": self.number, "signal": int(number), "group": group})

    def kill(self) -> None:
        """End it and its group at once."""
        self.signal(signal.SIGKILL, group=True)


class Runtime:
    """Processes of one cluster. folder: marks them, so that what a crash left can be found."""

    def __init__(self, folder: Path) -> None:
        self.mark = str(folder)
        self.shim: subprocess.Popen | None = None
        self._processes: dict[str, Process] = {}
        self._numbers = itertools.count(1)
        self._requests: socket.socket | None = None
        self._reading: asyncio.Task | None = None

    async def start(self) -> None:
        """End what an earlier server left, and start the shim."""
        self.sweep()
        await self._start_shim()

    async def stop(self) -> None:
        """End all processes and the shim."""
        shim, self.shim = self.shim, None
        if self._requests:
            self._requests.close()
        if shim:
            await asyncio.to_thread(shim.wait)
            self.sweep()
        if self._reading:
            await self._reading

    async def spawn(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        files: tuple[int, int, int],
        terminal: bool = False,
        first: bool = False,
    ) -> Process:
        """Start a process in a session of its own.

        files: descriptors for its input, output and errors; the caller closes its own.
        terminal: whether the first is a terminal that it shall control. first: whether it is a
        container's first process, with whose end all others of the container end. Raises OSError
        where the program cannot be run.
        """
        process = Process(str(next(self._numbers)), self._send)
        self._processes[process.number] = process
        request = {
            "number": process.number,
            "command": list(command),
            "env": {**env, CLUSTER: self.mark},
            "cwd": str(cwd),
            "terminal": terminal,
            "first": first,
        }
        self._send(request, files)
        await process.started
        return process

    def sweep(self) -> None:
        """Kill processes that bear this cluster's mark, until a look finds none."""
        while any([self._kill_if_marked(one) for one in psutil.process_iter()]):
            pass

    def _kill_if_marked(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            marked = process.environ().get(CLUSTER) == self.mark
            if marked and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                return True
        return False

    async def _start_shim(self) -> None:
        self._requests, theirs = socket.socketpair()
        read, write = os.pipe()
        line = [sys.executable, "-I", str(SHIM), str(theirs.fileno()), str(write)]
        self.shim = subprocess.Popen(
            line, pass_fds=(theirs.fileno(), write), stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        theirs.close()
        os.close(write)
        self._reading = asyncio.create_task(self._read(read))

    def _send(self, request: dict, files: Sequence[int] = ()) -> None:
        body = json.dumps(request).encode()
        try:
            socket.send_fds(self._requests, [struct.pack("!I", len(body))], files)
            self._requests.sendall(body)
        except OSError:  # the shim is gone; `_read` notices and tells who waits
            process = self._processes.get(request["number"])
            if process and not process.started.done():
                process.started.set_exception(OSError("the container runtime was restarted"))

    async def _read(self, pipe: int) -> None:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb")
        )
        while line := await reader.readline():
            self._hear(**json.loads(line))
        transport.close()
        await self._lost()

    def _hear(self, number: str, pid: int = 0, code: int | None = None, **error) -> None:
        process = self._processes[number]
        if pid:
            process.pid = pid
            if process.started.cancelled():  # who asked for it is gone
                process.kill()
            else:
                process.started.set_result(pid)
            return
        del self._processes[number]
        if code is not None:
            process.ended.set_result(code if code >= 0 else 128 - code)
        elif not process.started.done():
            process.started.set_exception(OSError(error["errno"], error["error"]))

    async def _lost(self) -> None:
        """The shim has ended. If nobody told it to, its processes go too, and a new one starts."""
        if self.shim:
            self._requests.close()
            self.shim.wait()
            self.sweep()
            await self._start_shim()
        gone, self._processes = self._processes, {}
        for process in gone.values():
            if not process.started.done():
                process.started.set_exception(OSError("the container runtime was restarted"))
            elif not process.ended.done():
                process.ended.set_result(KILLED)
