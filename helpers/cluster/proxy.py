"""The service proxy: what comes to a Service goes to one of its pods that are ready.

One listener for each port of a Service. A new connection goes to the ready pod that has the
fewest; one that cannot be made is tried with the next pod. A pod that is no longer ready gets no
new connections; those that it has stay open until they are answered.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable

from .addresses import LISTENS, LOCAL
from .events import record
from .listener import Connection, Listener, Target
from .meta import Object, is_leaving, name_of, namespace_of
from .resources import ENDPOINTSLICES, SERVICES
from .store import Change, Store

log = logging.getLogger(__name__)


class Proxy:
    """Listeners for all Services of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._ports: dict[tuple[str, str, int, str], Listener] = {}
        self._dirty: dict[tuple[str, str], None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task | None = None
        self._unsubscribe = lambda: None

    async def start(self) -> None:
        """Listen for all Services there are, and for those that come."""
        self._unsubscribe = self.store.subscribe(self._hear)
        for service in self.store.list(SERVICES):
            self._mark(namespace_of(service), name_of(service))
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Close all listeners and connections."""
        self._unsubscribe()
        if self._task:
            self._task.cancel()
        for port in self._ports.values():
            await port.close()
        self._ports.clear()

    async def wait_for_answers(self, address: str, limit: float) -> None:
        """Wait until a pod's address owes no answer, at most so long, and close what is quiet."""
        until = time.monotonic() + limit
        while True:
            mine = [one for one in self._connections() if one.target[0] == address]
            busy = [one for one in mine if one.is_busy]
            for one in mine:
                if one not in busy:
                    one.close()
            dialled = [one[0] for port in self._ports.values() for one in port.dialled]
            if not (busy or address in dialled) or time.monotonic() >= until:
                return
            await asyncio.sleep(0.01)

    def _connections(self) -> list[Connection]:
        return [one for port in self._ports.values() for one in port.connections]

    def _hear(self, change: Change) -> None:
        if change.resource is SERVICES:
            self._mark(namespace_of(change.object), name_of(change.object))
        elif change.resource is ENDPOINTSLICES:
            labels = change.object["metadata"].get("labels") or {}
            name = labels.get("kubernetes.io/service-name", "")
            self._mark(namespace_of(change.object), name)
            self._aim(namespace_of(change.object), name)  # at once: a pod that ends is left now

    def _mark(self, namespace: str, name: str) -> None:
        self._dirty[namespace, name] = None
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._dirty:
                place = next(iter(self._dirty))
                del self._dirty[place]
                try:
                    await self._listen(*place)
                except Exception:
                    log.exception("service %s/%s", *place)

    async def _listen(self, namespace: str, name: str) -> None:
        """Open the listeners that a Service shall have, and close the others."""
        service = self.store.find(SERVICES, namespace, name)
        wanted = {} if service is None or is_leaving(service) else _wanted(service)
        for key in [one for one in self._ports if one[:2] == (namespace, name)]:
            if key[2:] not in wanted:
                await self._ports.pop(key).close()
        for (port, kind), host in wanted.items():
            key = (namespace, name, port, kind)
            if key not in self._ports:
                one = self._ports[key] = Listener()
                await one.open(host, port, self._refused(service))
        if service and wanted:
            self._aim(namespace, name)
            self._tell(service)

    def _aim(self, namespace: str, name: str) -> None:
        service = self.store.find(SERVICES, namespace, name)
        if service is None:
            return
        targets = self._targets(namespace, name)
        for (space, own, port, kind), one in self._ports.items():
            if (space, own) == (namespace, name):
                one.targets = targets.get(_port_name(service, port, kind), [])

    def _targets(self, namespace: str, name: str) -> dict[str, list[Target]]:
        """Where each named port of a Service is answered by a pod that is ready."""
        found: dict[str, list[Target]] = {}
        labels = {"kubernetes.io/service-name": name}
        for one in self.store.list(ENDPOINTSLICES, namespace, labels):
            ready = [end for end in one["endpoints"] if end["conditions"].get("ready")]
            for port in one.get("ports") or []:
                there = found.setdefault(port.get("name") or "", [])
                there += [(end["addresses"][0], port["port"]) for end in ready]
        return found

    def _refused(self, service: Object) -> Callable[[str], None]:
        def tell(words: str) -> None:
            record(self.store, service, "Warning", "ListenElsewhere", words, "kube-proxy")

        return tell

    def _tell(self, service: Object) -> None:
        """Write on the Service where it is to be reached."""
        place = (namespace_of(service), name_of(service))
        where = {
            str(key[2]): "{}:{}".format(*one.address)
            for key, one in self._ports.items()
            if key[:2] == place and key[3] == "cluster" and one.address
        }
        notes = service["metadata"].get("annotations") or {}
        said = json.dumps(where, sort_keys=True)
        if where and notes.get(LISTENS) != said:
            metadata = {**service["metadata"], "annotations": {**notes, LISTENS: said}}
            self.store.update(
                SERVICES, {**service, "metadata": metadata}, "kube-proxy", tracked=False
            )


def _wanted(service: Object) -> dict[tuple[int, str], str]:
    """(port, kind) and the host to listen on: the Service's own address, and the node's."""
    found = {}
    spec = service["spec"]
    for port in spec.get("ports") or []:
        if port.get("protocol", "TCP") != "TCP":
            continue
        if spec.get("clusterIP") not in (None, "", "None"):
            found[port["port"], "cluster"] = spec["clusterIP"]
        if port.get("nodePort"):
            found[port["nodePort"], "node"] = LOCAL
    return found


def _port_name(service: Object, number: int, kind: str) -> str:
    field = "port" if kind == "cluster" else "nodePort"
    ports = service["spec"].get("ports") or []
    return next((one.get("name") or "" for one in ports if one.get(field) == number), "")
