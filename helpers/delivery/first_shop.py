"""The folder of the first lesson's checkout: a little server, and pytest's settings."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from helpers.workspace import workspace

_SERVER = Path(__file__).with_name("first_server.py")
_PYTEST = """[pytest]
addopts = -qq -rfp --tb=short -p no:cacheprovider --color=no
"""
_IGNORED = "serve.py\npytest.ini\nreleases/\ncurrent*\n*.log\n__pycache__/\n.gitignore\n"

# pytest as the shop wants it: nothing of an outer run, no compiled files that could be stale.
TESTING: dict[str, str | None] = {
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "COLUMNS": "80",
    "CI": None,  # where it is set, pytest does not cut its lines
}


def new_shop() -> Path:
    """A fresh folder in the workspace that holds serve.py and pytest's settings.

    Raises OSError where the workspace cannot be written to.
    """
    shop = Path(tempfile.mkdtemp(prefix="shop-", dir=workspace("00_start_here")))
    shutil.copyfile(_SERVER, shop / "serve.py")
    (shop / "pytest.ini").write_text(_PYTEST, encoding="utf-8")
    (shop / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    return shop
