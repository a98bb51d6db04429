"""What this machine has: each tool found or missing, which lesson wants it, how to get it."""

from __future__ import annotations

import platform
import shutil
from concurrent.futures import ThreadPoolExecutor

from helpers.lesson.panel import Panel
from helpers.tools import TOOLS, Tool
from helpers.workspace import workspace


def this_machine() -> Panel:
    """A panel that names the machine's size and each tool of the course, found or missing.

    Without git lessons 11 and 12 cannot be taken. Any other missing tool stops no lesson.
    """
    tools = [tool for tool in TOOLS if tool.lessons]
    with ThreadPoolExecutor() as pool:
        versions = list(pool.map(Tool.found_version, tools))
    rows = [_row(*pair) for pair in zip(tools, versions, strict=True)]
    missing = sum(version is None for version in versions)
    table = "\n".join(["| tool | here | lessons | how to get it |", "|:---|:---|:---|:---|", *rows])
    closing = (
        "Lessons 11 and 12 need git from their first cell on. Any other missing tool stops no "
        "lesson: its cells say so and show a recorded result."
    )
    return Panel(
        f"{len(tools) - missing} of {len(tools)} tools are here",
        f"{_size()}\n\n{table}\n\n{closing}",
        "note",
    )


def _row(tool: Tool, version: str | None) -> str:
    here = "missing" if version is None else f"found, {version}"
    return f"| {tool.name} | {here} | {', '.join(tool.lessons)} | {_how(tool, version)} |"


def _how(tool: Tool, version: str | None) -> str:
    return "" if version is not None else tool.how_to_get()


def _size() -> str:
    import psutil

    memory = psutil.virtual_memory()
    free = shutil.disk_usage(workspace()).free
    return (
        f"Python {platform.python_version()} on {platform.system()}, {psutil.cpu_count()} cores, "
        f"{memory.total / 2**30:.0f} GB of memory ({memory.available / 2**30:.0f} free), "
        f"{free / 2**30:.0f} GB of disk free."
    )
