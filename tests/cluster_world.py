"""A cluster without processes, for tests of controllers: a store, the controllers, and a clock.

Pods become ready when the test says so, at once and in one step, as a kubelet without delay would.
"""

from __future__ import annotations

from helpers.cluster import times
from helpers.cluster.controllers.deployment import DeploymentController
from helpers.cluster.controllers.replicaset import ReplicaSetController
from helpers.cluster.controllers.runner import Runner
from helpers.cluster.meta import is_leaving, name_of
from helpers.cluster.resources import DEPLOYMENTS, EVENTS, PODS, REPLICASETS
from helpers.cluster.store import Store
from helpers.cluster.times import stamp

HERE = "default"


class World:
    """Controllers on a store, driven by hand."""

    def __init__(self, *controllers):
        self.store = Store()
        kinds = controllers or (DeploymentController, ReplicaSetController)
        self.runner = Runner(self.store, [kind(self.store) for kind in kinds])

    def settle(self):
        """Let the controllers work until nothing is left to do now."""
        self.runner.queue.run_due()
        return self

    def pass_time(self, seconds):
        """Let time pass, and the controllers do what is due."""
        times.advance(seconds)
        return self.settle()

    def deployment(self, name="web", replicas=3, version="1", **spec):
        labels = {"app": name}
        return self.store.create(DEPLOYMENTS, {
            "metadata": {"name": name, "namespace": HERE, "labels": labels},
            "spec": {
                "replicas": replicas, "selector": {"matchLabels": labels},
                "template": template(labels, version), **spec,
            },
        })  # fmt: skip

    def change(self, resource, name, **spec):
        """Write fields of an object's spec."""
        obj = self.store.get(resource, HERE, name)
        obj["spec"] |= spec
        return self.store.update(resource, obj)

    def roll_out(self, version, name="web"):
        self.change(DEPLOYMENTS, name, template=template({"app": name}, version))
        return self.settle()

    def pods(self, ready=None, leaving=False):
        pods = [pod for pod in self.store.list(PODS, HERE) if leaving or not is_leaving(pod)]
        return [pod for pod in pods if ready is None or is_ready(pod) == ready]

    def sets(self):
        """The number of wanted pods by the version of each ReplicaSet."""
        return {
            version_of(one["spec"]["template"]): one["spec"]["replicas"]
            for one in self.store.list(REPLICASETS, HERE)
        }

    def make_ready(self, *pods):
        """Say that these pods (or all) are ready, end those that are leaving, and settle."""
        for pod in pods or self.pods():
            self.say_pod(pod, "Running", "True")
        for pod in self.pods(leaving=True):
            if is_leaving(pod):
                self.store.remove(PODS, HERE, name_of(pod))
        return self.settle()

    def say_pod(self, pod, phase, ready="False", **status):
        pod = self.store.get(PODS, HERE, name_of(pod))
        old = next((c for c in pod["status"].get("conditions", []) if c["type"] == "Ready"), {})
        since = old["lastTransitionTime"] if old.get("status") == ready else stamp()
        condition = {"type": "Ready", "status": ready, "lastTransitionTime": since}
        pod["status"] |= {"phase": phase, "conditions": [condition], **status}
        self.store.update(PODS, pod, "kubelet", "status")

    def status(self, resource=DEPLOYMENTS, name="web"):
        return self.store.get(resource, HERE, name)["status"]

    def condition(self, type, resource=DEPLOYMENTS, name="web"):
        """The condition's status and reason."""
        for one in self.status(resource, name).get("conditions", []):
            if one["type"] == type:
                return one["status"], one["reason"]
        return None

    def events(self, name=None):
        """(reason, message, count) of the events, in order."""
        return [
            (one["reason"], one["message"], one["count"])
            for one in self.store.list(EVENTS, HERE)
            if name is None or one["involvedObject"]["name"] == name
        ]


def template(labels, version):
    container = {"name": "main", "image": f"corner/web:{version}", "command": ["true"]}
    return {"metadata": {"labels": dict(labels)}, "spec": {"containers": [container]}}


def version_of(template):
    return template["spec"]["containers"][0]["image"].rpartition(":")[2]


def is_ready(pod):
    conditions = pod["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
