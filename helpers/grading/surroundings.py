"""What a learner's notebook finds around it: folders of its own, and nothing of who grades."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from helpers.notebooks.running import environment

# What a program needs of the grader's own surroundings. Their keys and tokens stay away.
_KEPT = {
    *("PATH", "PYTHONPATH", "LANG", "TZ", "SHELL", "USER", "LOGNAME", "DOCKER_HOST", "JAVA_HOME"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "REQUIRE_TOOLS"),
}


def surroundings(folder: Path, fonts: Path, threads: int) -> dict[str, str]:
    """Make the folders that a notebook runs in, below `folder`, and give the variables it sees.

    fonts: where Matplotlib keeps its list of fonts; to make it anew takes seconds. threads: its
    share of the cores, so that notebooks side by side do not wait for each other.
    """
    for name in ("notebooks", "home", "tmp", "matplotlib"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path in fonts.glob("fontlist-*.json"):
        shutil.copy(path, folder / "matplotlib")
    whole = environment(str(folder))
    own = whole.keys() - os.environ.keys() | {
        *("PYTHONHASHSEED", "MPLBACKEND", "IPYTHONDIR", "TWO_LOOPS_WORKSPACE"),
        *("DO_NOT_TRACK", "MLFLOW_DISABLE_TELEMETRY"),
    }
    kept = {k: v for k, v in whole.items() if k in _KEPT | own or k.startswith("LC_")}
    return kept | {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "KERAS_HOME": str(folder / "keras"),
        "OMP_NUM_THREADS": str(threads),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
