"""Prometheus rules of the fraud model, to lie beside those of the service in `rules`.

The service's alerts ask whether answers come. These ask whether they are any good, by what is known
soonest: is it the model that decides, do its scores look as they did, do labels still come, is what
it sends to the investigators fraud, and how old is it. None of them wakes anybody: where the model
fails a rule takes over, and a worse model costs money by the week and not by the minute.

The service with its model (helpers.serving.fraud) counts and shows, for Prometheus:

- fraud_decisions_total{by, verdict}: decisions; `by` is a model with its version, or "rule".
- fraud_score, a histogram: the scores that decided. A border must lie at `high_score`.
- fraud_model_registered_timestamp_seconds: when the champion was registered; NaN without one.
- fraud_label_newest_timestamp_seconds: since when the newest label is known; 0 before the first.
- fraud_reviews_total{found}: reviews that are done; `found` is "fraud" or "genuine".
- fraud_chargebacks_total: approved payments that turned out to be fraud.
"""

from __future__ import annotations

from .rules import DAY, HOUR, _alert, _record

HIGH_SCORE = 0.25


def model_rules(
    high_score: float = HIGH_SCORE,
    by_rule: float = 0.05,
    shift: float = 2.0,
    precision: float = 0.3,
    chargebacks: float = 1.5,
    label_hours: float = 48,
    model_days: float = 90,
) -> str:
    """The rules as a file for Prometheus (YAML).

    high_score: a border of the histogram; the share of payments above it is watched. by_rule: the
    share of decisions without the model that is too large. shift: by which factor the share of high
    scores may differ from that of four weeks before, up or down. precision: the least share of
    fraud among a week's reviews. chargebacks: how many times more of them, for each payment, than
    four weeks before are too many. label_hours, model_days: the greatest ages of label and model.

    Raises ValueError for a share outside 0 to 1, a factor of 1 or less, or an age that is none.
    """
    for name, share in {
        "high_score": high_score,
        "by_rule": by_rule,
        "precision": precision,
    }.items():
        if not 0 < share < 1:
            raise ValueError(f"{name} is a share between 0 and 1, not {share!r}")
    for name, factor in {"shift": shift, "chargebacks": chargebacks}.items():
        if factor <= 1:
            raise ValueError(f"{name} is a factor above 1, not {factor!r}")
    if min(label_hours, model_days) <= 0:
        raise ValueError("label_hours and model_days are above 0")
    rules = [
        *_records(high_score),
        *_soon(by_rule, shift, label_hours),
        *_late(precision, chargebacks, model_days),
    ]
    return f"groups:\n  - name: checkout-model\n    rules:\n{''.join(rules)}"


def _records(high_score: float) -> list[str]:
    decided, scored = "fraud_decisions_total", "fraud_score"
    below = f'sum(rate({scored}_bucket{{le="{high_score!r}"}}[1d]))'
    ratio = f'sum(rate({decided}{{by="rule"}}[1h]))\n/ sum(rate({decided}[1h]))'
    fraud = 'sum(increase(fraud_reviews_total{found="fraud"}[7d]))'
    return [
        _record("checkout:decisions_by_rule:ratio_rate1h", ratio),
        _record(
            "checkout:high_scores:ratio_rate1d", f"1 - {below}\n/ sum(rate({scored}_count[1d]))"
        ),
        _record(
            "checkout:review_precision:ratio_7d",
            f"{fraud}\n/ sum(increase(fraud_reviews_total[7d]))",
        ),
        _record(
            "checkout:chargebacks:per_decision_7d",
            f"sum(increase(fraud_chargebacks_total[7d]))\n/ sum(increase({decided}[7d]))",
        ),
    ]


def _soon(by_rule: float, shift: float, label_hours: float) -> list[str]:
    high = "checkout:high_scores:ratio_rate1d"
    moved = f"{high} > {shift:g} * ({high} offset 28d)\nor {high} * {shift:g} < ({high} offset 28d)"
    return [
        _alert(
            "ModelNotDeciding",
            f"checkout:decisions_by_rule:ratio_rate1h > {by_rule:g}",
            "ticket",
            "The rule decides in the model's place",
            "{{ $value | humanizePercentage }} of the last hour's decisions. "
            "Is the model loaded, and does it answer in time?",
            "15m",
        ),
        _alert(
            "ScoresShifted",
            moved,
            "ticket",
            "The model gives high scores more often, or less often, than four weeks ago",
            "{{ $value | humanizePercentage }} of payments. "
            "Look at the features first: a feed, a unit, new customers?",
            "6h",
        ),
        _alert(
            "LabelsLate",
            f"time() - fraud_label_newest_timestamp_seconds > {label_hours * HOUR:.10g}",
            "ticket",
            "No label has come for too long",
            "The newest is {{ $value | humanizeDuration }} old. "
            "Until labels come, nobody knows how good the model is.",
        ),
    ]


def _late(precision: float, chargebacks: float, model_days: float) -> list[str]:
    late = "checkout:chargebacks:per_decision_7d"
    return [
        _alert(
            "ReviewsFindLittle",
            f"checkout:review_precision:ratio_7d < {precision:g}",
            "ticket",
            "Too little of what the model sends to the investigators is fraud",
            "{{ $value | humanizePercentage }} of the last week's reviews.",
        ),
        _alert(
            "ChargebacksRise",
            f"{late} > {chargebacks:g} * ({late} offset 28d)",
            "ticket",
            "More missed fraud comes back than four weeks ago",
            "{{ $value | humanizePercentage }} of payments. The frauds are weeks old: "
            "find out what kind they are.",
            "1d",
        ),
        _alert(
            "ModelOld",
            f"time() - fraud_model_registered_timestamp_seconds > {model_days * DAY:.10g}",
            "ticket",
            "The model is older than agreed",
            "It was registered {{ $value | humanizeDuration }} ago.",
        ),
    ]
