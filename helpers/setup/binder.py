"""The address that opens this repository on Binder: `make binder-link`."""

import re
import subprocess
import sys
from pathlib import Path

from helpers.workspace import ROOT

FIRST = "lab/tree/notebooks/00_start_here.ipynb"
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}
REMOTE = re.compile(
    r"(?:https?://(?:[^@/]+@)?|ssh://git@|git@)(?P<host>[^/:]+)(?::\d+/|[:/])(?P<path>.+?)/?"
)


def binder_link(remote: str, ref: str = "HEAD") -> str:
    """Binder's address for a repository, opening the first lesson.

    `remote` is its address as git has it, over https or ssh. Raises ValueError for one that is
    on neither GitHub nor GitLab.
    """
    match = REMOTE.fullmatch(remote.strip())
    provider = match and HOSTS.get(match["host"].lower())
    if not provider:
        raise ValueError(f"Binder builds from GitHub and GitLab; this remote is {remote}.")
    path = match["path"].removesuffix(".git")
    if provider == "gl":
        path = path.replace("/", "%2F")  # Binder takes a GitLab project as one part of the address
    return f"https://mybinder.org/v2/{provider}/{path}/{ref}?urlpath={FIRST}"


def remote_of(folder: Path) -> str:
    """The address of a checkout's `origin`, or of its only remote.

    Raises ValueError where there is none, or several and no `origin`.
    """
    names = _git(folder, "remote").split()
    if not names:
        raise ValueError(
            "This checkout has no remote. Push it to GitHub or GitLab, then try again."
        )
    if len(names) > 1 and "origin" not in names:
        raise ValueError(f"Which remote? None of {', '.join(names)} is called origin.")
    return _git(folder, "remote", "get-url", "origin" if "origin" in names else names[0])


def _git(folder: Path, *arguments: str) -> str:
    answer = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    if answer.returncode:
        raise ValueError(answer.stderr.strip())
    return answer.stdout.strip()


def main(folder: Path = ROOT) -> int:
    """Print the link; 1 and a sentence on what to do where there is none."""
    try:
        print(binder_link(remote_of(folder)))
    except (ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
