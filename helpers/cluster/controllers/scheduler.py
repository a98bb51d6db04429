"""The scheduler: it says on which node a pod runs. There is one: is there room on it?"""

from __future__ import annotations

from ..events import record
from ..meta import Object, is_leaving, name_of, namespace_of
from ..quantity import quantity
from ..resources import NODES, PODS
from .base import Controller
from .conditions import told

RETRY = 2.0  # seconds until a pod that found no room is looked at again
KEEPS_AWAY = ("NoSchedule", "NoExecute")


class Scheduler(Controller):
    """Binds pods to the node, as long as their requests fit on it."""

    name, resource = "default-scheduler", PODS

    def reconcile(self, pod: Object) -> None:
        """Bind a pod that has no node yet."""
        if pod["spec"].get("nodeName") or is_leaving(pod):
            return
        nodes = self.store.list(NODES)
        if not nodes:
            return self.again(pod, RETRY)
        node = nodes[0]
        if why := self.obstacle(pod, node):
            return self.wait(pod, f"0/1 nodes are available: {why}.")
        pod["spec"]["nodeName"] = name_of(node)
        pod = self.store.update(PODS, pod, self.name)
        place = f"{namespace_of(pod)}/{name_of(pod)}"
        words = f"Successfully assigned {place} to {name_of(node)}"
        record(self.store, pod, "Normal", "Scheduled", words, self.name)

    def wait(self, pod: Object, words: str) -> None:
        """Say why the pod has no node, and look again after a while."""
        record(self.store, pod, "Warning", "FailedScheduling", words, self.name)
        old = pod["status"].get("conditions") or []
        told_now = told(old, "PodScheduled", "False", "Unschedulable", words, updated="")
        pod["status"]["conditions"] = told_now
        self.store.update(PODS, pod, self.name, "status")
        self.again(pod, RETRY)

    def obstacle(self, pod: Object, node: Object) -> str:
        """Why the pod may not go to the node; "" where it may."""
        if node["spec"].get("unschedulable"):
            return "1 node(s) were unschedulable"
        for taint in node["spec"].get("taints") or []:
            if taint["effect"] in KEEPS_AWAY and not tolerated(pod, taint):
                shown = f"{{{taint['key']}: {taint.get('value', '')}}}"
                return f"1 node(s) had untolerated taint {shown}"
        labels = node["metadata"].get("labels") or {}
        if not (pod["spec"].get("nodeSelector") or {}).items() <= labels.items():
            return "1 node(s) didn't match Pod's node affinity/selector"
        return ", ".join(f"1 Insufficient {what}" for what in self.lacking(pod, node))

    def lacking(self, pod: Object, node: Object) -> list[str]:
        """What of its requests the node has not left: "cpu", "memory"."""
        others = [
            one
            for one in self.store.list(PODS)
            if one["spec"].get("nodeName") and one["status"].get("phase") in ("Pending", "Running")
        ]
        room = node["status"]["allocatable"]
        return [
            what
            for what in ("cpu", "memory")
            if requested(pod, what)
            and sum(requested(one, what) for one in (*others, pod)) > quantity(room[what])
        ]


def tolerated(pod: Object, taint: Object) -> bool:
    """Whether one of the pod's tolerations is for this taint."""
    for one in pod["spec"].get("tolerations") or []:
        exists = one.get("operator", "Equal") == "Exists"
        same_key = one.get("key") == taint["key"] or (exists and not one.get("key"))
        same_value = exists or one.get("value", "") == taint.get("value", "")
        if same_key and same_value and one.get("effect") in (None, "", taint["effect"]):
            return True
    return False


def requested(pod: Object, what: str) -> float:
    """What a pod's containers request in all."""
    return sum(
        quantity(((one.get("resources") or {}).get("requests") or {}).get(what, 0))
        for one in pod["spec"]["containers"]
    )
