"""Run the checkout service with recommendations: `python -m helpers.serving.recommend`.

With --fraud the fraud model decides about its payments, as in `python -m helpers.serving.fraud`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fastapi import FastAPI
from pydantic import ValidationError

from ..__main__ import serve
from ..app import create_app
from ..settings import Settings
from . import Retriever, add_recommendations


def main(arguments: list[str] | None = None) -> int:
    """Load the model, then serve; settings from the environment, as for the service itself."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the folder of an export")
    parser.add_argument("--fraud", action="store_true", help="with the registry's fraud model")
    parser.add_argument("--host", help="overrules CHECKOUT_HOST")
    parser.add_argument("--port", type=int, help="overrules CHECKOUT_PORT")
    chosen = vars(parser.parse_args(arguments))
    folder, with_fraud = chosen.pop("model"), chosen.pop("fraud")
    try:
        retriever = Retriever.load(folder)
    except FileNotFoundError as error:
        print(f"There is no exported model in {folder}: {error}", file=sys.stderr)
        return 2
    try:
        settings = Settings(**{name: value for name, value in chosen.items() if value})
        app = _with_fraud(settings) if with_fraud else create_app(settings)
    except ValidationError as error:
        print(f"A setting cannot be used.\n{error}", file=sys.stderr)
        return 2
    add_recommendations(app, retriever)
    serve(app, settings)
    return 0


def _with_fraud(settings: Settings) -> FastAPI:
    from ..fraud.__main__ import be_patient
    from ..fraud.app import create_fraud_app

    be_patient()
    return create_fraud_app(settings)


if __name__ == "__main__":
    sys.exit(main())
