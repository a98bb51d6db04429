"""A cluster to look at and to touch: its picture, redrawn from a watch, and buttons under it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from helpers.delivery.rollouts.customers import Customers
from helpers.delivery.rollouts.picture import image_of, scene, svg
from helpers.delivery.rollouts.watching import state
from helpers.lesson.widgets import Shown

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster

MOST = 5  # pods that the buttons ask for at most: each is a process on this machine


class ClusterView(Shown):
    """A Deployment's picture that follows the cluster, and buttons that change the cluster.

    images: those that "Release the other" goes to and fro between. url: where customers ask.
    Without a kernel the picture stands as it was when it was made.
    """

    def __init__(self, cluster: Cluster, name: str, images: tuple[str, str]) -> None:
        import ipywidgets as w
        from kubernetes.client import AppsV1Api, CoreV1Api

        self._cluster, self._name, self._images = cluster, name, images
        self._apps, self._core = AppsV1Api(cluster.client()), CoreV1Api(cluster.client())
        self._customers: Customers | None = None
        first = scene(cluster, name)
        self._picture, self._said = w.HTML(svg(first)), w.HTML("No customers yet.")
        deeds = {
            "Delete a pod": self._delete,
            "One more": lambda: self._scale(1),
            "One fewer": lambda: self._scale(-1),
            "Release the other": self._release,
            "Customers come or go": self._open_or_close,
        }
        self._buttons = [_button(text, deed) for text, deed in deeds.items()]
        row = w.HBox(self._buttons)
        row.layout.flex_flow = "row wrap"
        super().__init__(w.VBox([self._picture, row, self._said]), str(first), svg(first))
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        """Redraw whenever a pod changes, until the Deployment or the cluster is gone."""
        from kubernetes.client import ApiException
        from kubernetes.watch import Watch
        from urllib3.exceptions import HTTPError

        try:
            while True:
                options = {"timeout_seconds": 30}
                for _ in Watch().stream(self._core.list_namespaced_pod, "default", **options):
                    time.sleep(0.1)  # what changes at once is drawn once
                    self._redraw()
        except ApiException as error:
            if error.status != 404:
                raise
            self._end(f"The Deployment {self._name} has been deleted since.")
        except (HTTPError, OSError):
            self._end("The cluster has ended since.")

    def _redraw(self) -> None:
        self._picture.value = svg(scene(self._cluster, self._name))
        if self._customers:
            counted = self._customers.counted()
            self._said.value = f"{counted['asked']} asked, {counted['failed']} got no price."

    def _end(self, why: str) -> None:
        """Leave the last picture standing, and no button that would do nothing."""
        if self._customers:
            self._open_or_close()
        for button in self._buttons:
            button.disabled = True
        self._said.value = f"{why} This was its last picture; run the lesson again for a new one."

    def _delete(self) -> None:
        living = [pod for pod in scene(self._cluster, self._name).pods if state(pod) == "ready"]
        if living:
            self._core.delete_namespaced_pod(living[0]["metadata"]["name"], "default")

    def _scale(self, by: int) -> None:
        wanted = scene(self._cluster, self._name).deployment["spec"]["replicas"] + by
        body = {"spec": {"replicas": min(max(wanted, 0), MOST)}}
        self._apps.patch_namespaced_deployment_scale(self._name, "default", body)

    def _release(self) -> None:
        now = scene(self._cluster, self._name).deployment
        other = next(one for one in self._images if one.split("/")[-1] != image_of(now))
        name = now["spec"]["template"]["spec"]["containers"][0]["name"]
        body = {"spec": {"template": {"spec": {"containers": [{"name": name, "image": other}]}}}}
        self._apps.patch_namespaced_deployment(self._name, "default", body)

    def _open_or_close(self) -> None:
        if self._customers:
            self._customers.__exit__()
            counted = self._customers.counted()
            self._said.value = f"They are gone: {counted['asked']} asked, {counted['failed']} got "
            self._said.value += "no price."
            self._customers = None
            return
        self._customers = Customers(self._cluster.url(self._name), rate=20)
        self._customers.__enter__()
        self._said.value = "Customers come, 20 a second."


def _button(text: str, deed: Callable[[], None]) -> Any:
    import ipywidgets as w

    button = w.Button(description=text, layout=w.Layout(width="auto"))
    button.on_click(lambda _: deed())
    return button
