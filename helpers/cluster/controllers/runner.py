"""Runs controllers: each change in the store becomes keys in the one queue of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .base import Controller, place
from .queue import Key, WorkQueue

if TYPE_CHECKING:
    from ..store import Change, Store


class Runner:
    """The queue, the controllers that work on it, and the store that wakes them."""

    def __init__(self, store: Store, controllers: Iterable[Controller]) -> None:
        self._store = store
        self._controllers = {one.name: one for one in controllers}
        self.queue = WorkQueue(self._work)
        for one in self._controllers.values():
            one.queue = self.queue
        self._unsubscribe = store.subscribe(self._hear)
        self.look_at_all()

    def look_at_all(self) -> None:
        """Queue every object there is: what changed while nobody listened is found so."""
        for one in self._controllers.values():
            for obj in self._store.list(one.resource):
                self.queue.add(Key(one.name, *place(obj)))

    def stop(self) -> None:
        """Hear of no more changes."""
        self._unsubscribe()

    def _hear(self, change: Change) -> None:
        for one in self._controllers.values():
            for namespace, name in one.keys(change):
                self.queue.add(Key(one.name, namespace, name))

    def _work(self, key: Key) -> None:
        self._controllers[key.controller].look(key.namespace, key.name)
