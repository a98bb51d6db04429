"""Where the course finds itself on disk, and the one folder that lessons write to."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def workspace(*parts: str) -> Path:
    """Path of a folder that lessons may write to; made if it is missing.

    It is `workspace/` at the course's root, or the folder that the environment variable
    TWO_LOOPS_WORKSPACE names. `parts` name a folder below it.

    Raises OSError where the folder cannot be made (a read-only or full disk).
    """
    base = Path(os.environ.get("TWO_LOOPS_WORKSPACE") or ROOT / "workspace").expanduser().resolve()
    folder = base.joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def python_path() -> str:
    """PYTHONPATH for a program of the course that runs in another folder."""
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def dataset(name: str) -> Path:
    """Path of a file under `datasets/`.

    Raises FileNotFoundError that names the files that are there.
    """
    path = ROOT / "datasets" / name
    if not path.exists():
        there = ", ".join(sorted(p.name for p in path.parent.glob("*"))) or "nothing"
        raise FileNotFoundError(f"datasets/ has no file {name}; it holds: {there}")
    return path
