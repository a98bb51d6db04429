"""Which lessons there are: the tree says so, no list does."""

import re
from pathlib import Path

from helpers.workspace import ROOT

NOTEBOOKS = ROOT / "notebooks"
LESSON = re.compile(r"\d\d_[a-z0-9_]+\.ipynb")  # a learner's dated copy has a dot before its date


def lessons(folder: Path = NOTEBOOKS) -> list[Path]:
    """The lessons in the order in which they are taken.

    Raises FileNotFoundError where the folder holds none: a test over no lesson proves nothing.
    """
    found = sorted(path for path in folder.glob("*.ipynb") if LESSON.fullmatch(path.name))
    if not found:
        raise FileNotFoundError(f"No lesson such as 00_start_here.ipynb in {folder}.")
    return found


def named(names: list[str], folder: Path = NOTEBOOKS) -> list[Path]:
    """The lessons that the names mean: a number (22), a name (22_clean_and_prepare) or a path.

    No name means all of them. Raises ValueError for a name that fits no lesson.
    """
    every = lessons(folder)
    unknown = [name for name in names if not any(_fits(path, name) for path in every)]
    if unknown:
        known = ", ".join(path.stem for path in every)
        raise ValueError(f"No lesson is called {', '.join(unknown)}. There are: {known}.")
    return [path for path in every if not names or any(_fits(path, name) for name in names)]


def _fits(path: Path, name: str) -> bool:
    stem = Path(name).name.removesuffix(".ipynb")
    return stem in (path.stem, path.stem[:2])
