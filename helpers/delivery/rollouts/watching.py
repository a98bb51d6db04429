"""Pods as a watch of the API tells them: which there were, in which state, from when to when."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from helpers.cluster.cluster import Cluster

STATES = ("starting", "ready", "stopping", "failing", "done")
# Light to dark, and each with a word beside it: nothing hangs on the colour alone.
COLOURS = {
    "starting": "#F0C75E",
    "ready": "#56B4E9",
    "stopping": "#B8B8B8",
    "failing": "#D1495B",
    "done": "#DDE3EA",
}


def state(pod: dict[str, Any]) -> str:
    """One word for a pod as the API gives it, one of STATES."""
    status = pod.get("status", {})
    if pod["metadata"].get("deletionTimestamp"):
        return "stopping"
    if status.get("phase") in ("Succeeded", "Failed"):
        return "done" if status["phase"] == "Succeeded" else "failing"
    conditions = {one["type"]: one["status"] for one in status.get("conditions", [])}
    if conditions.get("Ready") == "True":
        return "ready"
    containers = status.get("containerStatuses", [])
    reasons = {one["state"].get("waiting", {}).get("reason", "") for one in containers}
    return "failing" if reasons - {"", "ContainerCreating", "PodInitializing"} else "starting"


class Watching:
    """What happens to the pods of a namespace between entering the `with` block and leaving it."""

    def __init__(self, cluster: Cluster, namespace: str = "default") -> None:
        self._client, self._namespace = cluster.client(), namespace
        self._events: list[tuple[float, str, str, str]] = []
        self._stop = threading.Event()

    def __enter__(self) -> Watching:
        from kubernetes.client import CoreV1Api

        api, self._begun = CoreV1Api(self._client), time.monotonic()
        listed = api.list_namespaced_pod(self._namespace)
        for pod in self._client.sanitize_for_serialization(listed)["items"]:
            self._note(pod, state(pod))
        self._thread = threading.Thread(
            target=self._follow, args=(api, listed.metadata.resource_version), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._begun

    def spans(self) -> pd.DataFrame:
        """One row for each pod and state: pod, image (its tag), state, begin and end in seconds."""
        import pandas as pd

        rows, last = [], {}
        for at, pod, image, now in [*self._events, (self.seconds, "", "", "end")]:
            for name in [pod] if pod else list(last):
                if name in last and last[name][2] != now:
                    begin, tag, before = last.pop(name)
                    rows.append((name, tag, before, begin, at))
                if now not in ("gone", "end"):
                    last.setdefault(name, (at, image, now))
        return pd.DataFrame(rows, columns=["pod", "image", "state", "begin", "end"])

    def ready(self) -> list[tuple[float, int]]:
        """How many pods were ready, from which moment on."""
        spans = self.spans().query("state == 'ready'")
        moments = sorted({0.0, *spans["begin"], *spans["end"]})
        return [
            (at, int(((spans["begin"] <= at) & (spans["end"] > at)).sum())) for at in moments[:-1]
        ]

    def _follow(self, api: Any, version: str) -> None:
        from kubernetes.watch import Watch

        while not self._stop.is_set():
            # Short watches, one after the other, so that leaving takes no longer than one.
            watch = Watch()
            options = {"resource_version": version, "timeout_seconds": 1}
            for event in watch.stream(api.list_namespaced_pod, self._namespace, **options):
                pod = event["raw_object"]
                version = pod["metadata"]["resourceVersion"]
                self._note(pod, "gone" if event["type"] == "DELETED" else state(pod))

    def _note(self, pod: dict[str, Any], now: str) -> None:
        image = pod["spec"]["containers"][0]["image"].split("/")[-1]
        self._events.append((time.monotonic() - self._begun, pod["metadata"]["name"], image, now))


def draw_pods(spans: pd.DataFrame, ax: Axes) -> Axes:
    """One bar for each pod, coloured by its state; time goes to the right."""
    from matplotlib.patches import Patch

    names = list(dict.fromkeys(spans.sort_values("begin")["pod"]))
    for one in spans.itertuples():
        bar = {"left": one.begin, "color": COLOURS[one.state], "edgecolor": "0.35"}
        ax.barh(names.index(one.pod), one.end - one.begin, **bar)
    tags = spans.drop_duplicates("pod").set_index("pod")["image"]
    ax.set_yticks(range(len(names)), [tags[name].split("@")[0] for name in names])
    ax.invert_yaxis()
    ax.grid(axis="y", alpha=0)
    shown = [one for one in STATES if one in set(spans["state"])]
    handles = [Patch(facecolor=COLOURS[one], edgecolor="0.35", label=one) for one in shown]
    ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return ax
