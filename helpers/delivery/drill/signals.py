"""What is asked of Prometheus in every incident: the four golden signals, and what goes with them.

The four are latency, traffic, errors and saturation: Google, Site Reliability Engineering (2016),
chapter 6, "Monitoring Distributed Systems".
"""

from __future__ import annotations

# One checkout or several pods: each signal is of all together, the worst of them where a sum means
# nothing. Probes and Prometheus' own visits are no customers.
ASKED = 'route=~"/basket/price|/payments"'
WINDOW = "3s"  # six scrapes at 500 ms; a real shop would take minutes
BUCKETS = f"rate(checkout_request_duration_seconds_bucket{{{ASKED}}}[{WINDOW}])"

SIGNALS = {
    "traffic": f"sum by (route) (rate(checkout_requests_total{{{ASKED}}}[{WINDOW}]))",
    "p50": f"histogram_quantile(0.5, sum by (le, route) ({BUCKETS}))",
    "p99": f"histogram_quantile(0.99, sum by (le, route) ({BUCKETS}))",
    "errors": f"sum by (status) (rate(checkout_requests_total{{{ASKED}}}[{WINDOW}]))",
    "in flight": "sum(checkout_requests_in_flight)",
    "memory": "max(process_resident_memory_bytes) / 1e6",
    "up": 'min(up{job="checkout"})',
    "version": "sum by (version) (checkout_build_info)",
    "starts": "max(changes(process_start_time_seconds[15s]))",
    "mean payment": f"sum(rate(checkout_payment_cents_total[{WINDOW}])) / 100"
    f" / sum(rate(checkout_payments_total[{WINDOW}]))",
    "alerts": 'ALERTS{alertstate="firing"}',
}
