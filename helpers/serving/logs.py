"""Logs that a program can read: one JSON object a line, on standard output."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, message and its `fields`.

    Only what was passed as `fields` gets in, so nothing is logged by accident: never a request's
    body, never a card.
    """

    def __init__(self, version: str) -> None:
        super().__init__()
        self._version = version

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; an exception's traceback is one field of it."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "version": self._version,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stdout(level: str, version: str) -> None:
    """Send every log of this process to standard output, as JSON."""
    # No line says where in the code or in which thread it was written, so nobody looks it up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.logAsyncioTasks = False
    logging._srcfile = None  # documented so, under "Optimization" in logging's how-to
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(version))
    logging.basicConfig(level=level, handlers=[handler], force=True)
