"""Addresses of pods and Services: loopback's, where the system has more than one; else ports.

Linux answers on all of 127.0.0.0/8, so each pod gets an address of its own, and two pods may
listen on the same port. macOS answers on 127.0.0.1 alone: there all pods share it, and each
containerPort becomes a free port.
"""

from __future__ import annotations

import errno
import json
import random
import socket

from .meta import Object

LOCAL = "127.0.0.1"
LISTENS = "two-loops/listens"  # annotation of a Service: where each of its ports is to be reached
PORTS = "two-loops/ports"  # annotation of a pod: "8000=51234", where its containerPorts have moved
_FIRST, _LAST = 64, 95  # pods are 127.64.0.0 to 127.95.255.255; Services are 127.96 and above


def has_aliases() -> bool:
    """Whether this system answers on loopback addresses other than 127.0.0.1."""
    with socket.socket() as probe:
        try:
            probe.bind((f"127.{_FIRST}.0.1", 0))
        except OSError:
            return False
    return True


def is_taken(address: str, port: int) -> bool:
    """Whether somebody else listens there already."""
    if not 0 < port < 65536:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


class Addresses:
    """Gives each pod its address; two clusters on one machine begin at different places."""

    def __init__(self, aliases: bool | None = None) -> None:
        self.aliases = has_aliases() if aliases is None else aliases
        self._net = random.randrange(_FIRST, _LAST + 1)
        self._number = random.randrange(256) * 250
        self._taken: set[str] = set()

    def take(self) -> str:
        """An address that no pod has now."""
        if not self.aliases:
            return LOCAL
        while True:
            self._number = (self._number + 1) % (256 * 250)
            address = f"127.{self._net}.{self._number // 250}.{self._number % 250 + 1}"
            if address not in self._taken:
                self._taken.add(address)
                return address

    def give_back(self, address: str) -> None:
        """The pod is gone."""
        self._taken.discard(address)

    def ports(self, pod: Object) -> dict[int, int]:
        """What stands for each containerPort of a pod."""
        declared = [
            port["containerPort"]
            for container in pod["spec"]["containers"]
            for port in container.get("ports") or []
        ]
        if self.aliases:
            return {port: port for port in declared}
        with_sockets = {port: socket.socket() for port in declared}
        for one in with_sockets.values():  # all at once, so that no two get the same
            one.bind((LOCAL, 0))
        found = {port: one.getsockname()[1] for port, one in with_sockets.items()}
        for one in with_sockets.values():
            one.close()
        return found


def listens_at(service: Object, port: int) -> tuple[str, int]:
    """Where a Service's port is to be reached: host ("" for nowhere) and port."""
    notes = service["metadata"].get("annotations") or {}
    there = json.loads(notes.get(LISTENS, "{}")).get(str(port))
    if there:
        host, _, number = there.rpartition(":")
        return host, int(number)
    address = service["spec"].get("clusterIP")
    return ("" if address in (None, "None") else address), port


def moved_ports(pod: Object) -> dict[int, int]:
    """What stands for a pod's containerPorts, where they are not themselves."""
    said = (pod["metadata"].get("annotations") or {}).get(PORTS, "")
    pairs = (one.split("=") for one in said.split(",") if one)
    return {int(port): int(there) for port, there in pairs}
