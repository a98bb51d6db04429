"""Prometheus rules of the checkout service: rates, error ratios, quantiles, burn-rate alerts.

A service level objective (SLO) says which share of requests has to be good; what is left is the
error budget. The burn rate is how many times faster than allowed the budget is being spent. An
alert asks for a high burn rate over a long window, so that it matters, and over a short one, so
that it still goes on. Windows and factors: Google, The Site Reliability Workbook (2018), chapter
5, "Multiwindow, Multi-Burn-Rate Alerts".
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60, 3600, 86400
PROBES = "/healthz|/readyz|/metrics|/version|unmatched"


@dataclass(frozen=True)
class Burn:
    """A burn rate that raises an alert. Windows in seconds; factor in multiples of the allowed."""

    severity: str
    long: int
    short: int
    factor: float


BURNS = (
    Burn("page", 1 * HOUR, 5 * MINUTE, 14.4),  # 2 % of a month's budget in an hour
    Burn("page", 6 * HOUR, 30 * MINUTE, 6),  # 5 % in six hours
    Burn("ticket", 3 * DAY, 6 * HOUR, 1),  # 10 % in three days
)
WINDOWS = sorted({window for burn in BURNS for window in (burn.long, burn.short)})


@dataclass(frozen=True)
class Objective:
    """An SLO. name: of its recorded ratio. target: the share that must be good. bad: what is not.

    bad: PromQL of the ratio of bad requests, with WINDOW where the window goes.
    """

    name: str
    alert: str
    target: float
    bad: str
    summary: str

    @property
    def budget(self) -> float:
        """The share of requests that may be bad."""
        return round(1 - self.target, 9)


def service_rules(
    availability: float = 0.999, latency: float = 0.99, within: float = 0.1, speed_up: int = 1
) -> str:
    """The rules as a file for Prometheus (YAML).

    availability: share of requests that must not end in a server's error. latency: share that
    must be answered `within` so many seconds, one of the histogram's bucket borders. speed_up:
    divides every window, so that a lesson sees in a minute what takes an hour; the names stay.

    Raises ValueError for a share outside 0 to 1, or where a window would be under a second.
    """
    if not (0 < availability < 1 and 0 < latency < 1):
        raise ValueError("availability and latency are shares between 0 and 1, such as 0.999")
    if not 1 <= speed_up <= min(WINDOWS):
        raise ValueError(f"speed_up is 1 to {min(WINDOWS)}")
    objectives = _objectives(availability, latency, within)
    groups = [
        ("checkout-requests", _records(objectives, speed_up)),
        ("checkout-alerts", _alerts(objectives, speed_up)),
    ]
    head = f"# {availability:.10g} of requests without a server's error, "
    head += f"{latency:.10g} within {within:g} s.\n"
    if speed_up > 1:
        head += f"# Every window is divided by {speed_up}; names keep the full window.\n"
    body = "".join(f"  - name: {name}\n    rules:\n{''.join(rules)}" for name, rules in groups)
    return f"{head}groups:\n{body}"


def _objectives(availability: float, latency: float, within: float) -> tuple[Objective, ...]:
    asked = f'route!~"{PROBES}"'
    total = f"sum(rate(checkout_requests_total{{{asked}}}[WINDOW]))"
    errors = f'sum(rate(checkout_requests_total{{{asked},status=~"5.."}}[WINDOW]))'
    timed = "checkout_request_duration_seconds"
    quick = f'sum(rate({timed}_bucket{{{asked},le="{within!r}"}}[WINDOW]))'
    counted = f"sum(rate({timed}_count{{{asked}}}[WINDOW]))"
    return (
        Objective(
            "checkout:errors",
            "CheckoutErrorBudgetBurn",
            availability,
            f"({errors} or vector(0))\n/ {total}",
            "The checkout answers too many requests with an error",
        ),
        Objective(
            "checkout:slow",
            "CheckoutLatencyBudgetBurn",
            latency,
            f"1 - {quick}\n/ {counted}",
            f"The checkout answers too many requests later than {within:g} s",
        ),
    )


def _records(objectives: tuple[Objective, ...], speed_up: int) -> list[str]:
    window = _duration(5 * MINUTE / speed_up)
    asked = f'route!~"{PROBES}"'
    rules = [
        _record(
            "route:checkout_requests:rate5m",
            f"sum by (route) (rate(checkout_requests_total{{{asked}}}[{window}]))",
        )
    ]
    for percent in (50, 90, 99):
        buckets = f"rate(checkout_request_duration_seconds_bucket{{{asked}}}[{window}])"
        quantile = f"histogram_quantile({percent / 100:g}, sum by (le) ({buckets}))"
        rules.append(_record(f"checkout:request_seconds:p{percent}_5m", quantile))
    for objective in objectives:
        for nominal in WINDOWS:
            ratio = objective.bad.replace("WINDOW", _duration(nominal / speed_up))
            rules.append(_record(_ratio(objective, nominal), ratio))
    return rules


def _alerts(objectives: tuple[Objective, ...], speed_up: int) -> list[str]:
    rules = [
        _alert(
            "CheckoutDown",
            'up{job="checkout"} == 0 or absent(up{job="checkout"})',
            "page",
            "Prometheus gets no answer from the checkout",
            "Is the process there? Its last log lines say why it went.",
            _duration(MINUTE / speed_up),
        )
    ]
    for objective in objectives:
        for severity in ("page", "ticket"):
            burns = [burn for burn in BURNS if burn.severity == severity]
            condition = "\nor ".join(_burning(objective, burn) for burn in burns)
            what = f"Spent faster than allowed over {_duration(burns[-1].long)} or less: "
            what += "{{ $value | humanizePercentage }} of requests."
            rules.append(_alert(objective.alert, condition, severity, objective.summary, what))
    return rules


def _burning(objective: Objective, burn: Burn) -> str:
    limit = f"{burn.factor:g} * {objective.budget:.10g}"
    long, short = _ratio(objective, burn.long), _ratio(objective, burn.short)
    return f"({long} > {limit} and {short} > {limit})"


def _record(name: str, expression: str) -> str:
    return f"      - record: {name}\n        expr: {_block(expression)}\n"


def _alert(
    name: str, expression: str, severity: str, summary: str, description: str, wait: str = ""
) -> str:
    return (
        f"      - alert: {name}\n        expr: {_block(expression)}\n"
        + (f"        for: {wait}\n" if wait else "")
        + f"        labels:\n          severity: {severity}\n"
        + f'        annotations:\n          summary: "{summary}"\n'
        + f'          description: "{description}"\n'
    )


def _block(expression: str) -> str:
    """The expression as YAML, its lines one below the other where it has several."""
    lines = expression.split("\n")
    return expression if len(lines) == 1 else "\n          ".join(["|", *lines])


def _ratio(objective: Objective, window: int) -> str:
    return f"{objective.name}:ratio_rate{_duration(window)}"


def _duration(seconds: float) -> str:
    """Seconds as Prometheus writes them: 90s, 5m, 1h, 3d."""
    whole = max(1, round(seconds))
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if whole % size == 0:
            return f"{whole // size}{unit}"
    return f"{whole}s"
