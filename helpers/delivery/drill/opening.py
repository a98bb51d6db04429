"""Open a shop that can be watched: a real one, or the recorded one where Prometheus is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.tools import tool

from .deployed import DeployedShop
from .recorded import Recorded
from .shop import CONFIG, Shop

if TYPE_CHECKING:
    from helpers.cluster.cluster import Cluster


def open_shop(config: str = CONFIG, on: Cluster | None = None) -> Shop | Recorded:
    """A shop with this prometheus.yml (see `Shop`).

    on: a cluster on which the checkout is to run, as a Deployment (see `DeployedShop`); without
    one it is a process of this machine.

    Without Prometheus it says in one line how to get it, and gives what was recorded.
    """
    prometheus = tool("prometheus")
    if prometheus.find() is None:
        print(f"Prometheus is not on this machine: {prometheus.how_to_get()}. Shown: a recording.")
        return Recorded()
    return Shop(config) if on is None else DeployedShop(on, config)
