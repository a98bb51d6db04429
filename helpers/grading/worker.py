"""Grades one notebook in a process of its own: `python -m helpers.grading.worker TASK`.

TASK is a folder with `task.json` and `notebook.ipynb`; `graded.json` is written beside them, in
one step. The kernel writes in a folder below and nowhere else. When this process ends, whatever
the reason, its kernel ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path

# To check web addresses jsonschema compiles a grammar at its import, which takes longer than all
# the rest of this process. The notebook has been checked when it was found.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def main(folder: Path) -> None:
    """Read the task, grade, write what was found."""
    import nbformat

    from helpers.grading.fence import adopt_orphans
    from helpers.grading.grading import grade
    from helpers.grading.limits import Limits
    from helpers.grading.running import Task

    signal.signal(signal.SIGTERM, lambda *_: _leave(folder))
    adopt_orphans()
    told = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    task = Task(
        nb=nbformat.read(folder / "notebook.ipynb", as_version=4),
        lesson=told["lesson"],
        personal=told["personal"],
        limits=Limits(**told["limits"]),
        seed=told["seed"],
        fonts=Path(told["fonts"]),
        threads=told["threads"],
    )
    graded = asyncio.run(grade(task, folder))
    beside = folder / "graded.new"
    beside.write_text(json.dumps(asdict(graded)), encoding="utf-8")
    os.replace(beside, folder / "graded.json")


def _leave(folder: Path) -> None:
    """Leave nothing behind, neither processes nor files: whoever started this one has ended."""
    from helpers.grading.ending import end_below, remove

    end_below()
    remove(folder)
    os._exit(143)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
