"""Changing a file as one would in an editor, in a way that can be run again."""

from __future__ import annotations

from pathlib import Path


def edit(path: Path, before: str, after: str) -> None:
    """Put `after` in the place of `before` in a file; where that is done already, say so.

    Raises ValueError where `before` is not there exactly once.
    """
    text = path.read_text(encoding="utf-8")
    if after and after in text and text.replace(after, "").count(before) == 0:
        print(f"{path.name} has this change already.")
        return
    if text.count(before) != 1:
        raise ValueError(
            f"{path.name} holds this passage {text.count(before)} times, not once:\n{before}\n"
            "Was the file changed in between? Run the lesson again from its top."
        )
    path.write_text(text.replace(before, after), encoding="utf-8", newline="\n")


def resolve(path: Path, passage: str) -> None:
    """Put `passage` in the place of a file's only conflict, markers and all.

    Raises ValueError where the file holds no conflict, or several.
    """
    text = path.read_text(encoding="utf-8")
    if text.count("<<<<<<< ") != 1 or text.count(">>>>>>> ") != 1:
        found = text.count("<<<<<<< ")
        raise ValueError(f"{path.name} holds {found} conflicts; this mends a file with one.")
    before, rest = text.split("<<<<<<< ")
    after = rest.split(">>>>>>> ")[1].split("\n", 1)[1]
    path.write_text(before + passage + after, encoding="utf-8", newline="\n")
