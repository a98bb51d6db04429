"""What `kubectl get pods` prints of a pod."""

from __future__ import annotations

from typing import Any

from .ages import age
from .meta import Object

NONE = "<none>"


def pod_row(pod: Object) -> list[Any]:
    """Its columns, without the name."""
    status, spec = pod.get("status", {}), pod["spec"]
    running = status.get("containerStatuses", [])
    restarts = sum(one["restartCount"] for one in running)
    last = [
        ended["finishedAt"]
        for one in running
        if (ended := (one.get("lastState") or {}).get("terminated")) and ended.get("finishedAt")
    ]
    ready = f"{sum(bool(one['ready']) for one in running)}/{len(spec['containers'])}"
    again = f"{restarts} ({age(max(last))} ago)" if restarts and last else str(restarts)
    place = [status.get("podIP") or NONE, spec.get("nodeName") or NONE, NONE, NONE]
    return [ready, pod_word(pod), again, age(pod["metadata"].get("creationTimestamp")), *place]


def pod_word(pod: Object) -> str:
    """The word for a pod's state in kubectl's column STATUS."""
    status = pod.get("status", {})
    word = status.get("reason") or status.get("phase", "Pending")
    first = _first_unfinished(pod)
    if first:
        word = first
    else:
        for one in reversed(status.get("containerStatuses", [])):
            word = _state_word(one["state"]) or word
        if word == "Completed" and any(one["ready"] for one in status.get("containerStatuses", [])):
            word = "Running"
    return "Terminating" if "deletionTimestamp" in pod["metadata"] else word


def _first_unfinished(pod: Object) -> str | None:
    statuses = pod.get("status", {}).get("initContainerStatuses", [])
    for place, one in enumerate(statuses):
        ended = one["state"].get("terminated")
        if ended and ended["exitCode"] == 0:
            continue
        word = _state_word(one["state"])
        if word and word != "PodInitializing":
            return f"Init:{word}"
        return f"Init:{place}/{len(statuses)}"
    return None


def _state_word(state: Object) -> str | None:
    if "waiting" in state:
        return state["waiting"].get("reason")
    if "terminated" in state:
        ended = state["terminated"]
        return ended.get("reason") or f"ExitCode:{ended['exitCode']}"
    return None
