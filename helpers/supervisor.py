"""Runs one program and ends it with all its children when its own standard input closes.

Started by `programs`, as `python supervisor.py SECONDS PROGRAM ARGUMENT...`; SECONDS 0 means no
limit. It imports the standard library and psutil alone, so that it starts in a few hundredths of a
second. The exit code is the program's, or 124 where the time was up.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    limit, command = float(sys.argv[1]), sys.argv[2:]
    # A Ctrl-C meant for the kernel must not end the supervisor before its program.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, restore_signals=True)
    threading.Thread(target=_watch_input, args=(child,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: _end(child))
    try:
        code = child.wait(limit or None)
    except subprocess.TimeoutExpired:
        _end(child)
        return 124
    return code if code >= 0 else 128 - code


def _watch_input(child: subprocess.Popen) -> None:
    # Blocks until the kernel closes its end, or is gone.
    while os.read(0, 4096):
        pass
    _end(child)
    os._exit(143)


def _end(child: subprocess.Popen) -> None:
    """Ask the program and its children to end, and after three seconds make them."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(child.pid).children(recursive=True)
        family.append(psutil.Process(child.pid))
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.terminate()
        for one in psutil.wait_procs(family, timeout=3)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


if __name__ == "__main__":
    sys.exit(main())
