"""The programs that lessons use beside Python: which are here, who wants them, how to get them."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

INSTALLED_WITH_COURSE = "comes with the course: run `make lab` or `pip install -r requirements.txt`"


@dataclass(frozen=True)
class Tool:
    """A program that lessons call.

    name: as people say it; command: as the shell knows it; version: arguments that make it say
    its version; lessons: who wants it, none where only tests do; get: how to install it, by
    platform (linux, darwin, win32). others: commands that serve as well. package: the Python
    package that brings it, whose version is known without starting it.
    """

    name: str
    command: str
    lessons: Sequence[str]
    get: Mapping[str, str] = field(default_factory=dict)
    version: Sequence[str] = ("--version",)
    others: Sequence[str] = ()
    package: str = ""

    def find(self) -> str | None:
        """The program's path, or None. What is installed beside the running Python comes first."""
        beside = str(Path(sys.executable).parent)
        path = os.pathsep.join([beside, os.environ.get("PATH", "")])
        found = (shutil.which(name, path=path) for name in (self.command, *self.others))
        return next(filter(None, found), None)

    def found_version(self) -> str | None:
        """The version that the program names, "?" where it names none, None where it is missing."""
        program = self.find()
        if program is None:
            return None
        if self.package and Path(program).parent == Path(sys.executable).parent:
            return importlib.metadata.version(self.package)
        try:
            run = subprocess.run(
                [program, *self.version], capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if run.returncode:
            return None
        match = re.search(r"\d+(\.\d+)+", run.stdout + run.stderr)
        return match.group() if match else "?"

    def how_to_get(self) -> str:
        """One line that says how to install it on this platform."""
        return self.get.get(sys.platform, INSTALLED_WITH_COURSE)


def _packages(debian: str, brew: str, windows: str) -> dict[str, str]:
    return {
        "linux": f"sudo apt-get install {debian}",
        "darwin": f"brew install {brew}",
        "win32": windows,
    }


TOOLS = (
    Tool(
        "git",
        "git",
        ("00", "11", "12", "13", "15", "16"),
        _packages("git", "git", "winget install Git.Git"),
    ),
    Tool("ruff", "ruff", ("11", "12")),
    Tool("pytest", "pytest", ("00", "12"), package="pytest"),
    Tool("act (GitHub Actions)", "act", ("13", "15")),
    # mlflow --version takes five seconds, on a busy machine more than any patience.
    Tool("MLflow", "mlflow", ("23", "25", "27", "31"), package="mlflow"),
    Tool("hadolint", "hadolint", ("14",)),
    Tool("kubectl", "kubectl", ("15", "16", "25"), version=("version", "--client")),
    Tool(
        "Docker Engine",
        "docker",
        ("14",),
        _packages("docker.io", "--cask docker", "winget install Docker.DockerDesktop"),
        # The client alone is of no use: only a running Engine names the server's version.
        version=("version", "--format", "{{.Server.Version}}"),
    ),
    Tool(
        "Prometheus",
        "prometheus",
        ("16",),
        _packages("prometheus", "prometheus", "see https://prometheus.io/download/"),
    ),
    Tool(
        "promtool",
        "promtool",
        ("16", "31"),
        _packages("prometheus", "prometheus", "see https://prometheus.io/download/"),
    ),
    Tool(
        "Groovy",
        "groovy",
        (),
        _packages("groovy", "groovy", "see https://groovy.apache.org/download.html"),
    ),
)


def tool(command: str) -> Tool:
    """The tool with this command. Raises KeyError that names those there are."""
    for one in TOOLS:
        if one.command == command:
            return one
    raise KeyError(f"no tool {command!r}; there are {', '.join(t.command for t in TOOLS)}")
