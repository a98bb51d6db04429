"""Amounts as Kubernetes writes them: 500m, 64Mi, 1.5."""

from __future__ import annotations

import re

_UNITS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12} | {
    f"{letter}i": 1024 ** (power + 1) for power, letter in enumerate("KMGT")
}


def quantity(text: str | int | float) -> float:
    """The number that an amount stands for: bytes, or CPUs. Raises ValueError for none."""
    match = re.fullmatch(r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkMGT]?|[KMGT]i)", str(text))
    if not match:
        raise ValueError(f"{text!r} is no amount such as 500m, 64Mi or 1.5")
    return float(match[1]) * _UNITS[match[2]]
