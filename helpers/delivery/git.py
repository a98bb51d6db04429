"""Git, run so that it knows of one repository and of nobody's habits.

The environment of a kernel can point git at another repository (GIT_DIR and its like), and a
learner's own configuration can sign, translate line ends or run hooks. Neither reaches the calls
made here; and git never looks above the repository's folder for another one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.programs import ProgramFailed, Ran, found, run, shown


def git(
    repository: Path,
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    check: bool = True,
    quiet: bool = False,
    say: Callable[[str], None] = print,
) -> Ran:
    """Run git in the repository; the command line and what it prints are shown.

    env: more variables, such as GIT_AUTHOR_DATE. The rest is as in `programs.run`.

    Raises ProgramMissing without git, ProgramFailed where it fails and `check` is set.
    """
    clean = {**environment(repository), **(env or {})}
    return run("git", *arguments, cwd=repository, env=clean, check=check, quiet=quiet, say=say)


def asked(repository: Path, *arguments: str, feed: str = "") -> str:
    """What git prints, with nothing shown; `feed` is its input. Raises as `git` does."""
    done = subprocess.run(
        [found("git"), *arguments],
        cwd=repository,
        env=clean_environment(repository),
        input=feed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
    )
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        command = shown(("git", *arguments))
        raise ProgramFailed(f"{command}\nended with exit code {done.returncode}.\n{output}")
    return output


def clean_environment(repository: Path) -> dict[str, str]:
    """The whole environment for git, for those who start it themselves."""
    clean = {**os.environ, **environment(repository)}
    return {name: value for name, value in clean.items() if value is not None}


def environment(repository: Path) -> dict[str, str | None]:
    """What git's environment differs in from this process's; None takes a variable away."""
    inherited = {name: None for name in os.environ if name.startswith("GIT_")}
    return {
        **inherited,
        # A hook calls the course's own ruff, also where the course's folder is not on the PATH.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(repository.parent.resolve()),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "true",
        "LC_ALL": "C",
    }
