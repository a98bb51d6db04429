"""Tells Prometheus where the pods are.

Prometheus can ask the Kubernetes API itself (kubernetes_sd_configs), where it was built with that;
Debian's is not. So this does it in its place: it follows a watch of the pods, and writes them into
a file that Prometheus reads (file_sd_configs).
"""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster

FILE = "pods.json"
PAUSE = 1.0  # seconds, where the cluster does not answer
_BY_ADDRESS = re.compile(r"static_configs: \[\{targets: \[[^\]]*\]\}\]")


def by_file(config: str) -> str:
    """A prometheus.yml whose one target is named, made to read the targets from FILE instead."""
    return _BY_ADDRESS.sub(f"file_sd_configs: [{{files: [{FILE}]}}]", config)


class Finding:
    """Keeps the file up to date until `stop`. labels: a selector, such as app=checkout."""

    def __init__(self, cluster: Cluster, labels: str, folder: Path) -> None:
        self._cluster, self._client, self._labels = cluster, cluster.client(), labels
        self._file = folder / FILE
        self._pods: dict[str, dict[str, Any]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Follow no more. Stopping twice is no error."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        from kubernetes.client import ApiException, CoreV1Api
        from urllib3.exceptions import HTTPError

        while not self._stop.is_set():
            if not self._cluster.running:  # to ask would fill the notebook with warnings
                self._stop.wait(PAUSE)
                continue
            try:
                self._follow(CoreV1Api(self._client))
            except (ApiException, HTTPError):  # too old a version, or the cluster ends just now
                self._stop.wait(PAUSE)

    def _follow(self, api: Any) -> None:
        from kubernetes.watch import Watch

        listed = api.list_namespaced_pod("default", label_selector=self._labels)
        found = self._client.sanitize_for_serialization(listed)["items"]
        self._pods = {pod["metadata"]["name"]: pod for pod in found}
        self._write()
        version = listed.metadata.resource_version
        while not self._stop.is_set():
            options = {"label_selector": self._labels, "resource_version": version}
            # Short watches, one after the other, so that stopping takes no longer than one.
            for event in Watch().stream(
                api.list_namespaced_pod, "default", timeout_seconds=1, **options
            ):
                pod = event["raw_object"]
                version = pod["metadata"]["resourceVersion"]
                self._pods[pod["metadata"]["name"]] = pod
                if event["type"] == "DELETED":
                    del self._pods[pod["metadata"]["name"]]
                self._write()

    def _write(self) -> None:
        targets = [
            {"targets": [address], "labels": {"pod": name}}
            for name, pod in sorted(self._pods.items())
            if (address := _address(pod))
        ]
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(targets), encoding="utf-8")
        os.replace(beside, self._file)


def _address(pod: dict[str, Any]) -> str:
    """Where a pod's first port is; empty for one that has no address yet, or is on its way out."""
    ip = pod.get("status", {}).get("podIP")
    if not ip or pod["metadata"].get("deletionTimestamp"):
        return ""
    port = pod["spec"]["containers"][0]["ports"][0]["containerPort"]
    moved = (pod["metadata"].get("annotations") or {}).get("two-loops/ports", "")
    there = dict(one.split("=") for one in moved.split(",") if one)
    return f"{ip}:{there.get(str(port), port)}"
