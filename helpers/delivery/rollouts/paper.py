"""An API server on paper: pods as entries in a list, for trying a reconcile loop without one.

Its three methods are those of `kubernetes.client.CoreV1Api`, for pods and in their plain form.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

LABELS = {"app": "till"}
STATES = ("running", "pending", "stopping", "failed", "succeeded", "other")


class PaperApi:
    """Pods in these states: running, pending, stopping, failed, succeeded; "other" runs, but
    belongs to somebody else (its label is app=clock).

    Raises ValueError for another state.
    """

    def __init__(self, *states: str) -> None:
        if strange := set(states) - set(STATES):
            raise ValueError(f"a pod's state is one of {', '.join(STATES)}, not {strange.pop()!r}")
        self._made, self.pods = 0, []
        for state in states:
            self._add({"app": "clock"} if state == "other" else LABELS, state)
        self._first = {pod.metadata.name for pod in self.pods}

    def list_namespaced_pod(self, namespace: str, label_selector: str = "") -> SimpleNamespace:
        """The pods whose labels are as the selector ("app=till") says; all without one."""
        wanted = dict(pair.split("=") for pair in label_selector.split(",") if pair)
        items = [pod for pod in self.pods if wanted.items() <= pod.metadata.labels.items()]
        return SimpleNamespace(items=items)

    def create_namespaced_pod(self, namespace: str, body: dict[str, Any]) -> SimpleNamespace:
        """One more pod, which is about to start. `body`: a manifest with metadata.labels."""
        return self._add(body["metadata"]["labels"], "pending")

    def delete_namespaced_pod(self, name: str, namespace: str) -> None:
        """Tell a pod to stop; one that has ended is gone at once. Raises KeyError without it."""
        pod = next((pod for pod in self.pods if pod.metadata.name == name), None)
        if pod is None:
            raise KeyError(f'pods "{name}" not found')
        if pod.status.phase in ("Failed", "Succeeded"):
            self.pods.remove(pod)
        pod.metadata.deletion_timestamp = pod.metadata.deletion_timestamp or "now"

    def told(self) -> dict[str, int]:
        """What there is: living pods, those of them from the beginning, ended ones, others'."""
        ours = [pod for pod in self.pods if pod.metadata.labels == LABELS]
        ended = [pod for pod in ours if pod.status.phase in ("Failed", "Succeeded")]
        living = [p for p in ours if p not in ended and not p.metadata.deletion_timestamp]
        others = [p for p in self.pods if p not in ours and not p.metadata.deletion_timestamp]
        return {
            "living": len(living),
            "living from before": sum(pod.metadata.name in self._first for pod in living),
            "ended": len(ended),
            "of others": len(others),
        }

    def _add(self, labels: dict[str, str], state: str) -> SimpleNamespace:
        self._made += 1
        phase = {"stopping": "Running", "other": "Running"}.get(state, state.capitalize())
        pod = SimpleNamespace(
            metadata=SimpleNamespace(
                name=f"pod-{self._made}",
                labels=dict(labels),
                deletion_timestamp="now" if state == "stopping" else None,
            ),
            status=SimpleNamespace(phase=phase),
        )
        self.pods.append(pod)
        return pod
