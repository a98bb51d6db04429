"""The states of a container, in the words of a pod's status."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from ..meta import Object
from ..times import stamp
from .logs import Wanted

if TYPE_CHECKING:
    from .container import Container

LOG_TAIL = 80  # lines of a log that may stand for a missing termination message
LONGEST = 4096  # characters of a termination message


def before_first_run(spec: Object, before: Object | None) -> Object:
    """The status of a container that waits for its first run in this server's life.

    before: its status in the life of an earlier server; its restarts are counted on.
    """
    status = {
        "name": spec["name"], "image": spec["image"], "imageID": "", "ready": False,
        "started": False, "restartCount": 0, "lastState": {},
        "state": {"waiting": {"reason": "ContainerCreating"}},
    }  # fmt: skip
    if not before:
        return status
    was = before.get("state") or {}
    words = "the cluster was stopped while the container ran"
    lost = {"exitCode": 137, "reason": "ContainerStatusUnknown", "message": words}
    lost |= {"startedAt": was.get("running", {}).get("startedAt"), "finishedAt": stamp()}
    last = was if "terminated" in was else {"terminated": lost}
    return status | {"restartCount": before.get("restartCount", 0) + 1, "lastState": last}


def running(pid: int) -> Object:
    """It has just been started."""
    return {
        "state": {"running": {"startedAt": stamp()}}, "containerID": f"process://{pid}",
        "started": False, "ready": False,
    }  # fmt: skip


def terminated(status: Object, reason: str, code: int, began: str, message: str) -> Object:
    """It has ended."""
    ended = {
        "exitCode": code, "reason": reason, "startedAt": began, "finishedAt": stamp(),
        "containerID": status.get("containerID", ""), **({"message": message} if message else {}),
    }  # fmt: skip
    return {"state": {"terminated": ended}, "ready": False, "started": False}


def why_not(command: list[str], error: OSError) -> str:
    """Why a command cannot be run."""
    if not command:
        return "no command specified"
    words = error.strerror or str(error)
    if error.errno == errno.ENOENT:
        words = "executable file not found in $PATH"
    return f'exec: "{command[0]}": {words}'


def last_words(container: Container, code: int) -> str:
    """What it wrote to its termination log; on request, the end of its log if it failed."""
    path = container.sandbox.root / "dev" / "termination-log"
    if path.is_file() and (text := path.read_text(errors="replace")[-LONGEST:]):
        return text
    wanted = container.spec.get("terminationMessagePolicy") == "FallbackToLogsOnError"
    log = container.log() if wanted and code else None
    return log.read(Wanted(LOG_TAIL)).decode(errors="replace")[-LONGEST:] if log else ""
