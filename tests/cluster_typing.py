"""A cluster of one's own for a test module, and kubectl typed at it."""

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from helpers.cluster.cluster import Cluster
from helpers.programs import found


@dataclass(frozen=True)
class Said:
    """What kubectl answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of its output."""
        return self.out.splitlines()


class Typist:
    """Types kubectl in one namespace of a cluster."""

    def __init__(self, cluster: Cluster, namespace: str = "default") -> None:
        self.cluster, self.namespace = cluster, namespace
        self._env = {k: v for k, v in {**os.environ, **cluster.env}.items() if v is not None}

    def start(self, line: str) -> subprocess.Popen:
        """kubectl as a process that runs beside the test."""
        return subprocess.Popen(
            [found("kubectl"), "-n", self.namespace, *shlex.split(line)],
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def try_(self, line: str, sent: str | None = None, **env: str) -> Said:
        """Run kubectl to its end, whatever its exit code."""
        ran = subprocess.run(
            [found("kubectl"), "-n", self.namespace, *shlex.split(line)],
            env=self._env | env,
            input=sent or "",
            capture_output=True,
            text=True,
            timeout=40,
        )
        return Said(ran.returncode, ran.stdout, ran.stderr)

    def __call__(self, line: str, sent: str | None = None, **env: str) -> str:
        """Run kubectl, which has to succeed, and give its output."""
        said = self.try_(line, sent, **env)
        assert said.code == 0, f"kubectl {line}\n{said.out}{said.err}"
        return said.out

    def refused(self, line: str, sent: str | None = None) -> str:
        """Run kubectl, which has to fail, and give what it says."""
        said = self.try_(line, sent)
        assert said.code != 0, f"kubectl {line}\n{said.out}"
        return said.err


@contextlib.contextmanager
def running(folder: Path, **options) -> Iterator[Cluster]:
    """A cluster whose workspace is `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWO_LOOPS_WORKSPACE", str(folder))
        cluster = Cluster(**options)
    try:
        yield cluster
    finally:
        cluster.stop()


def server_of(cluster: Cluster) -> psutil.Process:
    """The server's own process, beneath its supervisor."""
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # some are about to end
            line = one.cmdline()
            if str(cluster.folder) in line and "supervisor" not in " ".join(line):
                return one
    raise LookupError("the server does not run")


def until(true, seconds: float = 15.0, what: str = "") -> None:
    """Wait until `true()` holds. Raises AssertionError where it does not in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what or f"{true} did not hold within {seconds} s"
        time.sleep(0.05)


def deployment(
    name: str = "web", replicas: int = 2, image: str = "web:1", command: str = ""
) -> str:
    """A manifest of a Deployment with one container."""
    run = f"\n        command: [sh, -c, {command!r}]" if command else ""
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels: {{app: {name}}}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      containers:
      - name: {name}
        image: {image}{run}
        ports:
        - containerPort: 8000
"""
