"""The README's map of the lessons, drawn from the tree: `python -m helpers.setup.readme`."""

import re

from helpers.lesson.steps import STEPS, Step
from helpers.workspace import ROOT

README = ROOT / "README.md"
MAP = re.compile(r"(?<=<!-- lessons -->\n).*?(?=<!-- end of lessons -->)", re.DOTALL)
PARTS = {
    "start": "Start",
    "DevOps": "The DevOps loop",
    "MLOps": "The MLOps loop",
    "again": "The loop once more",
    "together": "At scale, and together",
}


def lesson_map() -> str:
    """The table of all lessons; those in this copy of the course are links."""
    rows = ["| part | lesson | what you do there |", "|---|---|---|"]
    part = None
    for step in STEPS:
        rows.append(
            f"| {PARTS[step.loop] if step.loop != part else ''} | {_name(step)} | {step.what} |"
        )
        part = step.loop
    return "\n".join(rows) + "\n"


def with_map(text: str) -> str:
    """The README's text with the map put between its two marks.

    Raises ValueError where the marks are missing.
    """
    if not MAP.search(text):
        raise ValueError(
            "README.md has lost its marks <!-- lessons --> and <!-- end of lessons -->."
        )
    return MAP.sub(lambda _: lesson_map(), text)


def _name(step: Step) -> str:
    name = f"{step.number} {step.title}"
    return f"[{name}](notebooks/{step.notebook})" if step.written else f"{name} (to come)"


if __name__ == "__main__":
    README.write_text(with_map(README.read_text(encoding="utf-8")), encoding="utf-8")
