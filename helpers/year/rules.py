"""The alert rules of the course, with limits from quiet days and from what was promised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.monitoring.drift import LARGE

CALM_DAYS = 60  # quiet days from which limits are learned
MARGIN = 0.5  # how far above the highest quiet day a learned limit lies, in the days' whole range
LEAST = 0.6  # of the lowest quiet day: where a learned limit below lies


@dataclass(frozen=True)
class Rule:
    """An alert: a figure, a side and a limit, and the cure that its runbook names.

    limit: a number that was promised (a contract, a service level objective), or None where it is
    learned from quiet days. silences: rules that say no more than this one while it rings.
    lesson: where the course teaches it.
    """

    name: str
    figure: str
    above: bool
    limit: float | None
    cure: str
    lesson: str
    silences: tuple[str, ...] = ()


FEED = ("one customer", "zeros", "skew", "held scores", "drift", "finds", "chargebacks")
BEHIND = ("held scores", "drift", "finds", "chargebacks")
RULES = (
    Rule("heartbeat", "no heartbeat", True, 0.5, "mend the alert path", "16"),
    Rule("settings", "reviews changed", True, 0.5, "restore the settings", "16", BEHIND),
    Rule("amounts", "median amount", True, 100.0, "mend the feed", "22", FEED),
    Rule("duplicates", "delivered twice", True, 0.01, "mend the feed", "22", FEED),
    Rule("nulls", "empty amounts", True, 0.01, "mend the feed", "22", FEED),
    Rule("clock", "clock", True, 60.0, "mend the feed", "22", FEED),
    Rule("silent tills", "silent tills", True, None, "mend the feed", "21", FEED),
    Rule("one customer", "one customer", True, 0.1, "mend the feed", "22", FEED),
    Rule("zeros", "zeros", True, 0.005, "roll back the release", "22", ("skew", *BEHIND)),
    Rule("disk", "disk", True, 0.8, "clear the disk", "16", ("errors", "canary errors", *BEHIND)),
    Rule("memory", "memory", True, 0.8, "restart the service", "16", ("errors", "canary errors")),
    Rule("certificate", "certificate", False, 14.0, "renew the certificate", "16", ("errors",)),
    Rule("latency", "p99", True, 200.0, "add workers", "16", ("errors", "canary errors")),
    Rule("canary errors", "canary errors", True, 0.1, "roll back the release", "25", ("errors",)),
    Rule("errors", "errors", True, 0.01, "roll back the release", "16"),
    Rule("unscored", "unscored", True, 0.02, "restart the service", "25", BEHIND),
    Rule("freshness", "store age", True, 0.5, "rebuild the feature store", "22", BEHIND),
    Rule("skew", "skew", True, 0.005, "roll back the release", "25", BEHIND),
    Rule("golden", "golden", True, 1e-6, "roll back the model", "25", BEHIND),
    Rule("held scores", "held above rest", False, 0.0, "roll back the release", "26", BEHIND[1:]),
    Rule("backlog", "not looked into", True, 0.05, "see the investigators", "26", BEHIND[1:]),
    Rule("second look", "second look", True, 0.5, "see the investigators", "26", BEHIND[1:]),
    Rule("label file", "labels filed", False, None, "import the labels again", "21", BEHIND),
    Rule("label share", "fraud in file", True, 0.1, "import the labels again", "21", BEHIND),
    Rule("finds", "finds", False, None, "roll back the model", "26"),
    Rule("drift", "psi", True, LARGE, "retrain", "26"),
    Rule("chargebacks", "chargebacks", True, None, "retrain", "26"),
)
BY_RULE = {rule.name: rule for rule in RULES}


def limits(calm: list[dict[str, float]]) -> dict[str, float]:
    """The limit of each rule: what was promised, or a margin beyond the widest quiet day."""
    return {rule.name: _limit(rule, [day[rule.figure] for day in calm]) for rule in RULES}


def _limit(rule: Rule, quiet: list[float]) -> float:
    if rule.limit is not None:
        return rule.limit
    low, high = np.nanmin(quiet), np.nanmax(quiet)
    if rule.above:
        return float(high + MARGIN * (high - low))
    return float(LEAST * low)


def ringing(
    figures: dict[str, float],
    limit: dict[str, float],
    alerts: frozenset[str],
    sensitivity: float = 1.0,
) -> list[Rule]:
    """The rules that ring on a day, without those that another one silences.

    A sensitivity of 2 halves the limit of a rule that rings above, and doubles that of one below.
    """
    rang = [r for r in RULES if r.name in alerts and _beyond(r, figures, limit, sensitivity)]
    quiet = {name for rule in rang for name in rule.silences if name != rule.name}
    return [rule for rule in rang if rule.name not in quiet]


def _beyond(rule: Rule, figures: dict[str, float], limit: dict, sensitivity: float) -> bool:
    value = figures[rule.figure]
    if rule.above:
        return bool(value > limit[rule.name] / sensitivity)
    return bool(value < limit[rule.name] * sensitivity)
