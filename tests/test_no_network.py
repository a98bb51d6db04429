"""A lesson in a room without a network: nothing but this machine's own loopback."""

import os
import shutil
import subprocess
import sys

import pytest

from helpers.notebooks import lessons
from helpers.workspace import ROOT

RUN = """
import socket, sys
from pathlib import Path
import nbformat
from helpers.notebooks import execute
try:
    socket.create_connection(("192.0.2.1", 80), timeout=2)
except OSError:
    print("no way out")
path = Path(sys.argv[1])
execute(nbformat.read(path, as_version=4), path.parent)
print("ran to its end")
"""
APART = 'ip link set lo up && exec "$@"'


def run_apart(path):
    return subprocess.run(
        ["unshare", "-rn", "sh", "-c", APART, "sh", sys.executable, "-c", RUN, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


needs_namespaces = pytest.mark.skipif(
    not (shutil.which("unshare") and shutil.which("ip")), reason="needs Linux' unshare and ip"
)


@needs_namespaces
def test_the_first_lesson_needs_no_network():
    ran = run_apart(ROOT / "notebooks" / "00_start_here.ipynb")
    assert ran.stdout.split("\n")[:2] == ["no way out", "ran to its end"], ran.stderr[-2000:]


@pytest.mark.slow
@needs_namespaces
@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_no_lesson_needs_a_network(path):
    ran = run_apart(path)
    assert "ran to its end" in ran.stdout, ran.stderr[-2000:]
