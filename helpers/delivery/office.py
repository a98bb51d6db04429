"""An office: one shared repository of the checkout, and a clone of it for each who works there.

All of it lies in one folder of the workspace, so `origin` is a folder and needs no network. Each
office is a new one: two notebooks that run at the same time do not meet.
"""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from helpers.workspace import workspace

from .git import asked, git
from .practice import fill, settle

ORIGIN = "origin.git"
YOU = "You at Corner <you@corner.example>"
KEPT = 5  # the newest offices of a name
IN_USE = 3600.0  # seconds since the last change, for which an older one stays as well


def new_office(name: str) -> Path:
    """A new folder with `origin.git`, the practice repository as a team shares it.

    name: a plain word; the folder is named so, with the next free number. Of the earlier ones
    the newest five stay, and those that were worked in within the last hour.

    Raises ProgramMissing without git, OSError where the workspace cannot be written.
    """
    offices = workspace("offices")
    _clear(offices, name)
    office = _next(offices, name)
    (office / ORIGIN).mkdir()
    asked(office / ORIGIN, "init", "--quiet", "--bare", "--template=")
    fill(office / ORIGIN)
    return office


def clone(office: Path, name: str, who: str = YOU, quiet: bool = False) -> Path:
    """Clone the shared repository into the folder `name`, for `who` ("Name <address>")."""
    git(office, "clone", "--quiet", ORIGIN, name, quiet=quiet)
    desk = office / name
    person, address = who.rstrip(">").split(" <")
    settle(desk, user__name=person, user__email=address)
    # A path from the clone: what git prints then names no folder of this machine.
    asked(desk, "remote", "set-url", "origin", f"../{ORIGIN}")
    return desk


def _next(offices: Path, name: str) -> Path:
    number = max((_number(one) for one in _named(offices, name)), default=0)
    while True:
        number += 1
        office = offices / f"{name}-{number}"
        try:
            office.mkdir()
        except FileExistsError:  # another notebook was quicker
            continue
        return office


def _clear(offices: Path, name: str) -> None:
    for old in sorted(_named(offices, name), key=_number)[:-KEPT]:
        if time.time() - max(one.stat().st_mtime for one in [old, *old.iterdir()]) > IN_USE:
            shutil.rmtree(old)


def _named(offices: Path, name: str) -> list[Path]:
    return [one for one in offices.iterdir() if re.fullmatch(rf"{re.escape(name)}-\d+", one.name)]


def _number(office: Path) -> int:
    return int(office.name.rsplit("-", 1)[1])
