"""One listener of the service proxy: where it listens, where it leads, and what is open."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .addresses import LOCAL

CHUNK = 1 << 16
QUIET = 0.1  # seconds after which a connection whose last word was the pod's owes no answer
Target = tuple[str, int]


@dataclass(eq=False)
class Connection:
    """An open connection to a pod. owes: whether the last word was the client's."""

    target: Target
    writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    owes: bool = True
    last: float = field(default_factory=time.monotonic)

    def heard(self, from_client: bool) -> None:
        """Something was said."""
        self.owes, self.last = from_client, time.monotonic()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still due, or under way."""
        return self.owes or time.monotonic() - self.last < QUIET

    def close(self) -> None:
        """Close both sides."""
        for one in self.writers:
            one.close()


class Listener:
    """A port that is listened on. targets: the pods that are ready, changed as they change."""

    def __init__(self) -> None:
        self.targets: list[Target] = []
        self.connections: set[Connection] = set()
        self.dialled: list[Target] = []  # pods that a connection is being made to
        self.address: Target | None = None
        self._number, self._turns = itertools.count(1), {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task] = set()

    async def open(self, host: str, port: int, tell: Callable[[str], None]) -> None:
        """Listen there, or on a free port of 127.0.0.1, which `tell` is told."""
        try:
            self._server = await asyncio.start_server(self._serve, host, port)
        except OSError as error:
            self._server = await asyncio.start_server(self._serve, LOCAL, 0)
            self.address = self._server.sockets[0].getsockname()[:2]
            why = (error.strerror or str(error)).rpartition("]")[2].strip(" :")
            tell(
                f"cannot listen on {host}:{port} ({why}): "
                f"it is reached at {self.address[0]}:{self.address[1]} instead"
            )
        else:
            self.address = (host, port)

    async def close(self) -> None:
        """Listen no more, and close what is open."""
        if self._server:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            pod = await self._dial()
            if pod is None:
                writer.transport.abort()  # nobody is ready: the client's connection is reset
                return
            target, up, down = pod
            await self._pass(Connection(target, (writer, down)), reader, up)
        except asyncio.CancelledError:
            pass  # the listener was closed
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _dial(self):
        """Connect to the ready pod with the fewest connections, in turn; or to the next."""
        load = [*(one.target for one in self.connections), *self.dialled]
        turn = self._turns.get
        for target in sorted(self.targets, key=lambda one: (load.count(one), turn(one, 0))):
            self._turns[target] = next(self._number)
            self.dialled.append(target)  # so that a pod that ends now waits for this request
            try:
                return target, *await asyncio.open_connection(*target)
            except OSError:
                continue
            finally:
                self.dialled.remove(target)
        return None

    async def _pass(self, one: Connection, client: asyncio.StreamReader, pod) -> None:
        self.connections.add(one)
        to_client, to_pod = one.writers
        try:
            await asyncio.gather(
                _copy(client, to_pod, one, True), _copy(pod, to_client, one, False)
            )
        finally:
            self.connections.discard(one)
            one.close()


async def _copy(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, one: Connection, from_client: bool
) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            one.heard(from_client)
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof() and not sink.is_closing():
            sink.write_eof()
    if not from_client:  # the pod has said all: what the client still says, nobody hears
        one.owes = False
        one.close()
