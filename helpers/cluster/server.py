"""The server as a program: `python -m helpers.cluster --folder FOLDER --port PORT`.

The folder holds the certificate, the token and the images, and keeps the pods' files and, with
--keep, the objects. It listens on 127.0.0.1 alone and ends with SIGTERM or SIGINT, its pods first.
"""

from __future__ import annotations

import argparse
import asyncio
import asyncio.sslproto
import contextlib
import logging
import signal
import ssl
import sys
from pathlib import Path

from aiohttp import web

from .api import Api
from .kept import Kept
from .manager import Manager
from .meta import Object
from .resources import NAMESPACES, SERVICEACCOUNTS
from .store import Store

CERTIFICATE, KEY, TOKEN, OBJECTS = "certificate.pem", "key.pem", "token", "objects.sqlite"
RECORD = 2**15  # bytes that are read of a connection at a time
FIRST_NAMESPACES = ("default", "kube-system", "kube-public")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and serve until told to end."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keep", action="store_true", help="keep objects over a restart")
    parser.add_argument("--faster", type=float, default=10.0, help="divides CrashLoopBackOff")
    given = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.folder, given.port, given.keep, given.faster))
    return 0


async def serve(folder: Path, port: int, keep: bool, faster: float) -> None:
    """Serve until SIGTERM or SIGINT."""
    # asyncio would take 256 kB for each connection; a TLS record has 16 kB at most.
    asyncio.sslproto.SSLProtocol.max_size = RECORD
    store = Store(Kept(folder / OBJECTS) if keep else None)
    begin(store)
    manager = Manager(store, folder, faster=faster)
    api = Api(store, manager.kubelet, (folder / TOKEN).read_text(encoding="utf-8").strip())
    runner = web.AppRunner(
        api.application(), access_log=None, shutdown_timeout=1.0, handler_cancellation=True
    )
    await runner.setup()
    secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    secure.load_cert_chain(folder / CERTIFICATE, folder / KEY)
    await manager.start()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=secure).start()
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, ended.set)
    await ended.wait()
    await manager.stop()
    await runner.cleanup()


def begin(store: Store) -> None:
    """The namespaces that every cluster has, and the account that pods run under."""
    for name in FIRST_NAMESPACES:
        if store.find(NAMESPACES, None, name) is None:
            store.create(NAMESPACES, {"metadata": {"name": name}})
    account: Object = {"metadata": {"name": "default", "namespace": "default"}}
    if store.find(SERVICEACCOUNTS, "default", "default") is None:
        store.create(SERVICEACCOUNTS, account)
