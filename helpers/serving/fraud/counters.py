"""What the fraud part counts and times, in the same registry as the service's own metrics."""

from __future__ import annotations

from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from helpers.monitoring.model_rules import HIGH_SCORE

# Seconds; the parts of a decision take from some microseconds to the timeout.
BUCKETS = (0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5)
# The rules ask for the share above HIGH_SCORE, so a border has to lie there.
SCORES = (0.01, 0.02, 0.05, 0.1, HIGH_SCORE, 0.5, 0.75, 0.9)
WHY = ("no model", "slow", "failed", "resting", "late", "ahead")
FOUND = {True: "fraud", False: "genuine"}


class Counters:
    """Counters, gauges and times of the model behind the service. All labels have few values."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.decisions = Counter(
            "fraud_decisions_total",
            "Decisions by who took them.",
            ("by", "verdict"),
            registry=registry,
        )
        self.rule = Counter(
            "fraud_rule_decisions_total",
            "Decisions that the rule took over from the model.",
            ("why",),
            registry=registry,
        )
        self.events = Counter(
            "fraud_events_total",
            "Payments and labels that reached the windows.",
            ("what", "how"),
            registry=registry,
        )
        self.shadow = Counter(
            "fraud_shadow_total",
            "Payments scored by the model that did not decide.",
            ("how",),
            registry=registry,
        )
        self.seconds = Histogram(
            "fraud_decision_seconds",
            "Time that the parts of a decision take.",
            ("part",),
            buckets=BUCKETS,
            registry=registry,
        )
        self.version = Gauge(
            "fraud_model_version",
            "The versions that serve; 0 is none.",
            ("role",),
            registry=registry,
        )
        self.share = Gauge(
            "fraud_canary_share", "The challenger's share of customers.", registry=registry
        )
        self.swaps = Gauge("fraud_swaps", "How often models were exchanged.", registry=registry)
        self.registry_up = Gauge(
            "fraud_registry_up",
            "1 where the last look into the registry went well.",
            registry=registry,
        )
        self.score = Histogram(
            "fraud_score", "Scores that decided.", buckets=SCORES, registry=registry
        )
        self.registered = Gauge(
            "fraud_model_registered_timestamp_seconds",
            "When the champion was registered, soon after its training; NaN without a champion.",
            registry=registry,
        )
        self.registered.set(nan)
        self._add_labels(registry)
        for why in WHY:  # a counter that is not there yet cannot raise an alarm
            self.rule.labels(why)
        for found in FOUND.values():
            self.reviews.labels(found)

    def learned(self, status: str, is_fraud: bool) -> None:
        """Count what a new label says of a payment that was let through or sent to a review."""
        if status == "review":
            self.reviews.labels(FOUND[is_fraud]).inc()
        elif status == "approved" and is_fraud:
            self.chargebacks.inc()

    def _add_labels(self, registry: CollectorRegistry) -> None:
        self.reviews = Counter(
            "fraud_reviews_total", "Reviews by what they found.", ("found",), registry=registry
        )
        self.chargebacks = Counter(
            "fraud_chargebacks_total",
            "Approved payments that turned out to be fraud.",
            registry=registry,
        )
        self.newest_label = Gauge(
            "fraud_label_newest_timestamp_seconds",
            "Since when the newest label is known; 0 before the first.",
            registry=registry,
        )
