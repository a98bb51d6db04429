"""The cluster in a notebook: started, asked with real kubectl, and ended with the kernel."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shlex
import ssl
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.programs import ProgramFailed, Ran, Server, free_port, run
from helpers.workspace import workspace

from .certificate import write_certificate
from .kubeconfig import kubeconfig

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

Image = Mapping[str, Any]
READY = 30.0  # seconds
LISTENS, PIDS = "two-loops/listens", "two-loops/pids"


class Cluster:
    """A teaching cluster that runs while this kernel runs.

    images: what each image name stands for, as {"name": {"command": [...], "env": {...},
    "workdir": ...}}; nothing is pulled. keep: a name under which the objects are kept, so that the
    cluster comes back with them. faster: what the pauses of CrashLoopBackOff are divided by.
    quiet: do not say that it runs.

    Your own ~/.kube/config is neither read nor changed. Raises ProgramFailed where the server does
    not come up.
    """

    def __init__(
        self,
        images: Mapping[str, Image] | None = None,
        keep: str = "",
        faster: float = 10.0,
        quiet: bool = False,
    ) -> None:
        place = workspace("cluster")
        self.folder = place / keep if keep else Path(tempfile.mkdtemp(prefix="run-", dir=place))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._options = (*(("--keep",) if keep else ()), "--faster", str(faster))
        self._images = dict(images or {})
        self._write_images()
        self._token = secrets.token_urlsafe(24)
        _private(self.folder / "token", self._token)
        self._certificate, _ = write_certificate(self.folder)
        self._server: Server | None = None
        self.start()
        if not quiet:
            print("A teaching cluster runs on this machine; kubectl speaks to it.")

    def start(self) -> Cluster:
        """Start the server, anew where it has ended."""
        port = free_port()
        program = (sys.executable, "-m", "helpers.cluster", "--folder", str(self.folder))
        self._server = Server(
            *(*program, "--port", str(port), *self._options),
            log=self.folder / "server.log",
            port=port,
            quiet=True,
        )
        self.port = port
        _private(self.kubeconfig, kubeconfig(port, self._certificate, self._token))
        self._wait()
        return self

    @property
    def running(self) -> bool:
        """Whether the server is there."""
        return bool(self._server and self._server.running)

    @property
    def kubeconfig(self) -> Path:
        """The file by which kubectl finds this cluster."""
        return self.folder / "kubeconfig"

    @property
    def env(self) -> dict[str, str | None]:
        """Variables for a program that is to speak to this cluster, and to no other."""
        return {"KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": str(self.folder / "cache")}

    def kubectl(
        self,
        *arguments: str,
        check: bool = True,
        quiet: bool = False,
        stdin: str | None = None,
        limit: float = 60.0,
        cwd: Path | None = None,
    ) -> str:
        """Run kubectl: `cluster.kubectl("get pods -o wide")`. Gives what it printed.

        One text is split as a shell would; several are taken as they are. stdin: a manifest for
        `apply -f -`. check: raise ProgramFailed where kubectl ends with an error. cwd: the folder
        that relative paths begin at (with `stdin` there can be none).
        """
        words = shlex.split(arguments[0]) if len(arguments) == 1 else list(arguments)
        return self.ran(words, check=check, quiet=quiet, stdin=stdin, limit=limit, cwd=cwd).output

    def ran(
        self,
        words: Sequence[str],
        check: bool = True,
        quiet: bool = False,
        stdin: str | None = None,
        limit: float = 60.0,
        cwd: Path | None = None,
    ) -> Ran:
        """As `kubectl`, but gives the exit code and the time as well."""
        if stdin is not None:
            cwd = self.folder / "manifests"
            cwd.mkdir(exist_ok=True)
            (cwd / "manifest.yaml").write_text(stdin, encoding="utf-8")
            words = ["manifest.yaml" if word == "-" else word for word in words]
        return run("kubectl", *words, cwd=cwd, env=self.env, check=check, quiet=quiet, limit=limit)

    def load(self, name: str, **image: Any) -> None:
        """Make an image known while the cluster runs: command=[...], env={...}, workdir=..."""
        self._images[name] = image
        self._write_images()

    def url(self, service: str, namespace: str = "default") -> str:
        """The address of a Service's first port, reachable from here. Raises ProgramFailed."""
        obj = self._object("service", service, namespace)
        port = obj["spec"]["ports"][0]["port"]
        listens = json.loads(obj["metadata"].get("annotations", {}).get(LISTENS, "{}"))
        address = f"{obj['spec']['clusterIP']}:{port}"
        return f"http://{listens.get(str(port), address)}"

    def pid(self, pod: str, namespace: str = "default") -> int:
        """The process of a pod's first container. Raises ProgramFailed where there is no such pod,
        LookupError where it has no process."""
        obj = self._object("pod", pod, namespace)
        listed = obj["metadata"].get("annotations", {}).get(PIDS, "")
        if "=" not in listed:
            raise LookupError(f"pod {pod} has no running process")
        return int(listed.split(",")[0].split("=")[1])

    def client(self) -> ApiClient:
        """The official Python client, configured for this cluster."""
        from kubernetes import client, config

        configuration = client.Configuration()
        config.load_kube_config(str(self.kubeconfig), client_configuration=configuration)
        return client.ApiClient(configuration)

    def stop(self) -> None:
        """End the cluster and all its pods."""
        if self._server:
            self._server.stop()

    def _object(self, kind: str, name: str, namespace: str) -> dict[str, Any]:
        return json.loads(
            self.kubectl("get", kind, name, "-n", namespace, "-o", "json", quiet=True)
        )

    def _write_images(self) -> None:
        new = self.folder / "images.json.new"
        new.write_text(json.dumps(self._images), encoding="utf-8")
        os.replace(new, self.folder / "images.json")

    def _wait(self) -> None:
        """Until the server answers."""
        until = time.monotonic() + READY
        trusted = ssl.create_default_context(cafile=str(self._certificate))
        while self._server and self._server.running and time.monotonic() < until:
            asking = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=2, context=trusted)
            try:
                asking.request("GET", "/readyz")
                if asking.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                asking.close()
        tail = self._server.tail(20) if self._server else ""
        self.stop()
        raise ProgramFailed(f"The cluster did not come up. The end of its log:\n{tail}")


def _private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
