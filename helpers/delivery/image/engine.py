"""A hand-made image given to a real Docker Engine, where one answers."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from helpers.delivery.image.layout import Image, archive
from helpers.programs import ProgramFailed, run
from helpers.tools import tool

RECORDED = """\
$ docker load --input image.tar
Loaded image: corner-hello:1.0
$ docker image inspect --format \\
  '{{len .RootFS.Layers}} layers, user {{.Config.User}}' corner-hello:1.0
2 layers, user 10001:10001
$ docker run --rm --network none corner-hello:1.0
Hello from an image made by hand
"""  # of the Engine 20.10.24 on Debian 12, with the image that lesson 14 builds


def try_in_docker(image: Image, name: str = "corner-hello") -> bool:
    """Load an image into the Docker Engine, look at it, run it, and remove it again.

    Where no Engine answers, how to get one is said, and what one printed is shown, labelled as
    recorded; also where its processor is another kind than the program's, x86-64. Gives whether an
    Engine ran it. Raises ProgramFailed where the Engine refuses it.
    """
    docker = tool("docker")
    if docker.found_version() is None:
        print(f"No Docker Engine answers here. To get one: {docker.how_to_get()}")
        print(f"Recorded on another machine:\n{RECORDED}", end="")
        return False
    tag = f"{name}:by-hand-{os.getpid()}"  # two lessons at once have one each
    with tempfile.TemporaryDirectory() as folder:
        archive(image, Path(folder) / "image.tar", tag)
        run("docker", "load", "--input", "image.tar", cwd=Path(folder))
    try:
        shape = "{{len .RootFS.Layers}} layers, user {{.Config.User}}"
        run("docker", "image", "inspect", "--format", shape, tag)
        ran = run("docker", "run", "--rm", "--network", "none", tag, check=False)
    finally:
        run("docker", "image", "rm", "--force", tag, quiet=True)
    if "exec format error" in ran.output:
        print("This Engine's processor is another kind, and it emulates no x86-64.")
        print(f"Recorded on another machine:\n{RECORDED}", end="")
        return False
    if ran.code:
        raise ProgramFailed(f"The container ended with exit code {ran.code}.\n{ran.output}")
    return True
