"""Objects kept in SQLite, so that a server that was killed comes back with them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .meta import Object
from .resources import BY_PATH, EVENTS, Resource

_TABLE = """
CREATE TABLE IF NOT EXISTS objects (
    resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, object TEXT NOT NULL,
    PRIMARY KEY (resource, namespace, name)
)
"""
_PUT = "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"


class Kept:
    """The objects in a file; events, which tell of what is over, are not kept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        # A crash of the server loses nothing; a crash of the machine may lose the last moments.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(_TABLE)

    def load(self) -> Iterator[tuple[Resource, Object]]:
        """All that is kept, the oldest first."""
        rows = self._database.execute("SELECT resource, object FROM objects").fetchall()
        objects = [
            (BY_PATH[tuple(resource.split("|"))], json.loads(text)) for resource, text in rows
        ]
        yield from sorted(objects, key=lambda one: int(one[1]["metadata"]["resourceVersion"]))

    def put(self, resource: Resource, key: tuple[str | None, str], obj: Object) -> None:
        """Keep an object as it is now."""
        if resource is not EVENTS:
            self._database.execute(_PUT, (*_key(resource, key), json.dumps(obj)))

    def drop(self, resource: Resource, key: tuple[str | None, str]) -> None:
        """Forget an object."""
        self._database.execute(_DROP, _key(resource, key))


def _key(resource: Resource, key: tuple[str | None, str]) -> tuple[str, str, str]:
    return f"{resource.group}|{resource.version}|{resource.plural}", key[0] or "", key[1]
