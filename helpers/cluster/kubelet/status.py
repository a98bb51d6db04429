"""A pod's status, worked out from its containers': phase and conditions."""

from __future__ import annotations

from ..meta import Object
from ..times import stamp

PHASES = ("Pending", "Running", "Succeeded", "Failed")


def phase(spec: Object, init: list[Object], main: list[Object]) -> str:
    """The pod's phase. init, main: the statuses of its containers, as far as there are any."""
    ended = [one["state"].get("terminated") for one in main]
    final = spec.get("restartPolicy", "Always")
    if any(_failed(one) for one in init) and final == "Never":
        return "Failed"
    begun = [one for one in main if "running" in one["state"] or _has_run(one)]
    if not begun or len(begun) < len(spec["containers"]):
        return "Pending"
    if all(ended) and final != "Always":
        if all(one["exitCode"] == 0 for one in ended):
            return "Succeeded"
        if final == "Never":
            return "Failed"
    return "Running"


def conditions(
    old: list[Object], spec: Object, init: list[Object], main: list[Object], phase: str
) -> list[Object]:
    """The pod's conditions, each with the moment of its last turn."""
    done = phase in ("Succeeded", "Failed")
    unready = [one["name"] for one in main if not one["ready"]]
    left = [one["name"] for one in init if not succeeded(one) and not one.get("ready")]
    ready = bool(main) and not unready and phase == "Running"
    words = f"containers with unready status: {_list(unready)}"
    why = {"reason": "ContainersNotReady", "message": words}
    if phase == "Succeeded":
        why = {"reason": "PodCompleted", "message": ""}
    elif phase == "Failed":
        why = {"reason": "PodFailed", "message": ""}
    waits = {
        "reason": "ContainersNotInitialized",
        "message": f"containers with incomplete status: {_list(left)}",
    }
    initialized = _one(old, "Initialized", not left or phase == "Succeeded", waits)
    if phase == "Succeeded":
        initialized["reason"] = "PodCompleted"
    return [
        _one(old, "PodReadyToStartContainers", not done, {}),
        initialized,
        _one(old, "Ready", ready, why),
        _one(old, "ContainersReady", ready, why),
        _one(old, "PodScheduled", True, {}),
    ]


def quality(spec: Object) -> str:
    """The QoS class: Guaranteed where limits are requests, BestEffort where there are neither."""
    resources = [one.get("resources") or {} for one in spec["containers"]]
    if not any(one.get("limits") or one.get("requests") for one in resources):
        return "BestEffort"
    for one in resources:
        limits, requests = one.get("limits") or {}, one.get("requests") or {}
        if not {"cpu", "memory"} <= set(limits) or any(
            requests.get(name, limits[name]) != limits[name] for name in ("cpu", "memory")
        ):
            return "Burstable"
    return "Guaranteed"


def _one(old: list[Object], type: str, true: bool, why: Object) -> Object:
    status = "True" if true else "False"
    before = next((one for one in old if one["type"] == type), {})
    turned = before["lastTransitionTime"] if before.get("status") == status else stamp()
    said = {key: value for key, value in why.items() if value and not true}
    return {
        "type": type, "status": status, "lastProbeTime": None, "lastTransitionTime": turned, **said,
    }  # fmt: skip


def _has_run(status: Object) -> bool:
    return "terminated" in status["state"] or "terminated" in (status.get("lastState") or {})


def _failed(status: Object) -> bool:
    ended = status["state"].get("terminated")
    return bool(ended and ended["exitCode"])


def succeeded(status: Object) -> bool:
    """Whether a container has ended well."""
    ended = status["state"].get("terminated")
    return bool(ended and ended["exitCode"] == 0)


def _list(names: list[str]) -> str:
    return f"[{' '.join(names)}]"
