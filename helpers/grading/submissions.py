"""What lies in a folder: whose notebooks, of which lessons, whose progress, and what is neither."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from helpers import exercises
from helpers.grading.asking import lesson_of
from helpers.grading.naming import learner_of
from helpers.lesson import progress
from helpers.notebooks.lessons import lessons
from helpers.notebooks.stored import MALFORMED

LARGEST = 100_000_000  # bytes of a file; a lesson with all its pictures has two million
_HIDDEN = ("__MACOSX", "node_modules")


class NothingToGrade(Exception):
    """A folder that holds nothing to grade; the message says what was looked for."""


@dataclass(frozen=True)
class Submission:
    """A notebook as it was handed in. place: relative to the folder. problem: why it is not run."""

    learner: str
    place: Path
    content: bytes
    lesson: str = ""
    problem: str = ""

    @property
    def digest(self) -> str:
        """Changes when the file does."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Folder:
    """All that was handed in. progress: of each learner, as a progress file says it."""

    root: Path
    submissions: list[Submission] = field(default_factory=list)
    progress: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def collect(root: Path, leave: Path) -> Folder:
    """Look through a folder and all below it, but not below `leave`, where results are written.

    Raises NothingToGrade where it is no folder, or holds neither a notebook nor a progress file.
    """
    if not root.is_dir():
        raise NothingToGrade(f"{root} is not a folder.")
    root, leave = root.resolve(), leave.resolve()
    found, stems = Folder(root), [path.stem for path in lessons()]
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if leave in (path, *path.parents) or _is_hidden(place):
            continue
        if path.is_symlink() or not path.is_file():  # a link may point anywhere
            continue
        if path.suffix == ".ipynb":
            found.submissions.append(_submission(path, place, stems))
        elif path.suffix == ".json":
            _read_progress(path, place, stems, found)
        elif path.suffix in (".zip", ".gz", ".7z", ".rar"):
            found.unread.append(f"{place}: unpack it first")
    if not found.submissions and not found.progress:
        raise NothingToGrade(
            f"{root} holds no notebook (.ipynb) and no progress file (.json), nor do its folders."
            + "".join(f"\n{line}" for line in found.unread)
        )
    return found


def _submission(path: Path, place: Path, stems: list[str]) -> Submission:
    learner = learner_of(place, stems)
    try:
        content = _content(path)
    except (OSError, ValueError) as error:
        return Submission(learner, place, b"", problem=f"it cannot be read: {error}")
    try:
        lesson = _lesson(content.decode("utf-8-sig"))
    except (*MALFORMED, RecursionError) as error:
        why = f"it is not a notebook: {_first_line(error)}"
        return Submission(learner, place, content, problem=why)
    problem = ""
    if lesson is None:
        problem = "which lesson it is of cannot be told: no cell calls place or check"
    elif lesson not in exercises.numbers():
        problem = f"the course has no lesson {lesson}"
    learner = learner_of(place, stems, lesson or "")
    return Submission(learner, place, content, lesson or "", problem)


def _lesson(text: str) -> str | None:
    """The lesson of a notebook's text. Raises one of MALFORMED for a text that is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cell without an id is no matter here
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
    return lesson_of(notebook)


def _read_progress(path: Path, place: Path, stems: list[str], found: Folder) -> None:
    try:
        state = progress.parse(_content(path).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        if "progress" in path.name:
            found.unread.append(f"{place}: {_first_line(error)}")
        return
    learner = learner_of(place, stems)
    before = found.progress.get(learner)
    found.progress[learner] = progress.merge(before, state) if before else state


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
    return path.read_bytes()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _is_hidden(place: Path) -> bool:
    return any(part.startswith((".", "._")) or part in _HIDDEN for part in place.parts)
