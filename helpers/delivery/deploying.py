"""A revision of the practice repository, really started: does it come up, and as which version?"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from helpers.programs import ProgramFailed, Server, found, free_port
from helpers.workspace import workspace

from .git import clean_environment


@dataclass(frozen=True)
class Started:
    """How a start went. version: what the service says it is; said: its last words if it failed."""

    well: bool
    seconds: float
    version: str = ""
    said: str = ""


def start_revision(repository: Path, revision: str, limit: float = 20.0) -> Started:
    """Start the service as it is at `revision`, ask /readyz and /version, and end it.

    The files come from git alone, not from the folder in which somebody works. Raises
    ProgramMissing without git, ProgramFailed for an unknown revision.
    """
    with tempfile.TemporaryDirectory(dir=workspace("deployed")) as folder:
        _export(repository, revision, Path(folder))
        begun, port = time.monotonic(), free_port()
        server = Server(
            *(sys.executable, "-m", "checkout", "--port", str(port)),
            log=Path(folder) / "log",
            port=port,
            cwd=Path(folder),
            env={"PYTHONPATH": folder},
            quiet=True,
        )
        with server:
            return _health(server, begun, limit)


def _health(server: Server, begun: float, limit: float) -> Started:
    import httpx

    try:
        server.wait("/readyz", limit)
    except ProgramFailed:
        return Started(False, time.monotonic() - begun, said=server.tail(1))
    answer = httpx.get(f"{server.url}/version", timeout=10, trust_env=False)
    return Started(True, time.monotonic() - begun, answer.json()["version"])


def _export(repository: Path, revision: str, folder: Path) -> None:
    archive = folder / "revision.tar"
    command = [found("git"), "archive", "--format=tar", f"--output={archive}", revision]
    done = subprocess.run(
        command,
        cwd=repository,
        env=clean_environment(repository),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise ProgramFailed(f"git archive {revision}: {done.stderr.strip()}")
    import tarfile

    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
