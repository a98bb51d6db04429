"""What a Job says of itself: how many pods run, and whether it has ended."""

from __future__ import annotations

from ..meta import Object
from .conditions import condition, ready_since, told


def finished(job: Object) -> Object | None:
    """The condition by which a Job has ended, Complete or Failed; None while it has not."""
    found = (condition(job, type) for type in ("Complete", "Failed"))
    return next((one for one in found if one and one["status"] == "True"), None)


def complete(job: Object, status: Object, active: list[Object]) -> bool:
    """Whether there are successes enough; without a number of completions, one will do."""
    completions = job["spec"].get("completions")
    if completions is None:
        return bool(status.get("succeeded")) and not active
    return status.get("succeeded", 0) >= completions


def count_active(status: Object, active: list[Object]) -> None:
    """Write into a status how many pods are running, and how many of those are ready."""
    status.pop("active", None)
    if active:
        status["active"] = len(active)
    status["ready"] = sum(ready_since(pod) is not None for pod in active)


def failed_at(pod: Object) -> str | None:
    """When a pod failed; None where it has not."""
    if pod["status"].get("phase") != "Failed":
        return None
    containers = pod["status"].get("containerStatuses") or []
    ends = [one["state"].get("terminated") or {} for one in containers]
    times = [one["finishedAt"] for one in ends if one.get("finishedAt")]
    return max(times, default=pod["metadata"]["creationTimestamp"])


def say(conditions: list[Object], *words: str) -> list[Object]:
    """The conditions with one of them said anew, as Jobs have them."""
    return told(conditions, *words, updated="lastProbeTime")
