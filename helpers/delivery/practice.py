"""The practice repository: the checkout service as Corner's own git repository, to be broken.

It lies in the learner's workspace and holds a copy of the service as package `checkout`, its
tests, its pipelines, its image and its alerts, with a short history. On every machine its commits
have the same hashes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from datetime import datetime
from itertools import count
from pathlib import Path

from helpers.monitoring.rules import service_rules
from helpers.programs import ProgramFailed
from helpers.workspace import ROOT, workspace

from .git import asked
from .history import HISTORY, states
from .stream import as_stream

TEMPLATE = Path(__file__).with_name("template")
SERVICE = ROOT / "helpers" / "serving"
# What differs from the learner's own habits here, also when git is typed in a terminal.
CONFIG = {
    "user.name": "You at Corner",
    "user.email": "you@corner.example",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "core.autocrlf": "false",
    "core.hooksPath": ".git/hooks",
    "core.fsmonitor": "false",
    "core.excludesFile": os.devnull,
    "core.attributesFile": os.devnull,
    "gc.auto": "0",
}
KEPT = 3  # earlier copies of a repository that was made anew
_ours: dict[Path, object] = {}  # the places that this process works in, each with its lock


def practice_repository(name: str = "practice", fresh: bool = False) -> Path:
    """The folder of the practice repository; it is laid where there is none yet.

    name: lessons that run at the same time take one each. fresh: lay it anew. One that was worked
    in is kept beside it, under its name and the time; of those the last three stay. While another
    kernel works in one that it laid so, its number is passed over: name, name-2, name-3.

    Raises ValueError for a name that is no plain word, ProgramMissing without git, OSError where
    the workspace cannot be written.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise ValueError(f"a repository's name is lower-case letters and digits, not {name!r}")
    place = _free(name) if fresh else workspace("repositories") / name
    if place.exists() and (fresh or not _is_whole(place)):
        _put_aside(place)
    if not place.exists():
        lay(place)
    return place


def practice_files() -> dict[str, str]:
    """The newest files of the practice repository, from path to text."""
    files = {
        f"checkout/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(SERVICE.glob("*.py"))
    }
    for path in sorted(TEMPLATE.rglob("*")):
        name = path.relative_to(TEMPLATE).as_posix()
        # Dotted names are stored as dot_..., so what does begin with a dot is some tool's cache.
        if path.is_file() and not re.search(r"(^|/)(\.|__pycache__)", name):
            files[re.sub(r"(^|/)dot_", r"\1.", name)] = path.read_text(encoding="utf-8")
    tested = ROOT / "helpers" / "monitoring" / "rules_test.yml"
    files["monitoring/rules.yml"] = service_rules()
    files["monitoring/rules_test.yml"] = tested.read_text(encoding="utf-8")
    return files


def lay(place: Path) -> None:
    """Lay the practice repository at `place`, which must not be there yet.

    It is made beside its place and moved there whole: nobody meets half a repository.
    """
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{place.name}-") as building:
        made = Path(building) / place.name
        made.mkdir()
        asked(made, "init", "--quiet", "--template=")
        settle(made)
        fill(made)
        asked(made, "reset", "--quiet", "--hard")
        try:
            made.rename(place)
        except OSError:
            if not _is_whole(place):  # else another lesson was quicker
                raise


def fill(repository: Path) -> None:
    """Put the history into an empty repository, bare or not, as its branch `main`."""
    asked(repository, "symbolic-ref", "HEAD", "refs/heads/main")
    history = as_stream(HISTORY, states(practice_files()))
    asked(repository, "fast-import", "--quiet", feed=history)


def settle(repository: Path, **more: str) -> None:
    """Give a repository its own settings, so that git typed in a terminal heeds them too.

    more: what differs from CONFIG, with a double underscore for the point: user__name="Jonas".
    """
    settings = CONFIG | {key.replace("__", "."): value for key, value in more.items()}
    with open(repository / ".git" / "config", "a", encoding="utf-8") as config:
        for key, value in settings.items():
            section, name = key.split(".")
            config.write(f'[{section}]\n\t{name} = "{value}"\n')
    (repository / ".git" / "hooks").mkdir(exist_ok=True)


def _free(name: str) -> Path:
    """The first place of that name in which no other living process works, from now on ours."""
    from filelock import FileLock, Timeout

    for number in count(1):
        place = workspace("repositories") / (name if number == 1 else f"{name}-{number}")
        if place in _ours:
            return place
        # The system opens the lock when its process ends, however that happens.
        lock = FileLock(place.with_name(f".{place.name}.lock"))
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=0)
            _ours[place] = lock
            return place
    raise AssertionError("there is always a further number")


def _is_whole(place: Path) -> bool:
    try:
        asked(place, "rev-parse", "--verify", "--quiet", "HEAD")
    except ProgramFailed:
        return False
    return True


def _put_aside(place: Path) -> None:
    """Keep the learner's work as a dated copy; what was never changed need not be kept."""
    if _is_untouched(place):
        shutil.rmtree(place)
        return
    when = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    place.rename(place.with_name(f"{place.name}.{when}"))
    copies = sorted(place.parent.glob(f"{place.name}.[0-9]*"))
    for old in copies[:-KEPT]:
        shutil.rmtree(old)


def _is_untouched(place: Path) -> bool:
    try:
        changed = asked(place, "status", "--porcelain")
        here = asked(place, "for-each-ref", "--format=%(objectname) %(refname)")
    except ProgramFailed:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        pristine = Path(scratch) / place.name
        lay(pristine)
        return not changed and here == asked(
            pristine, "for-each-ref", "--format=%(objectname) %(refname)"
        )
