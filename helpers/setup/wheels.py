"""Fill the folder of wheels from which the service's image is built without a network.

`make wheels`, once, where there is a network: what the practice repository's requirements.txt
names, as wheels for Linux on this machine's kind of processor, which is what containers run.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from helpers.delivery.image.building import WHEELS
from helpers.delivery.practice import TEMPLATE

PYTHONS = ("3.11", "3.12")  # of Debian 12's base and of the recipe's own
PROCESSORS = {"arm64": "aarch64", "amd64": "x86_64"}
GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")


def command(python: str, folder: Path) -> list[str]:
    """The pip command that downloads the wheels for one version of Python."""
    machine = platform.machine().lower()
    machine = PROCESSORS.get(machine, machine)
    platforms = [f"--platform={glibc}_{machine}" for glibc in GLIBC]
    return [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--only-binary=:all:", f"--python-version={python}", *platforms),
        *("--dest", str(folder), "--requirement", str(TEMPLATE / "requirements.txt")),
    ]


def main() -> int:
    """Download them; 1 where pip could not get them all."""
    WHEELS.mkdir(parents=True, exist_ok=True)
    for python in PYTHONS:
        if subprocess.run(command(python, WHEELS)).returncode:
            print("The wheels could not be downloaded; pip says why above.", file=sys.stderr)
            return 1
    wheels = list(WHEELS.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels)
    print(f"{len(wheels)} wheels, {size / 1e6:.1f} MB, for the image of lesson 14.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
