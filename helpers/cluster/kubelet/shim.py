"""Parent of all containers' processes; when the server is gone, it ends every one of them.

Started by runtime.py as `python shim.py REQUESTS ANSWERS`: two file descriptors, a socket on which
requests come and a pipe for the answers, one JSON object each. It stands where containerd's shim
stands: it starts processes, each in a session of its own, and says when they end. A process's
children that outlive it come to the shim (on Linux), so none can get away. When the other end of
the socket closes, in whatever way the server ended, the shim kills all that descends from it.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import termios

import psutil

MARK = "TWO_LOOPS_CONTAINER"  # in the environment of all that belongs to a container
SUBREAPER, DEATH_SIGNAL = 36, 1  # Linux' prctl: children of children come to us; end with parent


class Shim:
    """Processes by their number, which is the server's; `pids` are those that have not ended."""

    def __init__(self, requests: socket.socket, answers: int) -> None:
        self.requests, self.answers = requests, answers
        self.pids: dict[str, int] = {}
        self.marks: dict[str, str] = {}
        self.living: dict[str, str] = {}  # the marks of first processes: containers that live

    def run(self) -> None:
        """Serve until the server is gone."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # it ends after the server, never before
        while True:
            ready, _, _ = select.select([self.requests, woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
                self.reap()
            if self.requests in ready and not self.serve():
                return

    def serve(self) -> bool:
        """Do one request; False when there will be no more."""
        header, files, _, _ = socket.recv_fds(self.requests, 4, 3)
        if len(header) < 4:
            return False
        (size,) = struct.unpack("!I", header)
        body = self.requests.recv(size, socket.MSG_WAITALL)
        if len(body) < size:
            return False
        request = json.loads(body)
        if "command" in request:
            self.start(request, files)
        else:
            self.signal(**request)
        return True

    def start(self, request: dict, files: list[int]) -> None:
        """Start a process with these three files as its input, output and errors."""
        number, env = request["number"], request["env"]
        try:
            pid = spawn(request["command"], env, request["cwd"], files, request.get("terminal"))
        except OSError as error:
            self.answer(number=number, error=error.strerror, errno=error.errno)
        else:
            self.pids[number], self.marks[number] = pid, env.get(MARK, "")
            if request.get("first"):
                self.living[number] = env[MARK]
            self.answer(number=number, pid=pid)
        finally:
            for one in files:
                os.close(one)

    def signal(self, number: str, signal: int, group: bool = False) -> None:
        """Send a signal to a process, or to its whole group; one that has ended is left alone."""
        if number in self.pids:
            end(os.killpg if group else os.kill, self.pids[number], signal)

    def reap(self) -> None:
        """Take note of processes that have ended, and end what a container leaves behind."""
        numbers = {pid: number for number, pid in self.pids.items()}
        with contextlib.suppress(ChildProcessError):
            while (waited := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = waited
                if number := numbers.get(pid):
                    self.ended(number, pid)
                    self.answer(number=number, code=os.waitstatus_to_exitcode(status))
        self.end_strays()

    def ended(self, number: str, pid: int) -> None:
        """A process has ended: so does its group, and with a first process its container."""
        end(os.killpg, pid)
        del self.pids[number]
        mark = self.marks.pop(number)
        if self.living.pop(number, None):
            for other in [one for one, its in self.marks.items() if its == mark]:
                end(os.killpg, self.pids[other])

    def end_strays(self) -> None:
        """End what came to the shim from containers that are no more."""
        known, living = set(self.pids.values()), set(self.living.values())
        for pid in children():
            if pid not in known and (mark := mark_of(pid)) and mark not in living:
                end(os.kill, pid)

    def answer(self, **words) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self.answers, json.dumps(words).encode() + b"\n")


def spawn(command: list, env: dict, cwd: str, files: list[int], terminal: bool) -> int:
    """Start a process in a new session. Raises OSError where the program cannot be run."""
    told, tell = os.pipe()  # closes when the program runs, carries an error where it does not
    pid = os.fork()
    if pid:
        os.close(tell)
        with os.fdopen(told, "rb") as pipe:
            error = pipe.read()
        if error:
            os.waitpid(pid, 0)
            raise OSError(*json.loads(error))
        return pid
    try:
        become(command, env, cwd, files, terminal)
    except OSError as error:
        os.write(tell, json.dumps([error.errno, error.strerror]).encode())
    finally:
        os._exit(127)


def become(command: list, env: dict, cwd: str, files: list[int], terminal: bool) -> None:
    """In the new process: be the program."""
    os.setsid()
    linux_prctl(DEATH_SIGNAL, signal.SIGKILL)
    for number in range(3):
        os.dup2(files[number], number)
    if terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(cwd)
    os.execvpe(command[0], command, env)


def linux_prctl(option: int, value: int) -> None:
    """Ask the kernel; systems without prctl do without."""
    if LIBC:
        LIBC.prctl(option, int(value), 0, 0, 0)


def end(how, pid: int, number: int = signal.SIGKILL) -> None:
    """Kill a process or a group, if it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        how(pid, number)


def children() -> list[int]:
    """Processes whose parent is the shim; where the system does not list them, all descendants."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listed:
            return [int(pid) for pid in listed.read().split()]
    except OSError:
        return [one.pid for one in psutil.Process().children(recursive=True)]


def mark_of(pid: int) -> str:
    """The mark in a process's environment; "" for none."""
    with contextlib.suppress(psutil.Error, OSError):
        return psutil.Process(pid).environ().get(MARK, "")
    return ""


def kill_all() -> None:
    """Kill all descendants, until there are none."""
    while family := psutil.Process().children(recursive=True):
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(family, timeout=1)


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

if __name__ == "__main__":
    linux_prctl(SUBREAPER, 1)
    for descriptor in map(int, sys.argv[1:]):
        os.set_inheritable(descriptor, False)
    Shim(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])).run()
    kill_all()
