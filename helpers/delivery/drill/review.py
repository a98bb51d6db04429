"""A blameless review, begun from the drill's own clock: what a machine knows is filled in.

The headings follow the example in Google, Site Reliability Engineering (2016), chapter 15 and
appendix D: what happened and why, never who.
"""

from __future__ import annotations

import pandas as pd

from .drill import Drill

LATE = 0.1  # seconds, the objective for latency

TEMPLATE = """\
## Review: {title}

**In one sentence.** {cause}.

**Impact.** {impact}

**How long.** {lengths}

| seconds | what | |
|---|---|---|
{rows}

**What made it possible.** *Conditions, never a person. Why did it seem right at that moment?*

**What went well.** *...*

**Where we were lucky.** *...*

**What we change.**

| action | kind | who | until |
|---|---|---|---|
| *...* | find it sooner | *...* | *...* |
| *...* | end it sooner | *...* | *...* |
| *...* | make it impossible | *...* | *...* |
"""


def review(drill: Drill, answers: pd.DataFrame) -> str:
    """The review of a drill as Markdown. Raises ValueError while the incident is open.

    answers: what the customers got, as a shop's `answers()` gives it.
    """
    if not (drill.right and drill.restored):
        raise ValueError("A review comes after the incident: name the fault and end it first.")
    rows = [f"| {at:.1f} | {kind} | {words} |" for at, kind, words in drill.timeline()]
    cause = drill.cause
    return TEMPLATE.format(
        title=cause,
        cause=cause[0].upper() + cause[1:],
        impact=impact(drill, answers),
        lengths=_lengths(drill),
        rows="\n".join(rows),
    )


def impact(drill: Drill, answers: pd.DataFrame) -> str:
    """What the customers felt between the fault's beginning and its end, in a sentence."""
    begun, ended = drill.span()
    hit = answers[(answers["due"] >= begun) & (answers["due"] <= ended)]
    failed = int(((hit["status"] == 0) | (hit["status"] >= 500)).sum())
    late = int((hit["seconds"] > LATE).sum())
    return (
        f"Of {len(hit)} requests, {failed} failed and {late} took longer than "
        f"{1000 * LATE:g} milliseconds."
    )


def _lengths(drill: Drill) -> str:
    parts = [f"{value:g} seconds {name}" for name, value in drill.seconds().items()]
    return ", ".join(parts) + ", each from the beginning of the fault."
