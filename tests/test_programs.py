"""Programs that lessons start: shown, limited, and gone when the kernel is gone."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from helpers.programs import ProgramFailed, ProgramMissing, Server, free_port, run
from helpers.workspace import ROOT

PYTHON = sys.executable


def test_the_command_line_and_the_output_are_shown_as_they_come():
    lines = []
    ran = run(PYTHON, "-c", "print('one'); print('two')", say=lines.append)
    assert lines == [
        "$ python -c 'print('\"'\"'one'\"'\"'); print('\"'\"'two'\"'\"')'",
        "one",
        "two",
    ]
    assert (ran.code, ran.output) == (0, "one\ntwo\n")


def test_a_program_that_fails_ends_with_its_last_words():
    with pytest.raises(ProgramFailed, match=r"exit code 3(.|\n)*out of beans"):
        run(PYTHON, "-c", "print('out of beans'); raise SystemExit(3)", quiet=True)
    assert run(PYTHON, "-c", "raise SystemExit(3)", quiet=True, check=False).code == 3


def test_a_program_that_takes_too_long_is_ended_with_its_children():
    child = f"import subprocess; subprocess.run([{PYTHON!r}, '-c', 'import time; time.sleep(97)'])"
    with pytest.raises(ProgramFailed, match=r"did not end within 0\.5 seconds"):
        run(PYTHON, "-c", child, limit=0.5, quiet=True)
    assert not sleeping("time.sleep(97)")


def test_a_missing_program_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProgramMissing, match=r"git is not on this machine. To get it: .*git"):
        run("git", "status")
    with pytest.raises(ProgramMissing, match=r"no-such-thing is not on this machine"):
        run("no-such-thing")


def test_a_server_answers_stops_and_frees_its_port(tmp_path):
    port = free_port()
    command = (PYTHON, "-m", "http.server", port, "--bind", "127.0.0.1")
    with Server(*command, port=port, log=tmp_path / "log", quiet=True).wait() as server:
        assert server.running
    assert not server.running
    server.stop()
    with Server(*command, port=port, log=tmp_path / "log", quiet=True).wait() as server:
        assert server.running


def test_a_server_that_ends_at_once_shows_its_log(tmp_path):
    failing = Server(
        PYTHON, "-c", "raise OSError('no disk')", port=1, log=tmp_path / "l", quiet=True
    )
    with pytest.raises(ProgramFailed, match=r"ended at once(.|\n)*no disk"):
        failing.wait()


KERNEL = """
import signal, sys, time
from pathlib import Path
from helpers.programs import Server, free_port
# Tests that a shell runs in the background hand down that interrupts are ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
port = free_port()
command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
server = Server(*command, port=port, log=Path(sys.argv[1]), quiet=True).wait()
print(port, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_everything_ends_with_the_kernel_however_it_ends(how, tmp_path):
    kernel = subprocess.Popen(
        [PYTHON, "-c", KERNEL, str(tmp_path / "log")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    port = kernel.stdout.readline().strip()
    assert sleeping(f"http.server {port}")
    kernel.send_signal(how)
    kernel.wait(10)
    until = time.monotonic() + 10
    while sleeping(f"http.server {port}") and time.monotonic() < until:
        time.sleep(0.05)
    assert not sleeping(f"http.server {port}")


def sleeping(words):
    """Whether a process with these words in its command line is running."""
    lines = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE:
            lines.append(" ".join(process.info["cmdline"] or []))
    return any(words in line for line in lines if "import sys, time" not in line)


def test_no_port_is_open_to_the_network(tmp_path):
    port = free_port()
    with Server(
        PYTHON,
        "-m",
        "http.server",
        port,
        "--bind",
        "127.0.0.1",
        port=port,
        log=tmp_path / "l",
        quiet=True,
    ).wait():
        listening = [c for c in psutil.net_connections() if c.laddr and c.laddr.port == port]
        assert {c.laddr.ip for c in listening} == {"127.0.0.1"}
