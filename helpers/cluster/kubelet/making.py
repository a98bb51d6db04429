"""What stands before a container's start: its image, its folder, its environment, its command."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from .backoff import Backoff
from .environment import ConfigError, environment, expand
from .images import Image, ImageError, resolve
from .shim import MARK

if TYPE_CHECKING:
    from .container import Container

RETRY = 10.0  # Kubernetes' seconds until a container that cannot be made is tried again
SHOWN = 0.2  # seconds for which ErrImagePull is to be seen before it becomes ImagePullBackOff


async def image_of(container: Container) -> Image:
    """What the container's image stands for; waits for as long as it stands for nothing."""
    backoff, name = Backoff(), container.spec["image"]
    backoff.pause()  # a first pull that fails waits already
    while True:
        try:
            image = resolve(container.spec, container.pod.images())
        except ImageError as error:
            why = str(error)
        else:
            words = f'Image "{name}" is not pulled: the container is a process of this machine'
            container.note("Normal", "Pulled", words)
            return image
        _refuse(container, "ErrImagePull", f'Failed to pull image "{name}": {why}', "Warning")
        await asyncio.sleep(SHOWN)
        words = f'Back-off pulling image "{name}"'
        _refuse(container, "ImagePullBackOff", words, "Normal", why)
        await asyncio.sleep(container.pod.timing.scaled(backoff.pause()))


async def command_of(container: Container, image: Image) -> list[str]:
    """Make the container's folder and environment, and give the command that starts it.

    Waits for as long as something that it refers to is missing.
    """
    while True:
        try:
            return _made(container, image)
        except (ConfigError, ValueError) as error:
            container.note("Warning", "Failed", f"Error: {error}")
            container.wait_with("CreateContainerConfigError", str(error))
        await asyncio.sleep(container.pod.timing.scaled(RETRY))


def _made(container: Container, image: Image) -> list[str]:
    pod, spec, sandbox = container.pod, container.spec, container.sandbox
    workdir = sandbox.prepare(spec)
    own = image.workdir and not spec.get("workingDir")
    container.workdir = Path(image.workdir) if own else workdir
    container.env = environment(pod.store, pod.object, spec, image, sandbox)
    container.env[MARK] = f"{pod.uid}/{container.name}/{container.status['restartCount']}"
    command = [*(spec.get("command") or image.command), *(spec.get("args") or [])]
    return [sandbox.real(expand(word, container.env)) for word in command]


def _refuse(container: Container, reason: str, words: str, type: str, why: str = "") -> None:
    container.note(type, "Failed" if type == "Warning" else "BackOff", words)
    container.note("Warning", "Failed", f"Error: {reason}")
    container.wait_with(reason, f"{words}: {why}" if why else words)
