"""A fire drill for the checkout: a shop under load, watched by Prometheus, and eight faults."""
