"""What containers take of the machine, from the figures of their processes; and memory limits."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from ..quantity import quantity
from .shim import MARK

if TYPE_CHECKING:
    from .container import Container


def families(shim: int, containers: Iterable[Container]) -> dict[Container, list[psutil.Process]]:
    """The processes of each container: those that descend from its first one, or bear its mark."""
    roots = {one.process.pid: one for one in containers if one.is_running}
    marks = {one.env[MARK]: one for one in roots.values()}
    found: dict[Container, list[psutil.Process]] = {one: [] for one in roots.values()}
    with contextlib.suppress(psutil.Error):
        processes = {one.pid: one for one in psutil.Process(shim).children(recursive=True)}
        for process in processes.values():
            with contextlib.suppress(psutil.Error):
                owner = _owner(process, processes, roots) or marks.get(process.environ().get(MARK))
                if owner:
                    found[owner].append(process)
    return found


def memory(processes: Iterable[psutil.Process], exact: bool = False) -> int:
    """Bytes in use. exact: pages that processes share are counted once (Linux)."""
    total = 0
    for one in processes:
        with contextlib.suppress(psutil.Error):
            pages = one.memory_full_info() if exact else one.memory_info()
            total += getattr(pages, "pss", 0) or pages.rss
    return total


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Seconds of CPU used so far."""
    total = 0.0
    for one in processes:
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            total += times.user + times.system
    return total


class Meter:
    """CPU use as a rate: what was used since it was last asked."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[float, float]] = {}

    def rate(self, uid: str, seconds: float, began: float) -> int:
        """Nanocores. seconds: CPU used so far; began: when, for the first time it is asked."""
        now = time.time()
        used, then = self._before.get(uid, (0.0, began))
        self._before[uid] = (seconds, now)
        return max(0, int((seconds - used) / max(now - then, 0.05) * 1e9))


async def hold_limits(shim_pid, containers, every: float) -> None:
    """Kill containers that use more memory than their limit, for ever.

    shim_pid, containers: give the shim's process id and the pods' containers as they are now.
    """
    while True:
        await asyncio.sleep(every)
        limited = {one: limit for one in containers() if (limit := memory_limit(one))}
        if not limited:
            continue
        for one, processes in families(shim_pid(), limited).items():
            over = memory(processes) > limited[one]
            if over and memory(processes, exact=True) > limited[one]:
                one.why = "OOMKilled"
                one.process.kill()


def memory_limit(container: Container) -> float:
    """Bytes; 0 for no limit."""
    limits = (container.spec.get("resources") or {}).get("limits") or {}
    return quantity(limits.get("memory", 0)) if container.is_running else 0


def machine() -> dict[str, str]:
    """What this machine has, as a node's capacity."""
    disk = psutil.disk_usage(Path.cwd().anchor)
    return {
        "cpu": str(psutil.cpu_count() or 1),
        "memory": f"{psutil.virtual_memory().total // 1024}Ki",
        "ephemeral-storage": f"{disk.total // 1024}Ki",
        "pods": "110",
    }


def _owner(process: psutil.Process, processes: dict, roots: dict) -> Container | None:
    while process:
        if process.pid in roots:
            return roots[process.pid]
        process = processes.get(process.ppid())
    return None
