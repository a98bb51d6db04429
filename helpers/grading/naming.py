"""Whose a file is, from where it lies and what it is called.

In doubt a name stays as it is: an odd name can be read, two learners under one name cannot.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

_MOODLE = r"_\d+_assignsubmission_\w*$"  # "Anna Berg_1234567_assignsubmission_file_"
_CANVAS = r"(.+?)_(?:LATE_)?\d+_\d+_"  # "berganna_LATE_12345_67890_22_clean_and_prepare.ipynb"
# What browsers and people add to a file's name, and that is no part of it.
_ADDED = (
    r"[ _]?\(\d+\)$",  # a second download
    r"[ ._-]20\d\d-\d\d-\d\d[-T_ \d:.]*$",  # a dated copy
    r"(?:^|[ _-]+)(?:copy\d*|final|submission|solved|done)$",
)
_LESSON = r"\d\d(?:_[a-z0-9]+){2,}"  # 22_clean_and_prepare
_PROGRESS = r"(?:two-loops-)?progress"
_NO_NAMES = {"notebooks", "workspace", "submitted", "submissions", "submission", "two-loops"}


def learner_of(path: PurePath, stems: list[str], lesson: str = "") -> str:
    """Whose a file is; `path` is relative to the folder that is graded.

    The first folder above it that has a person's name and not a lesson's, else what is left of the
    file's own name without the lesson's, else all of that.
    stems: the names of the course's lessons. lesson: the number of the one that the file is of.
    """
    name = _plain(path.stem)
    own = _from_file(name, stems, lesson)
    for folder in map(_from_folder, path.parts[:-1]):
        if folder in {stem[:2] for stem in stems}:  # the lesson's number, or the learner's?
            return own or folder
        if not _is_a_lesson(folder, stems) and folder.lower() not in _NO_NAMES:
            return folder
    return own or name


def _from_folder(name: str) -> str:
    return re.sub(_MOODLE, "", _plain(name)).strip()


def _from_file(name: str, stems: list[str], lesson: str) -> str:
    canvas = re.match(_CANVAS, name)
    if canvas:
        return canvas[1]
    name = _without_added(name)
    patterns = [*map(re.escape, stems), _LESSON, _PROGRESS]
    if lesson:  # "anna_22" of lesson 22
        patterns.append(rf"(?:^|(?<=[ _-]))(?:lesson[ _-]*)?{lesson}(?=$|[ _-])")
    for pattern in patterns:
        name = re.sub(pattern, "", name, count=1, flags=re.IGNORECASE)
    return _without_added(name.strip(" ._-")).strip(" ._-")


def _is_a_lesson(name: str, stems: list[str]) -> bool:
    return name in stems or bool(re.fullmatch(rf"{_LESSON}|lesson[ _-]*\d\d", name, re.IGNORECASE))


def _without_added(name: str) -> str:
    for pattern in _ADDED:
        name = re.sub(pattern, "", name, flags=re.IGNORECASE).strip()
    return name


def _plain(name: str) -> str:
    """One form for a letter with an accent: macOS and Linux write it in two ways."""
    return unicodedata.normalize("NFC", name).strip()
