"""Probes: how a container is asked whether it has started, is ready, and is still alive."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp

from ..meta import Object

if TYPE_CHECKING:
    from .container import Container

WORDS = {"startupProbe": "Startup", "readinessProbe": "Readiness", "livenessProbe": "Liveness"}


async def ask(container: Container, action: Object, limit: float) -> str | None:
    """Ask once, by HTTP, TCP or a command; None where the answer is good, else what was wrong."""
    try:
        async with asyncio.timeout(limit):
            if "httpGet" in action:
                return await _http(container, action["httpGet"])
            if "tcpSocket" in action:
                return await _tcp(container, action["tcpSocket"])
            if "exec" in action:
                return await _exec(container, action["exec"]["command"])
    except TimeoutError:
        return f"no answer within {limit:g} s (context deadline exceeded)"
    return "only httpGet, tcpSocket and exec are supported"


async def watch(
    container: Container, kind: str, tell: Callable[[bool], None], eager: float = 0.0
) -> None:
    """Ask a container again and again, and tell each turn from bad to good and back.

    eager: seconds between questions until the first good answer, where that is less than the
    period; the answers in between count for nothing if they are bad.
    """
    probe = container.spec[kind]
    await asyncio.sleep(probe.get("initialDelaySeconds") or 0)
    good = bad = 0
    due = asyncio.get_running_loop().time()
    while True:
        error = await ask(container, probe, probe.get("timeoutSeconds", 1))
        if error and "exec" in probe and (container.ending or not container.is_running):
            return  # the command was killed together with its container, and found nothing out
        counts = asyncio.get_running_loop().time() >= due
        if error is None:
            good, bad = good + 1, 0
            if good >= probe.get("successThreshold", 1):
                tell(True)
        elif counts:
            good, bad = 0, bad + 1
            container.note("Warning", "Unhealthy", f"{WORDS[kind]} probe failed: {error}")
            if bad >= probe.get("failureThreshold", 3):
                tell(False)
        period = probe.get("periodSeconds", 10)
        if counts:
            due += period
        await asyncio.sleep(min(eager, period) if eager and not good else period)
        due = min(due, asyncio.get_running_loop().time() + period)


async def _http(container: Container, action: Object) -> str | None:
    host = action.get("host") or container.pod.address
    scheme = action.get("scheme", "HTTP").lower()
    path = action.get("path") or "/"
    url = f"{scheme}://{host}:{_port(container, action['port'])}/{path.lstrip('/')}"
    headers = {"User-Agent": "kube-probe/1.37", "Connection": "close"}
    headers |= {one["name"]: one["value"] for one in action.get("httpHeaders") or []}
    try:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(url, headers=headers, ssl=False, allow_redirects=False) as answer,
        ):
            if 200 <= answer.status < 400:
                return None
            return f"HTTP probe failed with statuscode: {answer.status}"
    except aiohttp.ClientConnectorError as error:
        return f'Get "{url}": dial tcp {host}: connect: {_words(error.os_error)}'
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f'Get "{url}": {error or type(error).__name__}'


async def _tcp(container: Container, action: Object) -> str | None:
    host, port = action.get("host") or container.pod.address, _port(container, action["port"])
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        return f"dial tcp {host}:{port}: connect: {_words(error)}"
    writer.close()
    return None


async def _exec(container: Container, command: list[str]) -> str | None:
    try:
        code, output = await container.run_command(command)
    except OSError as error:
        return f'exec: "{command[0]}": {_words(error)}'
    return None if code == 0 else f"command exited with {code}: {output[-200:].strip()}"


def _words(error: OSError) -> str:
    return (os.strerror(error.errno) if error.errno else str(error)).lower()


def _port(container: Container, port: int | str) -> int:
    if isinstance(port, str) and not port.isdigit():
        for one in container.spec.get("ports") or []:
            if one.get("name") == port:
                port = one["containerPort"]
    return container.pod.ports.get(int(port), int(port)) if str(port).isdigit() else 0
