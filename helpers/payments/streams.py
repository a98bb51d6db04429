"""One stream of random numbers for each part of the world."""

import numpy as np

# The place in this list is part of what a seed means: add at the end, never move.
PARTS = (
    "customers",
    "terminals",
    "payments",
    "compromised terminals",
    "leaked cards",
    "season",
    "newcomers",
    "newcomers' leaked cards",
    "bursts",
    "chargebacks",
)


def stream(seed: int, part: str) -> np.random.Generator:
    """The generator of one part of a world (see PARTS): no part disturbs another's draws.

    The bit generator is named, because NumPy may one day choose another default.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(PARTS.index(part),))
    return np.random.Generator(np.random.PCG64(sequence))


def pick(rng: np.random.Generator, among: int, count: int) -> np.ndarray:
    """`count` different numbers below `among`, in rising order (all of them if it has fewer)."""
    draws = rng.random(among)
    if count >= among:
        return np.arange(among)
    return np.sort(np.argpartition(draws, count)[:count])
