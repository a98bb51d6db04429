"""requirements.txt is compiled from pyproject.toml: whole, pinned, and telling of no machine."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from helpers.workspace import ROOT

LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13")


def pins() -> dict[str, list[Requirement]]:
    """The lock's requirements by name; one package may have several, for different machines."""
    found = {}
    for line in LOCK[1:]:
        if line and line[0] not in "# ":
            requirement = Requirement(line)
            found.setdefault(requirement.name, []).append(requirement)
    return found


def test_the_lock_installs_the_course_itself():
    assert LOCK[0] == "-e ." and LOCK.count("-e .") == 1
    assert any("make lock" in line for line in LOCK[:4])


def test_every_version_is_pinned():
    loose = [
        str(pin)
        for name in pins().values()
        for pin in name
        if not re.fullmatch(r"==[^*,]+", str(pin.specifier))
    ]
    assert len(pins()) > 200 and loose == []


@pytest.mark.parametrize("text", PROJECT["dependencies"])
@pytest.mark.parametrize("machine", [("linux", "x86_64"), ("darwin", "arm64"), ("win32", "AMD64")])
def test_each_dependency_is_in_the_lock_wherever_it_is_wanted(text, machine):
    wanted, locked = Requirement(text), pins()
    for python in PYTHONS:
        here = {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": machine[0],
            "platform_machine": machine[1],
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
        }
        if wanted.marker and not wanted.marker.evaluate(here):
            continue
        fitting = [
            pin
            for pin in locked.get(wanted.name, [])
            if pin.marker is None or pin.marker.evaluate(here)
        ]
        assert len(fitting) == 1, f"{wanted.name} on Python {python}, {machine}; run `make lock`"
        version = str(fitting[0].specifier).removeprefix("==")
        assert wanted.specifier.contains(version), f"{text} is locked at {version}; run `make lock`"


def test_the_lock_names_no_host():
    assert not [line for line in LOCK if "://" in line or line.startswith(("--", "-i", "-f"))]
