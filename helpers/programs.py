"""Programs that a lesson starts: shown, streamed, limited in time, and ended with the kernel.

Every program runs under a small supervisor process that holds one end of a pipe from the kernel.
When the kernel ends, however it ends, the pipe closes and the supervisor ends the program with
all its children. So nothing is left behind, not even after a kill -9 of the kernel.
"""

from __future__ import annotations

import atexit
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helpers.tools import TOOLS

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
# Python 3.13 colours its errors where a kernel says that colours are welcome; a log is plain text.
_PLAIN = {"PYTHON_COLORS": "0"}
_GRACE = 10.0  # seconds that the supervisor gets to end a program before it is killed itself


class ProgramMissing(RuntimeError):
    """The program is not on this machine; the message says how to get it."""


class ProgramFailed(RuntimeError):
    """The program ended with an error, or did not end or answer in time."""


def uncoloured(text: str) -> str:
    """A program's output without the codes by which a terminal colours it."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@dataclass(frozen=True)
class Ran:
    """A program that has ended: its exit code and all that it printed (both streams together)."""

    code: int
    output: str
    seconds: float

    def _ipython_display_(self) -> None:
        """Show nothing as a cell's last value: the output has been shown as it came."""


def run(
    *command: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    limit: float = 60.0,
    check: bool = True,
    quiet: bool = False,
    say: Callable[[str], None] = print,
) -> Ran:
    """Run a program to its end; its command line and its output are shown as they come.

    cwd: the folder it runs in. env: variables beside those of this process; None takes one
    away. limit: seconds.
    check: whether an exit code other than 0 raises. quiet: nothing is shown.

    Raises ProgramMissing, or ProgramFailed where it takes longer than `limit` or (with `check`)
    ends with an error; the message ends with the last lines of its output.
    """
    say = (lambda _: None) if quiet else say
    say(f"$ {shown(command)}")
    begun = time.monotonic()
    program = _Program(command, cwd, env, subprocess.PIPE, limit)
    lines = []
    for line in program.process.stdout or ():
        lines.append(line)
        say(line.rstrip("\n"))
    code = program.process.wait()
    program.stop()
    ran = Ran(code, "".join(lines), time.monotonic() - begun)
    last = "".join(lines[-10:])
    if code == _TOO_LONG:
        raise ProgramFailed(f"{shown(command)}\ndid not end within {limit:g} seconds.\n{last}")
    if check and code:
        raise ProgramFailed(f"{shown(command)}\nended with exit code {code}.\n{last}")
    return ran


class Server:
    """A program that keeps running, such as a web server, until `stop` or the kernel's end.

    log: the file that its output goes to. url: where it answers, when it was started with a port.
    """

    def __init__(
        self,
        *command: str | Path,
        log: Path,
        port: int | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str | None] | None = None,
        quiet: bool = False,
    ) -> None:
        if not quiet:
            print(f"$ {shown(command)}")
        self.command, self.log, self.port = command, log, port
        with open(log, "w", encoding="utf-8") as out:
            self._program = _Program(command, cwd, env, out, limit=0)
        atexit.register(self.stop)

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the program is still there."""
        return self._program.process.poll() is None

    def wait(self, path: str = "/", limit: float = 30.0) -> Server:
        """Wait until it answers at `path` with anything below 500, and give the server.

        Raises ProgramFailed with the end of its log where it ends or stays silent.
        """
        import httpx

        until = time.monotonic() + limit
        while self.running and time.monotonic() < until:
            try:
                if httpx.get(self.url + path, timeout=2, trust_env=False).status_code < 500:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        how = f"did not answer within {limit:g} seconds" if self.running else "ended at once"
        self.stop()
        raise ProgramFailed(f"{shown(self.command)}\n{how}.\n{self.tail()}")

    def tail(self, lines: int = 10) -> str:
        """The last lines of its log."""
        return "\n".join(
            self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        )

    def stop(self) -> None:
        """End the program and all that it started. Stopping twice is no error."""
        self._program.stop()
        atexit.unregister(self.stop)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shown(command: Sequence[str | Path]) -> str:
    """A command line as one would type it: the program by its name, the rest quoted."""
    name = Path(command[0]).name
    return shlex.join(
        ["python" if str(command[0]) == sys.executable else name, *map(str, command[1:])]
    )


_TOO_LONG = 124  # the exit code that timeout(1) gives, too


class _Program:
    """A supervised child process; closing our end of the pipe ends it."""

    def __init__(
        self,
        command: Sequence[str | Path],
        cwd: Path | None,
        env: Mapping[str, str | None] | None,
        out: int | IO[str],
        limit: float,
    ) -> None:
        line = [sys.executable, "-I", str(_SUPERVISOR), str(limit), found(command[0])]
        self.process = subprocess.Popen(
            [*line, *map(str, command[1:])],
            cwd=cwd,
            env={k: v for k, v in {**_PLAIN, **os.environ, **(env or {})}.items() if v is not None},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            bufsize=1 if out == subprocess.PIPE else -1,
            start_new_session=os.name == "posix",
        )

    def stop(self) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def found(program: str | Path) -> str:
    """The path of a program. Raises ProgramMissing, which says how to get it."""
    from helpers.tools import Tool

    known = next((t for t in TOOLS if t.command == str(program)), None)
    path = (known or Tool(str(program), str(program), ())).find()
    if path is None:
        how = f" To get it: {known.how_to_get()}." if known else ""
        raise ProgramMissing(f"The program {program} is not on this machine.{how}")
    return path
