"""The fence round a kernel, set up by the kernel itself before any of the learner's code runs.

Landlock is Linux's way for a program to give up rights for itself and all that it starts, without
being root: https://docs.kernel.org/userspace-api/landlock.html. The numbers are those of
linux/landlock.h and linux/prctl.h.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_WRITE_FILE, _REMOVE_AND_MAKE, _RENAME, _TRUNCATE = 1 << 1, 0b1_1111_1111 << 4, 1 << 13, 1 << 14
_SIGNALS = 1 << 1
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT, _ADOPT = 38, 1, 36
# What programs write to that is nobody's file: devices, terminals, locks between processes.
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts", "/dev/shm")
_PROCESSES_BESIDE = 2000  # beyond those that the account has already


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def close_fence(folder: Path, largest_file: int, run_by: int) -> None:
    """Let this process and its children write beneath `folder` alone, and end with `run_by`.

    largest_file: bytes. Where the system has no such means the process is left as it is.
    """
    if sys.platform == "linux":
        _system().prctl(_DIE_WITH_PARENT, 9, 0, 0, 0)
        if os.getppid() != run_by:
            os._exit(1)
        with suppress(OSError):  # where memory runs out, this goes first
            Path("/proc/self/oom_score_adj").write_text("900")
    _set_limits(largest_file)
    if landlock() >= 2:  # the first knew no renaming from one folder to another
        _restrict([str(folder), *filter(os.path.exists, _DEVICES)])


def landlock() -> int:
    """Which Landlock this system has; 0 where it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, _system().syscall(_CREATE, None, ctypes.c_size_t(0), 1))


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent has ended."""
    if sys.platform == "linux":
        _system().prctl(_ADOPT, 1, 0, 0, 0)


def _set_limits(largest_file: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the watch over the kernel serves there
        return
    for what, most in (
        (resource.RLIMIT_FSIZE, largest_file),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, _threads_of_the_account() + _PROCESSES_BESIDE),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (least, least))


def _threads_of_the_account() -> int:
    import psutil

    mine, count = os.getuid(), 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            count += process.num_threads() if process.uids().real == mine else 0
    return count


def _restrict(writable: Sequence[str]) -> None:
    version = landlock()
    rights = _WRITE_FILE | _REMOVE_AND_MAKE | _RENAME | (_TRUNCATE if version >= 3 else 0)
    rules = _Ruleset(rights, 0, _SIGNALS if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for path in writable:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        here = rights if os.path.isdir(path) else rights & (_WRITE_FILE | _TRUNCATE)
        _call(_ADD, ruleset, 1, ctypes.byref(_Beneath(here, place)), 0)
        os.close(place)
    _system().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _call(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _call(number: int, *arguments: object) -> int:
    answer = _system().syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "Landlock refused a rule")
    return answer


def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
