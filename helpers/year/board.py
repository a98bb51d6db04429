"""What the one on call sees: the day, the money, the last alarms, the figures near their limits."""

from __future__ import annotations

import html

import pandas as pd

from .bill import PARTS
from .pager import Alarm
from .rules import RULES, Rule
from .world import DAYS
from .year import Year

LAST = 6  # alarms shown
NEAR = 4  # figures shown
TALL = 48  # pixels of the tallest week


def board(year: Year) -> str:
    """The board as text. Nothing in it knows of a fault."""
    week = sum(evening.bill[part] for evening in year.evenings[-7:] for part in PARTS)
    lines = [
        f"day {year.day} of {DAYS}; it has cost {year.cost:,.0f}, the last seven days {week:,.0f}"
    ]
    alarms = year.alarms[-LAST:]
    lines += ["the last alarms:", *map(_told, alarms)] if alarms else ["no alarm so far"]
    if year.evenings:
        lines += ["the figures nearest to their limits, or beyond:", *nearest(year)]
    return "\n".join(lines)


def _told(alarm: Alarm) -> str:
    figure = f"{alarm.value:.3g} (limit {alarm.limit:.3g})"
    return f"  day {alarm.day:3}  {alarm.rule:14} {figure:28} -> {alarm.cure}"


def nearest(year: Year) -> list[str]:
    """Lines on last evening's figures that came nearest to ringing, the nearest first."""
    figures, limits = year.evenings[-1].figures, year.limits
    near = [(_share(rule, figures[rule.figure], limits[rule.name]), rule) for rule in RULES]
    near = sorted((pair for pair in near if pair[0] > 0), key=lambda pair: -pair[0])
    return [
        f"  {rule.figure:16} {figures[rule.figure]:8.3g}, "
        f"{'rings above' if rule.above else 'rings below'} {limits[rule.name]:.3g}"
        for _, rule in near[:NEAR]
    ]


def _share(rule: Rule, value: float, limit: float) -> float:
    """How much of the way to its limit a figure has gone: 1 there, 0 where it cannot be told."""
    if pd.isna(value) or not value or not limit:
        return 0.0
    return value / limit if rule.above else limit / value


def weeks(year: Year) -> str:
    """The bill of each week as bars, an SVG whose text says the same; empty before the first."""
    bills = [sum(evening.bill[part] for part in PARTS) for evening in year.evenings]
    costs = [sum(bills[day : day + 7]) for day in range(0, len(bills), 7)]
    if not costs:
        return ""
    top = max(max(costs), 1.0)
    bars = "".join(
        f'<rect x="{9 * place}" y="{TALL - TALL * cost / top:.1f}" width="7" '
        f'height="{TALL * cost / top:.1f}"/>'
        for place, cost in enumerate(costs)
    )
    said = html.escape(f"Cost of each week: the dearest {top:,.0f}, the last {costs[-1]:,.0f}")
    return (
        f'<svg role="img" aria-label="{said}" width="{9 * 53}" height="{TALL}" '
        f'style="fill:currentColor;opacity:.7">{bars}</svg><div>{said}.</div>'
    )
