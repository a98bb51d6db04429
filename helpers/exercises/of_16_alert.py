"""Exercise 16.3: an alert's condition, held by promtool on four days that are made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import OnState, Unusable
from helpers.monitoring.promtool import check_rules, has_promtool, test_rules
from helpers.monitoring.rules import service_rules
from helpers.tools import tool

# Minutes of failing requests in 1000 a minute, and when one looks.
DAYS = {
    "allowed": "0+13x120",
    "burning": "0+16x120",
    "over": "0+0x40 0+60x30 1860+13x50",
    "blip": "0+0x116 0+260x4",
}
# Each at a moment of its own, so that promtool's words tell which day it speaks of.
LOOK = {"allowed": "1h58m", "burning": "1h59m", "over": "1h30m", "blip": "2h"}
SHOULD_RING = {"allowed": False, "burning": True, "over": False, "blip": False}
MEANS = {
    "allowed": "thirteen in a thousand fail, less than 14.4 times the budget, and it rings",
    "burning": "sixteen in a thousand fail for hours, more than 14.4 times the budget, and it is "
    "silent",
    "over": "the fire ended twenty minutes ago, thirteen in a thousand still fail, and it rings on",
    "blip": "three bad minutes after two good hours, and it rings",
}
LONG, SHORT = "checkout:errors:ratio_rate1h", "checkout:errors:ratio_rate5m"
RIGHT = f"{LONG} > 14.4 * 0.001 and {SHORT} > 14.4 * 0.001"
LOOSE = f"{LONG} > 14.4 * 0.001 and {SHORT} > 0.0144"
ONLY_LONG, ONLY_SHORT = f"{LONG} > 14.4 * 0.001", f"{SHORT} > 14.4 * 0.001"
EITHER = RIGHT.replace(" and ", " or ")
NO_BUDGET = f"{LONG} > 14.4 and {SHORT} > 14.4"
REVERSED = RIGHT.replace(">", "<")


@dataclass(frozen=True)
class Heard:
    """On which of the days the alert rings."""

    rings: frozenset[str]


# What promtool 2.42 says of the answers below, for machines that lack it; a test compares.
RECORDED = {
    RIGHT: {"burning"},
    LOOSE: {"burning"},
    ONLY_LONG: {"burning", "over"},
    ONLY_SHORT: {"burning", "blip"},
    EITHER: {"burning", "over", "blip"},
    NO_BUDGET: set(),
    REVERSED: {"allowed"},
}


def heard(condition: Any) -> Heard:
    """Let promtool try a condition on all days. Raises Unusable where it is no PromQL."""
    if not isinstance(condition, str):
        raise Unusable("A condition is a text in PromQL, the part behind `expr:`.")
    if not has_promtool():
        return _recorded(condition)
    rules = _rules(condition)
    well, said = check_rules(rules)
    if not well:
        reason = re.search(r"could not parse expression: (.*)", said)
        raise Unusable(f"promtool cannot read this: {reason.group(1) if reason else said}")
    _, said = test_rules(rules, _silent_days())
    return Heard(frozenset(day for day, look in LOOK.items() if f"time: {look}," in said))


def _recorded(condition: str) -> Heard:
    known = {"".join(text.split()): rings for text, rings in RECORDED.items()}
    try:
        return Heard(frozenset(known["".join(condition.split())]))
    except KeyError:
        how = tool("promtool").how_to_get()
        raise Unusable(
            f"promtool is not on this machine, so nobody can try this condition. To get it: {how}"
        ) from None


def _rules(condition: str) -> str:
    """Corner's figures on errors and the alert; the rest of the rules would cost seconds."""
    records = yaml.safe_load(service_rules())["groups"][0]["rules"]
    records = [one for one in records if one["record"].startswith("checkout:errors:")]
    alert = {"alert": "Yours", "expr": condition}
    groups = [{"name": "figures", "rules": records}, {"name": "yours", "rules": [alert]}]
    return yaml.safe_dump({"groups": groups}, sort_keys=False)


def _silent_days() -> str:
    # Without an order promtool takes the groups in any, and an alert may see old figures.
    return (
        "rule_files: [rules.yml]\nevaluation_interval: 1m\n"
        "group_eval_order: [figures, yours]\ntests:\n" + "".join(map(_silent_on, DAYS))
    )


def _silent_on(day: str) -> str:
    requests = 'checkout_requests_total{route="/payments",status="%s"}'
    return (
        "  - interval: 1m\n    input_series:\n"
        f"      - {{series: '{requests % 201}', values: '0+1000x120'}}\n"
        f"      - {{series: '{requests % 500}', values: '{DAYS[day]}'}}\n"
        "    alert_rule_test:\n"
        f"      - {{eval_time: {LOOK[day]}, alertname: Yours, exp_alerts: []}}\n"
    )


def _wrong(facts: Heard) -> str | None:
    for day, should in SHOULD_RING.items():
        if (day in facts.rings) != should:
            return f"promtool tried it on four made-up days. On one of them {MEANS[day]}."
    return None


def _is(*rings: str) -> Any:
    return lambda facts: facts.rings == frozenset(rings)


ALERT = Exercise(
    id="16.3",
    title="An alert that matters",
    task="Write the condition of an alert in PromQL: more than 14.4 times the budget of 99.9 %, "
    "over the last hour and over the last five minutes.",
    answer="condition",
    trial=OnState(look=heard, wrong=_wrong),
    solution=f'condition = """\n{RIGHT.replace(" and ", chr(10) + "and ")}\n"""',
    why="promtool played four made-up days: it rings while sixteen in a thousand fail, and is "
    "silent for thirteen, for three bad minutes, and soon after the end.",
    hints=(
        f"The two shares are on record as `{LONG}` and `{SHORT}`.",
        "The budget of 99.9 % is 0.001. Compare each share with `14.4 * 0.001`.",
        "`... > 14.4 * 0.001 and ... > 14.4 * 0.001`: both have to hold.",
    ),
    also=(f'condition = "{LOOSE}"',),
    mistakes=(
        Mistake(
            "the long window alone",
            f'condition = "{ONLY_LONG}"',
            "It rings when it should, and goes on ringing after the trouble is over: an hour "
            "forgets slowly. Ask for the last five minutes as well.",
            _is("burning", "over"),
        ),
        Mistake(
            "the short window alone",
            f'condition = "{ONLY_SHORT}"',
            "Three bad minutes wake somebody, and they cost hardly any budget. Ask for the last "
            "hour as well.",
            _is("burning", "blip"),
        ),
        Mistake(
            "or in the place of and",
            f'condition = "{EITHER}"',
            "With `or` one window is enough, so it has the faults of both: it wakes for a blip, "
            "and rings on for an hour. Both have to hold: `and`.",
            _is("burning", "over", "blip"),
        ),
        Mistake(
            "a burn rate that is no share",
            f'condition = "{NO_BUDGET}"',
            "It never rings. The figures on record are shares of requests between 0 and 1; 14.4 "
            "is a multiple of the budget. Compare with `14.4 * 0.001`.",
            _is(),
        ),
        Mistake(
            "the wrong way round",
            f'condition = "{REVERSED}"',
            "It rings while all is well and is silent when it burns. An alert's condition says "
            "when it is bad: `>`.",
            lambda facts: "allowed" in facts.rings and "burning" not in facts.rings,
        ),
    ),
)
