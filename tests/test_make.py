"""The make targets, as far as they can be tried without installing three gigabytes."""

import os
import shutil
import stat
import subprocess

import pytest

from helpers.workspace import ROOT

TARGETS = [
    "lab",
    "test",
    "test-all",
    "notebooks",
    "bench",
    "wheels",
    "lock",
    "binder-link",
    "clean",
    "python",
]
PROGRAMS = ["make", "sh", "awk", "grep", "sed", "touch", "dirname", "rm", "find", "mkdir", "chmod"]
pytestmark = pytest.mark.needs_tool("make")


@pytest.fixture
def checkout(tmp_path):
    """A copy of what make needs, in a folder whose name has spaces, and a way to call make there.

    It has no Python but those that a test puts into `bin`.
    """
    folder, programs = tmp_path / "two loops of mine", tmp_path / "bin"
    programs.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        folder.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "helpers" / "setup", folder / "helpers" / "setup")
    (folder / "notebooks").mkdir()
    for tool in PROGRAMS:
        (programs / tool).symlink_to(shutil.which(tool))

    def make(*arguments, **environment):
        keep = {"PATH": str(programs), "HOME": str(tmp_path)}
        return subprocess.run(
            ["make", *arguments],
            cwd=folder,
            env=keep | environment,
            capture_output=True,
            text=True,
        )

    return folder, programs, make


def program(path, text):
    """Put an executable shell script in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def python(path, version):
    """A program that answers as a Python of this version does when it is asked who it is."""
    return program(path, f'echo "{version} {path}"')


def test_make_alone_lists_every_target(checkout):
    _, _, make = checkout
    text = make().stdout
    assert make("help").stdout == text
    assert [line.split()[1] for line in text.splitlines()] == ["help", *TARGETS]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_a_python_that_fits_is_found(checkout, version):
    _, programs, make = checkout
    found = python(programs / "python3", version)
    assert make("-s", "python").stdout.strip() == str(found)


def test_the_newest_python_that_fits_and_works_is_taken(checkout):
    _, programs, make = checkout
    program(programs / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    python(programs / "python3", "3.14")
    found = python(programs / "python3.12", "3.12")
    python(programs / "python3.11", "3.11")
    assert make("-s", "python").stdout.strip() == str(found)


def test_without_a_python_that_fits_one_learns_what_to_do(checkout):
    _, programs, make = checkout
    python(programs / "python3", "3.10")
    answer = make("python")
    assert answer.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13; found python3 (3.10)." in answer.stderr
    assert "make lab PYTHON=" in answer.stderr


def test_a_named_python_is_taken_or_refused_and_no_other(checkout):
    _, programs, make = checkout
    python(programs / "python3.13", "3.13")
    mine = python(programs / "my own" / "python", "3.11")
    assert make("-s", "python", f"PYTHON={mine}").stdout.strip() == str(mine)
    answer = make("python", "PYTHON=/nowhere/python")
    assert answer.returncode != 0 and "which does not run" in answer.stderr


def fake_venv(programs, installs):
    """A python3.12 whose `-m venv` makes a Python that writes down what it is asked to do."""
    python = 'case "$*" in *version_info*) ;; *) echo "$@" >>log ;; esac'
    inner = f'{python}\\ncase "$*" in *install*) {installs} ;; esac'
    program(
        programs / "python3.12",
        'case "$1" in -c) echo "3.12 $0"; exit ;; esac\n'
        "mkdir -p .venv/bin\n"
        f"printf '#!/bin/sh\\n{inner}\\n' >.venv/bin/python\n"
        "printf '#!/bin/sh\\n' >.venv/bin/jupyter\n"
        "chmod +x .venv/bin/python .venv/bin/jupyter",
    )


def test_the_second_run_installs_nothing(checkout):
    folder, programs, make = checkout
    fake_venv(programs, ":")
    first = make(".venv/.ready")
    assert first.returncode == 0, first.stderr
    assert "install --quiet" in (folder / "log").read_text()
    assert "Installing" in first.stdout and "Installing" not in make(".venv/.ready").stdout


def test_an_interrupted_installation_is_taken_up_again(checkout):
    folder, programs, make = checkout
    fake_venv(programs, "exit 1")
    assert make(".venv/.ready").returncode != 0
    assert not (folder / ".venv" / ".ready").exists()
    fake_venv(programs, ":")
    (folder / ".venv" / "bin" / "python").unlink()
    assert make(".venv/.ready").returncode == 0


def test_a_new_lock_is_installed(checkout):
    folder, programs, make = checkout
    fake_venv(programs, ":")
    make(".venv/.ready")
    later = os.stat(folder / ".venv" / ".ready").st_mtime + 10
    os.utime(folder / "requirements.txt", (later, later))
    assert "Installing" in make(".venv/.ready").stdout


def test_what_lab_would_do(checkout):
    folder, _, make = checkout
    (folder / "notebooks" / "22_clean.ipynb").touch()
    (folder / "notebooks" / "22_clean.2026-11-24-193300.ipynb").touch()
    text = make("-n", "lab", "ARGS=--no-browser").stdout
    assert text.index("install.sh") < text.index("jupyter lab")
    assert "/lab/tree/notebooks/00_start_here.ipynb" in text and "--no-browser" in text
    tests = make("-n", "test").stdout
    assert "notebooks/22_clean.ipynb" in tests and "2026" not in tests


def test_clean_leaves_the_learners_work(checkout):
    folder, _, make = checkout
    for name in ("workspace/progress.json", "notebooks/22_clean.ipynb", ".venv/x", "helpers/x.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    (folder / "tests").mkdir()
    (folder / "helpers" / "__pycache__").mkdir()
    assert make("clean").returncode == 0
    assert not (folder / ".venv").exists() and not (folder / "helpers" / "__pycache__").exists()
    assert (folder / "workspace/progress.json").exists() and (folder / "helpers/x.py").exists()
    assert (folder / "notebooks/22_clean.ipynb").exists()
