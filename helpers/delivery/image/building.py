"""The service's image built, started and looked at by a real Docker Engine, where one answers.

What was changed in between is measured by what the Engine made anew: its layers and its time.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.programs import ProgramFailed, Server, run
from helpers.tools import tool
from helpers.workspace import ROOT, dataset

if TYPE_CHECKING:
    import pandas as pd

WHEELS = ROOT / "datasets" / "generated" / "wheels"  # `make wheels` fills it
BASE = "TWO_LOOPS_BASE_IMAGE"  # the environment variable that names another base image
# A tar without files: BuildKit makes one for a WORKDIR that is there already, older builders none.
EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
RECORDED = "image_builds_recorded.csv"
CHANGES = {
    "the first build": "",
    "one line of code": "checkout/app.py",
    "a line in the README": "README.md",
}


@dataclass(frozen=True)
class Built:
    """An image that the Engine built: seconds it took, its layers' diff_ids, bytes and user."""

    tag: str
    seconds: float
    layers: tuple[str, ...]
    size: int
    user: str


def built_and_run(repository: Path) -> pd.DataFrame:
    """Build the service's image, change a file, build again, and start what came out.

    One row for each change: seconds, layers made anew, megabytes, user, and the health that the
    image's own HEALTHCHECK reports of a container without a network. The repository stays as it is.

    Where no Engine answers, or the base image is not to be had, this is said, and the table is
    what one gave on another machine, labelled as recorded. Raises ProgramFailed where a build
    fails for another reason.
    """
    import pandas as pd

    lacking = _lacking(repository)
    if lacking:
        print(f"{lacking}\nRecorded on another machine:")
        return pd.read_csv(dataset(RECORDED), index_col="changed")
    with _copied(repository) as folder, _tags() as new:
        rows, before = {}, ()
        for change, path in CHANGES.items():
            if path:
                with open(folder / path, "a", encoding="utf-8") as file:
                    file.write("\n")
            built = build(folder, new(), anew=not path)
            rows[change] = {
                "seconds": round(built.seconds, 1),
                "layers made anew": len(set(built.layers) - set(before or _base_layers(folder))),
                "MB": round(built.size / 1e6),
                "user": built.user,
                "health": health(built.tag),
            }
            before = built.layers
    return pd.DataFrame(rows).T.rename_axis("changed")


def build(folder: Path, tag: str, anew: bool = False) -> Built:
    """Build the Dockerfile in `folder`; the command is shown. anew: without the build cache.

    With wheels in the folder the build gets no network. Raises ProgramFailed with the build's
    last lines.
    """
    offline = ("--network", "none", "--build-arg", "PIP_NO_INDEX=1")
    options = offline if any((folder / "wheels").glob("*.whl")) else ()
    options += ("--build-arg", f"BASE={base(folder)}") if BASE in os.environ else ()
    command = ("docker", "build", *(("--no-cache",) if anew else ()), *options, "--tag", tag, ".")
    print("$", *command)
    ran = run(*command, cwd=folder, limit=300, quiet=True)
    told = json.loads(run("docker", "image", "inspect", tag, quiet=True).output)[0]
    layers = tuple(one for one in told["RootFS"]["Layers"] if one != EMPTY_LAYER)
    return Built(tag, ran.seconds, layers, told["Size"], told["Config"]["User"])


def health(tag: str, limit: float = 30.0) -> str:
    """Start a container without a network, and give what its HEALTHCHECK says first."""
    name = tag.replace(":", "-")
    options = ("--rm", "--name", name, "--network", "none", "--health-interval", "0.5s")
    ask = ("docker", "inspect", "--format", "{{.State.Health.Status}}", name)
    status, until = "starting", time.monotonic() + limit
    with (
        tempfile.TemporaryDirectory() as logs,
        Server("docker", "run", *options, tag, log=Path(logs, "log"), quiet=True) as container,
    ):
        while status == "starting" and container.running and time.monotonic() < until:
            time.sleep(0.2)
            ran = run(*ask, check=False, quiet=True)
            status = ran.output.strip() if ran.code == 0 else "starting"
    return status


def base(folder: Path) -> str:
    """The base image: what the environment names, else the Dockerfile's own."""
    recipe = (folder / "Dockerfile").read_text(encoding="utf-8")
    return os.environ.get(BASE) or re.search(r"^ARG BASE=(\S+)", recipe, re.MULTILINE)[1]


def _lacking(repository: Path) -> str:
    docker = tool("docker")
    if docker.found_version() is None:
        return f"No Docker Engine answers here. To get one: {docker.how_to_get()}"
    name = base(repository)
    if run("docker", "image", "inspect", name, check=False, quiet=True).code == 0:
        return ""
    print(f"$ docker pull {name}", flush=True)
    try:
        run("docker", "pull", "--quiet", name, limit=300, quiet=True)
    except ProgramFailed as error:
        why = str(error).strip().splitlines()[-1]
        return f"The base image {name} is not to be had here ({why})."
    return ""


def _base_layers(folder: Path) -> list[str]:
    ran = run("docker", "image", "inspect", base(folder), quiet=True)
    return json.loads(ran.output)[0]["RootFS"]["Layers"]


@contextmanager
def _copied(repository: Path) -> Iterator[Path]:
    """A copy of the repository's files with the wheels beside them, where there are any."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "checkout"
        shutil.copytree(repository, folder, ignore=shutil.ignore_patterns(".git"))
        if WHEELS.is_dir():
            shutil.copytree(WHEELS, folder / "wheels", dirs_exist_ok=True)
        yield folder


@contextmanager
def _tags() -> Iterator:
    """Names for images that are removed at the end; two lessons at once have their own."""
    tags: list[str] = []

    def new() -> str:
        tags.append(f"corner-checkout:trial-{os.getpid()}-{len(tags)}")
        return tags[-1]

    try:
        yield new
    finally:
        if tags:
            run("docker", "image", "rm", "--force", *tags, check=False, quiet=True)
