"""What the service counts and times, for Prometheus.

Each app has a registry of its own, so two apps in one process do not add up. Labels have few
values by design: the route is the pattern ("/payments/{payment_id}"), never the path that came.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

# A second series for each counter, which Prometheus itself does not need.
disable_created_metrics()

# Seconds. A bucket border lies at 0.1, the goal for latency, so that the share is exact there.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The service's counters, gauges and histograms, in one registry."""

    def __init__(self, version: str, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.requests = Counter(
            "checkout_requests_total",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "checkout_request_duration_seconds",
            "Time from a request to the end of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "checkout_requests_in_flight", "Requests under way.", registry=self.registry
        )
        self.payments = Counter(
            "checkout_payments_total", "Payments taken.", ("status",), registry=self.registry
        )
        self.cents = Counter(
            "checkout_payment_cents_total",
            "Sum of payments taken, in cents.",
            ("status",),
            registry=self.registry,
        )
        info = Gauge("checkout_build_info", "Always 1.", ("version",), registry=self.registry)
        info.labels(version).set(1)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(route, method, status).inc()
        self.seconds.labels(route).observe(seconds)

    def paid(self, status: str, cents: int) -> None:
        """Count one payment."""
        self.payments.labels(status).inc()
        self.cents.labels(status).inc(cents)
