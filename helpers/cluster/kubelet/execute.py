"""`kubectl exec`: a command beside a container's own, with its input and output as streams."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import termios

from .container import Container
from .runtime import Process


class Execution:
    """A command that runs in a container: like asyncio's Process, and `resize` for a terminal.

    stdin: None where the command gets no input. stderr: empty for a terminal, which has one
    stream for both.
    """

    def __init__(
        self,
        process: Process,
        stdin: asyncio.StreamWriter | None,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
        terminal: int | None,
    ) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr
        self.pid, self._process, self._terminal = process.pid, process, terminal

    async def wait(self) -> int:
        """Its exit code."""
        return await self._process.wait()

    def kill(self) -> None:
        """End it."""
        self._process.kill()

    def resize(self, rows: int, columns: int) -> None:
        """The terminal's size has changed."""
        if self._terminal is not None and self._process.running:
            size = struct.pack("HHHH", rows, columns, 0, 0)
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
            self._process.signal(signal.SIGWINCH, group=True)


async def execute(container: Container, command: list[str], tty: bool, stdin: bool) -> Execution:
    """Start a command in a container. Raises OSError where it cannot be run."""
    if tty:
        return await _in_terminal(container, command)
    out, err = os.pipe(), os.pipe()
    given = os.pipe() if stdin else (os.open(os.devnull, os.O_RDONLY), None)
    try:
        process = await container.spawn(command, (given[0], out[1], err[1]))
    except OSError:
        for one in (out[0], err[0], given[1]):
            if one is not None:
                os.close(one)
        raise
    finally:
        for one in (given[0], out[1], err[1]):
            os.close(one)
    writer = await _writer(given[1]) if given[1] is not None else None
    return Execution(process, writer, await _reader(out[0]), await _reader(err[0]), None)


async def _in_terminal(container: Container, command: list[str]) -> Execution:
    ours, theirs = pty.openpty()
    try:
        process = await container.spawn(command, (theirs, theirs, theirs), True, TERM="xterm")
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    silent = asyncio.StreamReader()
    silent.feed_eof()
    writer = await _writer(os.dup(ours))
    return Execution(process, writer, await _reader(ours), silent, ours)


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: _Ending(reader), os.fdopen(descriptor, "rb", 0)
    )
    return reader


async def _writer(descriptor: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(descriptor, "wb", 0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


class _Ending(asyncio.StreamReaderProtocol):
    """A terminal whose other side has closed gives an error on Linux: that is its end."""

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(None if isinstance(error, OSError) else error)
