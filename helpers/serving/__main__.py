"""Run the service: `python -m checkout`, settings from the environment.

Told to stop (SIGTERM, Ctrl-C), it first says on /readyz that it drains, serves on for
CHECKOUT_DRAIN_SECONDS, then takes no more and ends the requests that are under way. A second
signal cuts the draining short.
"""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from types import FrameType

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from .app import create_app
from .logs import log_to_stdout
from .settings import Settings

log = logging.getLogger("checkout")


class Server(uvicorn.Server):
    """Uvicorn, with a drain before the end."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._app, self._drain = app, settings.drain_seconds
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=settings.grace_seconds,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain at the first signal, stop at the second."""
        draining = self._app.state.health == "draining"
        self._app.state.health = "draining"
        if draining or not self._drain:
            return super().handle_exit(sig, frame)
        timer = threading.Timer(self._drain, super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve an app until a signal comes; logs go to standard output."""
    log_to_stdout(settings.log_level, settings.version)
    Server(app, settings).run()


def main(arguments: list[str] | None = None) -> int:
    """Read the settings, let the command line overrule address and port, and serve."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--host", help="overrules CHECKOUT_HOST")
    parser.add_argument("--port", type=int, help="overrules CHECKOUT_PORT; 0 takes a free one")
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        print(f"A setting cannot be used.\n{error}", file=sys.stderr)
        return 2
    serve(create_app(settings), settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
