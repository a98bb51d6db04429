"""A git repository of a lesson's own: no setting of the machine, no outer repository reaches it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from helpers.tools import tool

from .git import clean_environment

_WHO = ("-c", "user.name=You", "-c", "user.email=you@corner.example")
_HERE = ("-c", "commit.gpgsign=false", "-c", "core.hooksPath=", "-c", "core.autocrlf=false")


class Repository:
    """The history of one folder, kept by git in that folder alone.

    Where git is not on the machine nothing is kept, and `commit` says so and how to get it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = tool("git").find()
        if self.program:
            self._git("init", "--quiet", "--initial-branch=main", "--template=")

    def commit(self, message: str) -> None:
        """Keep the folder as it is now, under `message`; print how many commits there are.

        Where nothing has changed there is no commit, and that is said. Raises RuntimeError with
        git's own words where it refuses.
        """
        if not self.program:
            how = tool("git").how_to_get()
            print(f"git is not on this machine, so nothing is kept. To get it: {how}")
            return
        self._git("add", "--all")
        if not self._git("status", "--porcelain"):
            print("Nothing has changed since the last commit.")
            return
        self._git("commit", "--quiet", "--message", message)
        print(f"Commit {len(self.log())}: {message}")

    def log(self) -> list[str]:
        """The messages of the commits, the oldest first; none where git is missing."""
        if not self.program:
            return []
        return self._git("log", "--reverse", "--format=%s").splitlines()

    def _git(self, *arguments: str) -> str:
        ran = subprocess.run(
            [self.program, *_WHO, *_HERE, *arguments],
            cwd=self.folder,
            env=clean_environment(self.folder),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
        )
        if ran.returncode:
            said = (ran.stderr or ran.stdout).strip()
            raise RuntimeError(f"git {arguments[0]} did not work: {said}")
        return ran.stdout
