"""The node: this machine, with its real figures."""

from __future__ import annotations

import platform

from ..meta import Object
from ..resources import NODES
from ..store import Store
from ..times import micro, stamp
from .usage import machine

NAME = "local"
LEASE = f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{NAME}"
VERSION = "v1.37.0+two-loops"
_GOOD = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def register(store: Store) -> Object:
    """Have the store know the node, also after a restart."""
    labels = {"kubernetes.io/hostname": NAME, "kubernetes.io/os": platform.system().lower()}
    labels |= {
        "kubernetes.io/arch": platform.machine(),
        "node-role.kubernetes.io/control-plane": "",
    }
    node = store.find(NODES, None, NAME) or store.create(
        NODES, {"metadata": {"name": NAME, "labels": labels}, "spec": {}}, "kubelet"
    )
    return store.update(NODES, {**node, "status": _status()}, "kubelet", "status")


def lease(node: Object) -> Object:
    """The node's sign of life, which `kubectl describe node` asks for: we answer, so it lives."""
    began = f"{node['metadata']['creationTimestamp'][:-1]}.000000Z"
    return {
        "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
        "metadata": {"name": NAME, "namespace": "kube-node-lease"},
        "spec": {
            "holderIdentity": NAME, "leaseDurationSeconds": 40, "acquireTime": began,
            "renewTime": micro(),
        },
    }  # fmt: skip


def _status() -> Object:
    capacity, now = machine(), stamp()
    return {
        "capacity": capacity,
        "allocatable": capacity,
        "addresses": [
            {"type": "InternalIP", "address": "127.0.0.1"},
            {"type": "Hostname", "address": NAME},
        ],
        "conditions": [
            {
                "type": type, "status": status, "reason": reason, "message": message,
                "lastHeartbeatTime": now, "lastTransitionTime": now,
            }
            for type, status, reason, message in _GOOD
        ],
        "nodeInfo": {
            "kubeletVersion": VERSION, "kubeProxyVersion": "", "osImage": platform.platform(),
            "kernelVersion": platform.release(), "operatingSystem": platform.system().lower(),
            "architecture": platform.machine(), "containerRuntimeVersion": "process://1",
            "machineID": "", "systemUUID": "", "bootID": "",
        },
    }  # fmt: skip
