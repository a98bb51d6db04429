"""The shared package behind the notebooks of Two Loops.

Importing it switches off the telemetry of the tools that the course uses, before they are loaded.
"""

import os

os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
