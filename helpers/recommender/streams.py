"""One stream of random numbers for each part of the world."""

import numpy as np

# The place in this list is part of what a seed means: add at the end, never move.
PARTS = ("products", "shoppers", "visits", "choices", "policy", "histories", "launches")


def stream(seed: int, part: str) -> np.random.Generator:
    """The generator of one part of a world (see PARTS): no part disturbs another's draws.

    The bit generator is named, because NumPy may one day choose another default.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(PARTS.index(part),))
    return np.random.Generator(np.random.PCG64(sequence))
