"""The Docker Engine of CI: stopping it leaves nothing, also when the Engine did not end well."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "docker.sh"


def stop(temporary: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(SCRIPT), "stop"], env=os.environ | {"TMPDIR": str(temporary)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root")
def test_mounts_that_a_killed_engine_left_are_ended(tmp_path):
    """dockerd mounts its folder on itself, and a container's layers within it."""
    temporary = tmp_path / "a folder"
    data = temporary / "two-loops-docker" / "data"
    layer = data / "overlay2" / "merged"
    layer.mkdir(parents=True)
    for folder in (data, layer):
        done = subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True)
        if done.returncode:
            pytest.skip(f"This machine lets nobody mount: {done.stderr.decode()}")
    ended = stop(temporary)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert not data.parent.exists()
    assert tmp_path.name not in Path("/proc/self/mountinfo").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Debian")
def test_the_engine_ends_and_no_other_process(tmp_path):
    """Nobody has reaped it yet when the script returns: a zombie is not waited for."""
    (tmp_path / "two-loops-docker").mkdir()
    engine = subprocess.Popen(["sleep", "600"])
    other = subprocess.Popen(["sleep", "600"])
    try:
        (tmp_path / "two-loops-docker" / "pid").write_text(f"{engine.pid}\n")
        assert stop(tmp_path).returncode == 0
        assert engine.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        engine.kill()
        other.kill()
        other.wait()


def test_stopping_what_never_began_is_no_failure(tmp_path):
    assert stop(tmp_path).returncode == 0
