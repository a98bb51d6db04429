"""JupyterLab for an instructor, with nbgrader's menus: `python -m helpers formgrader FOLDER`."""

import os
import subprocess
import sys
from pathlib import Path

MENUS_ON = Path(__file__).parent / "jupyter" / "on"


def command(options: list[str]) -> tuple[list[str], dict[str, str]]:
    """What starts JupyterLab with the menus that the course's installation switches off.

    Gives the command, and the environment for it. options: JupyterLab's own.
    """
    beside = str(Path(sys.executable).parent)  # nbgrader calls the alembic that lies there
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": _first(str(MENUS_ON), os.environ.get("JUPYTER_CONFIG_PATH")),
        "PATH": _first(beside, os.environ.get("PATH")),
    }
    return [sys.executable, "-m", "jupyter", "lab", *options], environment


def _first(folder: str, others: str | None) -> str:
    return os.pathsep.join(filter(None, [folder, others]))


def open_lab(folder: Path, options: list[str]) -> int:
    """Run JupyterLab in an nbgrader course folder until it is stopped; its exit code.

    Raises FileNotFoundError for a folder without nbgrader's settings: the form grader would show
    an empty course.
    """
    if not (folder / "nbgrader_config.py").exists():
        raise FileNotFoundError(
            f"{folder} has no nbgrader_config.py; `python -m helpers nbgrader --into {folder}` "
            "makes it a course folder."
        )
    line, environment = command(options)
    try:
        return subprocess.run(line, cwd=folder, env=environment).returncode
    except KeyboardInterrupt:  # JupyterLab was stopped with the same keys
        return 0
