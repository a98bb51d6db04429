"""What every test and every lesson under test stands on: a place of its own, and the tools' rule.

It lies at the root, so that pytest reads it for tests/ and for notebooks/ alike.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
SCRATCH = tempfile.TemporaryDirectory(prefix="two-loops-tests-")


def pytest_configure() -> None:
    """Keep the learner's workspace, home and PATH out of it, for tests and for their kernels."""
    tools = str(Path(sys.executable).parent)
    python_path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    os.environ |= {
        "PATH": os.pathsep.join([tools, os.environ["PATH"]]),
        "PYTHONPATH": python_path,
        "IPYTHONDIR": str(Path(SCRATCH.name, "ipython")),
        "KERAS_HOME": str(Path(SCRATCH.name, "keras")),
        "XDG_CONFIG_HOME": str(Path(SCRATCH.name, "config")),
        "TWO_LOOPS_WORKSPACE": _new_workspace(),
        "DO_NOT_TRACK": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


@pytest.hookimpl(tryfirst=True)  # before pytest lets nbval start the kernel of a notebook
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tool is missing, or fail it where REQUIRE_TOOLS=1 says there is one.

    A notebook's cell runs without its tool too, but then its output is not the one stored.
    """
    for mark in item.iter_markers("needs_tool"):
        _without_tool(mark.args[0], pytest.skip)
    if hasattr(item, "cell_num"):
        if item.cell_num == 0:
            os.environ["TWO_LOOPS_WORKSPACE"] = _new_workspace()
        for tag in item.cell.metadata.get("tags", []):
            if tag.startswith("needs-"):
                _without_tool(
                    tag.removeprefix("needs-"), lambda _: item.options.update(check=False)
                )


def _without_tool(tool: str, otherwise) -> None:
    from helpers.notebooks import has_tool

    if has_tool(tool):
        return
    if os.environ.get("REQUIRE_TOOLS") == "1":
        pytest.fail(f"REQUIRE_TOOLS=1, and this machine lacks {tool}", pytrace=False)
    otherwise(f"this machine lacks {tool}")


def _new_workspace() -> str:
    return tempfile.mkdtemp(prefix="workspace-", dir=SCRATCH.name)
