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
