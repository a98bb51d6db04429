"""Compile requirements.txt, whole and pinned, from pyproject.toml: `make lock`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.workspace import ROOT

LOCK = ROOT / "requirements.txt"
OWN = "-e .\n"  # the lock installs the course's own package too


def compiled(uv: str, options: list[str]) -> str:
    """The text of requirements.txt: one lock for Python 3.11 to 3.13 and every platform.

    Versions that are in the lock stay unless `options` holds `--upgrade`. Raises
    subprocess.CalledProcessError where no set of versions satisfies pyproject.toml.
    """
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "make lock", *options]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, LOCK.name)
        draft.write_text(LOCK.read_text(encoding="utf-8").removeprefix(OWN), encoding="utf-8")
        subprocess.run([*command, "--output-file", draft, "pyproject.toml"], cwd=ROOT, check=True)
        return OWN + draft.read_text(encoding="utf-8")


def main(options: list[str]) -> int:
    """Compile and put the lock in place; 1 where uv is missing or nothing resolves."""
    uv = shutil.which("uv")
    if uv is None:
        print("make lock needs uv: pip install uv", file=sys.stderr)
        return 1
    try:
        text = compiled(uv, options)
    except subprocess.CalledProcessError:
        return 1  # uv has said why
    LOCK.write_text(text, encoding="utf-8")
    print(f"{LOCK.name}: {sum(line[0].isalnum() for line in text.splitlines())} packages.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
