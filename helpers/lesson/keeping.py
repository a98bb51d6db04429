"""Progress taken away and brought back: a Binder session forgets everything when it closes."""

from __future__ import annotations

import base64
import json
from typing import Any

from helpers.lesson import progress
from helpers.lesson.panel import Panel
from helpers.lesson.widgets import Shown, said

_NAME = "two-loops-progress.json"


def download_progress() -> Panel:
    """A link that saves your progress as a file on your own computer."""
    return _Link(json.dumps(progress.read(), indent=1, sort_keys=True))


def bring_progress_back(text: str = "") -> Any:
    """Merge a downloaded progress file into the one here: an upload button, or its text.

    Nothing is lost: of each exercise the better state stays.
    """
    if text:
        return _brought(text)
    import ipywidgets as w

    upload, answer = w.FileUpload(accept=".json", description="Progress file"), said()

    def came(change: dict[str, Any]) -> None:
        for file in change["new"]:
            answer.value = _brought(bytes(file["content"]).decode("utf-8", "replace")).html()

    upload.observe(came, names="value")
    plain = f"Bring a downloaded {_NAME} back: bring_progress_back(open({_NAME!r}).read())"
    return Shown(w.VBox([upload, answer]), plain)


def _brought(text: str) -> Panel:
    try:
        state = progress.bring_back(text)
    except (progress.BadProgress, progress.NotSaved) as error:
        return Panel("Your progress was not brought back", str(error), "not yet")
    right = sum(entry["state"] == "right" for entry in state["exercises"].values())
    return Panel("Your progress is back", f"{right} exercises are right so far.", "right")


class _Link(Panel):
    def __init__(self, text: str) -> None:
        super().__init__("Your progress", f"It is kept in {progress.path().name} in the workspace.")
        object.__setattr__(self, "_text", text)

    def html(self) -> str:
        data = base64.b64encode(self._text.encode()).decode()
        return (
            f'<a download="{_NAME}" href="data:application/json;base64,{data}">'
            f"Save my progress as {_NAME}</a>"
        )
