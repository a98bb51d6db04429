"""What the fraud part counts and times, in the same registry as the service's own metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Seconds; the parts of a decision take from some microseconds to the timeout.
BUCKETS = (0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5)
WHY = ("no model", "slow", "failed", "resting", "late", "ahead")


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
        for why in WHY:  # a counter that is not there yet cannot raise an alarm
            self.rule.labels(why)
