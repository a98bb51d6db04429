"""Indexed Jobs: every completion has a number, and a pod learns its own from its environment."""

from __future__ import annotations

from ..meta import Object, name_of, suffix
from .replicaset import is_active

INDEX = "batch.kubernetes.io/job-completion-index"


def of(pod: Object) -> int:
    """A pod's index."""
    return int(pod["metadata"]["annotations"][INDEX])


def succeeded(pods: list[Object]) -> list[int]:
    """The indexes of which a pod has succeeded, in order."""
    return sorted({of(pod) for pod in pods if pod["status"].get("phase") == "Succeeded"})


def free(job: Object, pods: list[Object]) -> list[int]:
    """The indexes that neither are done nor have a pod that works on them."""
    taken = {*succeeded(pods), *(of(pod) for pod in pods if is_active(pod))}
    return [index for index in range(job["spec"]["completions"]) if index not in taken]


def numbered(job: Object, pod: Object, index: int) -> Object:
    """A new pod that is told its index."""
    own = {INDEX: str(index)}
    metadata = pod["metadata"]
    metadata["annotations"] = {**metadata.get("annotations", {}), **own}
    metadata["labels"] = {**metadata.get("labels", {}), **own}
    metadata["name"] = f"{name_of(job)}-{index}-{suffix()}"
    pod["spec"]["hostname"] = f"{name_of(job)}-{index}"
    source = {"fieldRef": {"fieldPath": f"metadata.annotations['{INDEX}']"}}
    for one in [*(pod["spec"].get("initContainers") or []), *pod["spec"]["containers"]]:
        one.setdefault("env", []).append({"name": "JOB_COMPLETION_INDEX", "valueFrom": source})
    return pod


def written(numbers: list[int]) -> str:
    """Numbers in order, as Kubernetes writes them: 0-2,5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
