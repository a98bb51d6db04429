"""The same shop on a cluster: its checkout is a Deployment, a release a rollout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.workspace import python_path

from .finding import Finding, by_file
from .names import RELEASE
from .shop import BACKUP, CONFIG, START_SECONDS, Shop

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster

IMAGE, MANIFEST = "corner/checkout", Path(__file__).with_name("checkout.yaml")
MODULE = "helpers.delivery.drill.service"
BACKUP_IMAGE, PODS = "corner/backup:1", "app=checkout"


class DeployedShop(Shop):
    """A shop whose checkout runs as three pods behind a Service, both called `checkout`.

    cluster: one that runs; it is not ended by `close`. The other arguments are those of `Shop`.
    All pods write into one ledger, a file of this machine. A release is an image, a setting an
    entry of the ConfigMap `checkout`. What an action types at kubectl is shown.
    """

    replicas = 3

    def __init__(
        self, cluster: Cluster, config: str = CONFIG, speed_up: int = 60, quiet: bool = False
    ) -> None:
        self.cluster, self._says, self._url = cluster, False, ""
        self._finding: Finding | None = None
        self._quiet = quiet
        with self._aloud():
            super().__init__(config, speed_up, quiet)

    @property
    def url(self) -> str:
        """Where the Service answers."""
        return self._url

    def deploy(self, quiet: bool = True, **release: str) -> None:
        """Roll a release out, and wait until all pods are of it; as `Shop.deploy`.

        Another version is another image. Other vouchers are another entry of the ConfigMap, with
        new pods, for the environment of a process is set when it starts. So are none of both.
        """
        wanted = {**self.release, **release}
        self._make_known(wanted["version"])
        if not self._url:
            self._begin()
        else:
            self._roll_out(wanted)
        self._wait()
        self.release = wanted

    def _roll_out(self, wanted: dict[str, str]) -> None:
        self._set(wanted)
        line = "rollout restart deployment/checkout"
        if wanted["version"] != self._runs():
            line = f"set image deployment/checkout checkout={IMAGE}:{wanted['version']}"
        self._kubectl(line)

    def roll_back(self) -> None:
        """`kubectl rollout undo`, to the last revision that ran the good release.

        Where that one runs already nothing is undone: the revision before could be a bad one.
        """
        if self._runs() == RELEASE:
            return
        self._kubectl(f"rollout undo deployment/checkout --to-revision={self._last_good()}")
        self._wait()
        self.release = {**self.release, "version": RELEASE}

    def do_not_wait(self) -> None:
        """New pods, for those that crashed wait in CrashLoopBackOff."""
        self._kubectl("rollout restart deployment/checkout")
        self._wait()

    def start_backup(self) -> None:
        """Another program takes the ledger for itself, and keeps it: a Job."""
        command = [sys.executable, "-c", BACKUP]
        self.cluster.load(BACKUP_IMAGE, command=command, workdir=str(self.folder))
        self._kubectl(f"create job backup --image={BACKUP_IMAGE}")

    def stop_backup(self) -> None:
        """The ledger is free again. No error where no backup runs."""
        self._kubectl("delete job backup --ignore-not-found --now", check=False)

    def act(self, action: str) -> None:
        """As `Shop.act`; the lines that go to kubectl are shown."""
        with self._aloud():
            super().act(action)

    def _found_by(self, config: str) -> str:
        return by_file(config)

    def _log_lines(self) -> list[str]:
        """What the pods have written that are there, and of crashed ones the run before."""
        line = f"logs --selector={PODS} --tail=-1 --ignore-errors"
        runs = [self._asked(f"{line}{more}") for more in (" --previous", "")]
        return [one for run in runs for one in run.splitlines() if one.startswith("{")]

    def _end_checkouts(self) -> None:
        if self._finding:
            self._finding.stop()
        for what in ("deployment,service,configmap checkout", f"pods --selector={PODS} --force"):
            self._kubectl(f"delete {what} --ignore-not-found --now", check=False)

    def _begin(self) -> None:
        here = json.dumps(str(self.folder))[1:-1]
        manifest = MANIFEST.read_text(encoding="utf-8").replace("FOLDER", here)
        self._kubectl("apply -f -", stdin=manifest)
        self._url = self.cluster.url("checkout")
        self._finding = Finding(self.cluster, PODS, self.folder / "prometheus")

    def _make_known(self, version: str) -> None:
        """Make a release known to the cluster, as an image."""
        env = {"PYTHONPATH": python_path(), "CHECKOUT_VERSION": version}
        self.cluster.load(f"{IMAGE}:{version}", command=[sys.executable, "-m", MODULE], env=env)

    def _set(self, wanted: dict[str, str]) -> None:
        """Write the settings into the ConfigMap; null takes one away."""
        patch = json.dumps({"data": {"CHECKOUT_VOUCHERS": wanted.get("vouchers")}})
        self._kubectl("patch", "configmap", "checkout", "--patch", patch)

    def _wait(self) -> None:
        line = f"rollout status deployment/checkout --timeout={START_SECONDS:g}s"
        self.cluster.kubectl(line, quiet=True)

    def _runs(self) -> str:
        """The version that the Deployment wants."""
        image = self._asked("get deployment checkout -o jsonpath={..containers[0].image}")
        return image.rpartition(":")[2]

    def _last_good(self) -> int:
        """The newest revision whose image is the good release."""
        found = json.loads(self._asked(f"get replicasets --selector={PODS} -o json"))["items"]
        return max(
            int(one["metadata"]["annotations"]["deployment.kubernetes.io/revision"])
            for one in found
            if one["spec"]["template"]["spec"]["containers"][0]["image"] == f"{IMAGE}:{RELEASE}"
        )

    def _kubectl(self, *line: str, **more: Any) -> None:
        self.cluster.kubectl(*line, quiet=not self._says, **more)

    def _asked(self, line: str) -> str:
        return self.cluster.kubectl(line, quiet=True)

    @contextmanager
    def _aloud(self) -> Iterator[None]:
        before, self._says = self._says, not self._quiet
        try:
            yield
        finally:
            self._says = before
