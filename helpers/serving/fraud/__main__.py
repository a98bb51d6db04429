"""Run the service with its model: `python -m helpers.serving.fraud`.

Settings come from the environment: CHECKOUT_... for the service, FRAUD_... for the model, and
MLFLOW_TRACKING_URI for the registry. It drains and ends as the plain service does.
"""

from __future__ import annotations

import argparse
import os
import sys

from pydantic import ValidationError

from helpers.serving.__main__ import serve
from helpers.serving.fraud.app import create_fraud_app
from helpers.serving.fraud.settings import FraudSettings
from helpers.serving.settings import Settings

# A registry that is away is to be noticed in seconds; MLflow would ask it again for minutes.
PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "5"}


def main(arguments: list[str] | None = None) -> int:
    """Read the settings, let the command line overrule the port, and serve."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--port", type=int, help="overrules CHECKOUT_PORT; 0 takes a free one")
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value}
    try:
        settings, fraud = Settings(**given), FraudSettings()
    except ValidationError as error:
        print(f"A setting cannot be used.\n{error}", file=sys.stderr)
        return 2
    be_patient()
    serve(create_fraud_app(settings, fraud), settings)
    return 0


def be_patient() -> None:
    """Set how long MLflow asks a registry that is away, where the environment does not say."""
    for name, value in PATIENCE.items():
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    sys.exit(main())
