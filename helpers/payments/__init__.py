"""Card payments: a world that makes them, features, late labels, and what decisions cost."""

from .costs import Costs
from .features import features
from .world import World

__all__ = ["Costs", "World", "features"]
