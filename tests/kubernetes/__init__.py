"""A real Kubernetes, written down, and what it takes to hold ours against it."""
