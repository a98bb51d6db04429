"""Open a shop that can be watched: a real one, or the recorded one where Prometheus is missing."""

from __future__ import annotations

from helpers.tools import tool

from .recorded import Recorded
from .shop import CONFIG, Shop


def open_shop(config: str = CONFIG) -> Shop | Recorded:
    """A shop with this prometheus.yml (see `Shop`).

    Without Prometheus it says in one line how to get it, and gives what was recorded.
    """
    prometheus = tool("prometheus")
    if prometheus.find() is None:
        print(f"Prometheus is not on this machine: {prometheus.how_to_get()}. Shown: a recording.")
        return Recorded()
    return Shop(config)
