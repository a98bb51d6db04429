"""Releases that reach a cluster: images packed, rollouts watched, customers counted, overlays."""

from helpers.delivery.rollouts.canary import champion_and_canary
from helpers.delivery.rollouts.coming_up import came_up
from helpers.delivery.rollouts.customers import Customers
from helpers.delivery.rollouts.linting import linted
from helpers.delivery.rollouts.overlays import pin, pinned
from helpers.delivery.rollouts.packing import Packed, PackingFailed, pack
from helpers.delivery.rollouts.paper import PaperApi
from helpers.delivery.rollouts.slow_till import SlowTill
from helpers.delivery.rollouts.watching import Watching, draw_pods, state
from helpers.delivery.rollouts.your_cluster import own_cluster

__all__ = [
    "Customers",
    "Packed",
    "PackingFailed",
    "PaperApi",
    "SlowTill",
    "Watching",
    "came_up",
    "champion_and_canary",
    "draw_pods",
    "linted",
    "own_cluster",
    "pack",
    "pin",
    "pinned",
    "state",
]
