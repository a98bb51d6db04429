"""A server of the Kubernetes API, asked without kubectl: by the kubeconfig's address and token."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import yaml

GROUPS = {
    "deployments": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "jobs": "/apis/batch/v1",
}
EVERY = 0.05  # seconds between two looks


class Server:
    """The server of a kubeconfig's current context."""

    def __init__(self, kubeconfig: Path) -> None:
        self.config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        cluster = self.config["clusters"][0]["cluster"]
        token = self.config["users"][0]["user"]["token"]
        self.http = httpx.Client(
            base_url=cluster["server"],
            headers={"Authorization": f"Bearer {token}"},
            verify=_certificates(kubeconfig.parent, cluster),
            trust_env=False,
            timeout=30,
        )

    def get(self, namespace: str, what: str, selector: str = "") -> dict | None:
        """An object ("pods/shell") or a list ("pods"); None where there is no such object."""
        answer = self.http.get(self._path(namespace, what), params={"labelSelector": selector})
        return None if answer.status_code == 404 else answer.raise_for_status().json()

    def nodes(self) -> list[str]:
        """The names of the nodes."""
        found = self.http.get("/api/v1/nodes").raise_for_status().json()["items"]
        return [one["metadata"]["name"] for one in found]

    def fresh_namespace(self, name: str) -> None:
        """A namespace with nothing in it; one of this name that was there goes first."""
        self.http.delete(f"/api/v1/namespaces/{name}")
        assert waited(lambda: self._made(name), 120), f"the namespace {name} does not go"

    def _made(self, name: str) -> bool:
        return self.http.post("/api/v1/namespaces", json={"metadata": {"name": name}}).is_success

    @contextmanager
    def watched(self, namespace: str, what: str, selector: str) -> Iterator[list[dict]]:
        """All changes of these objects while it lasts, oldest first, as the watch tells them."""
        first = self.get(namespace, what, selector)
        assert first is not None, what
        changes = [{"type": "LISTED", "object": one} for one in first["items"]]
        version, over = first["metadata"]["resourceVersion"], threading.Event()
        path = self._path(namespace, what)
        reader = threading.Thread(target=self._read, args=(path, selector, version, changes, over))
        reader.start()
        try:
            yield changes
        finally:
            over.set()
            reader.join()

    def _read(
        self, path: str, selector: str, version: str, changes: list, over: threading.Event
    ) -> None:
        """Watch until it is over and nothing more has come for a moment."""
        patience = httpx.Timeout(10, read=0.3)
        while not over.is_set():
            asked = {"watch": "1", "labelSelector": selector, "resourceVersion": version}
            with (
                suppress(httpx.ReadTimeout),
                self.http.stream("GET", path, params=asked, timeout=patience) as answer,
            ):
                for line in answer.iter_lines():
                    changes.append(json.loads(line))
                    version = changes[-1]["object"]["metadata"]["resourceVersion"]

    def _path(self, namespace: str, what: str) -> str:
        group = GROUPS.get(what.split("/")[0], "/api/v1")
        return f"{group}/namespaces/{namespace}/{what}"


def waited(condition, limit: float = 60.0) -> bool:
    """Whether the condition came true within `limit` seconds."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(EVERY)
    return False


def _certificates(folder: Path, cluster: dict):
    if cluster.get("insecure-skip-tls-verify") or cluster["server"].startswith("http:"):
        return False
    if "certificate-authority" in cluster:
        return ssl.create_default_context(cafile=str(folder / cluster["certificate-authority"]))
    import base64

    data = base64.b64decode(cluster["certificate-authority-data"]).decode()
    return ssl.create_default_context(cadata=data)
