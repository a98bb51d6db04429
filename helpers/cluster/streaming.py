"""Streams: a container's log, and a program run beside it (`kubectl logs`, `kubectl exec`).

exec speaks Kubernetes' channels over a WebSocket (v5.channel.k8s.io): each message begins with a
byte that names its channel.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from .errors import ApiError, bad_request
from .flags import flag
from .kubelet.logs import Wanted
from .meta import Object
from .resources import PODS
from .store import Store
from .target import Target
from .times import parse

if TYPE_CHECKING:
    from .kubelet import Kubelet

STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
CHUNK = 8192


async def log(
    request: web.Request, store: Store, kubelet: Kubelet | None, to: Target
) -> web.StreamResponse:
    """What a container has printed; with follow=true also what it prints from now on."""
    pod = store.get(PODS, to.namespace, to.name or "")
    container = _container(pod, request.query.get("container"))
    found = _running(kubelet).logs(
        to.namespace, to.name, container, flag(request.query.get("previous"))
    )
    wanted = _wanted(request)
    response = web.StreamResponse(headers={"Content-Type": "text/plain; charset=utf-8"})
    with contextlib.suppress(ConnectionError):  # the client may hang up at any time
        await response.prepare(request)
        if flag(request.query.get("follow")):
            async for more in found.follow(wanted):
                await response.write(more)
        else:
            await response.write(found.read(wanted))
        await response.write_eof()
    return response


def _wanted(request: web.Request) -> Wanted:
    """Which part of a log is asked for. Raises ApiError for a time or number that is none."""
    query = request.query
    numbers = {
        name: int(query[name]) if query[name].isdigit() else None
        for name in ("tailLines", "sinceSeconds", "limitBytes")
        if name in query
    }
    if None in numbers.values():
        raise bad_request(f"{', '.join(numbers)}: whole numbers are wanted")
    since = None
    try:
        if "sinceSeconds" in numbers:
            since = time.time() - numbers["sinceSeconds"]
        elif "sinceTime" in query:
            since = parse(query["sinceTime"]).timestamp()
    except ValueError as error:
        raise bad_request(f"sinceTime: {error}") from None
    stamped = flag(query.get("timestamps"))
    return Wanted(numbers.get("tailLines"), since, stamped, numbers.get("limitBytes"))


async def execute(
    request: web.Request, store: Store, kubelet: Kubelet | None, to: Target
) -> web.StreamResponse:
    """Run a program in a container, its streams on a WebSocket."""
    pod = store.get(PODS, to.namespace, to.name or "")
    container = _container(pod, request.query.get("container"))
    command = request.query.getall("command", [])
    if not command:
        raise bad_request("you must specify at least one command for the container")
    socket = web.WebSocketResponse(protocols=PROTOCOLS)
    if not socket.can_prepare(request):
        raise bad_request("Upgrade request required: kubectl exec speaks over a WebSocket here")
    await socket.prepare(request)
    tty, stdin = flag(request.query.get("tty")), flag(request.query.get("stdin"))
    try:
        process = await _running(kubelet).exec(
            to.namespace, to.name, container, command, tty=tty, stdin=stdin
        )
    except (OSError, ApiError) as error:
        words = f"failed to exec in container: {error}"
        await _send(socket, ERROR, json.dumps(_failure("InternalError", words)).encode())
        await socket.close()
        return socket
    await _connect(socket, process)
    return socket


async def _connect(socket: web.WebSocketResponse, process: Any) -> None:
    listening = asyncio.create_task(_listen(socket, process))
    pumps = [_pump(socket, process.stdout, STDOUT)]
    if process.stderr is not None:
        pumps.append(_pump(socket, process.stderr, STDERR))
    try:
        await asyncio.gather(*pumps)
        code = await process.wait()
        await _send(socket, ERROR, json.dumps(_ended(code)).encode())
        await socket.close()
    finally:
        listening.cancel()
        with contextlib.suppress(ProcessLookupError):
            process.kill()


async def _listen(socket: web.WebSocketResponse, process: Any) -> None:
    async for message in socket:
        if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT) or not message.data:
            continue
        # The official Python client sends a str as text.
        sent = message.data.encode() if message.type == WSMsgType.TEXT else message.data
        channel, data = sent[0], sent[1:]
        if channel == STDIN and process.stdin is not None:
            process.stdin.write(data)
        elif channel == RESIZE and hasattr(process, "resize"):
            size = json.loads(data)
            process.resize(size.get("Height", 24), size.get("Width", 80))
        elif channel == CLOSE and data[:1] == b"\0" and process.stdin is not None:
            process.stdin.close()
    with contextlib.suppress(ProcessLookupError):  # the client has gone
        process.kill()


async def _pump(socket: web.WebSocketResponse, stream: Any, channel: int) -> None:
    while data := await stream.read(CHUNK):
        await _send(socket, channel, data)


async def _send(socket: web.WebSocketResponse, channel: int, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        await socket.send_bytes(bytes([channel]) + data)


def _ended(code: int) -> Object:
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    code = 128 - code if code < 0 else code
    words = f"command terminated with non-zero exit code: exit status {code}"
    causes = [{"reason": "ExitCode", "message": str(code)}]
    return _failure("NonZeroExitCode", words) | {"details": {"causes": causes}}


def _failure(reason: str, words: str) -> Object:
    return {"metadata": {}, "status": "Failure", "reason": reason, "message": words, "code": 500}


def _running(kubelet: Kubelet | None) -> Kubelet:
    if kubelet is None:
        raise ApiError(503, "ServiceUnavailable", "this server runs without a kubelet")
    return kubelet


def _container(pod: Object, wanted: str | None) -> str:
    spec = pod["spec"]
    names = [one["name"] for one in [*spec["containers"], *(spec.get("initContainers") or [])]]
    if wanted is None:
        if len(spec["containers"]) > 1:
            choose = " ".join(one["name"] for one in spec["containers"])
            raise bad_request(
                f"a container name must be specified for pod {pod['metadata']['name']}, choose "
                f"one of: [{choose}]"
            )
        return names[0]
    if wanted not in names:
        raise bad_request(f"container {wanted} is not valid for pod {pod['metadata']['name']}")
    return wanted
