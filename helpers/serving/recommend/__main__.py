"""Run the checkout service with recommendations: `python -m helpers.serving.recommend`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..__main__ import serve
from ..app import create_app
from ..settings import Settings
from . import Retriever, add_recommendations


def main(arguments: list[str] | None = None) -> int:
    """Load the model, then serve; settings from the environment, as for the service itself."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the folder of an export")
    parser.add_argument("--host", help="overrules CHECKOUT_HOST")
    parser.add_argument("--port", type=int, help="overrules CHECKOUT_PORT")
    chosen = vars(parser.parse_args(arguments))
    folder = chosen.pop("model")
    try:
        retriever = Retriever.load(folder)
    except FileNotFoundError as error:
        print(f"There is no exported model in {folder}: {error}", file=sys.stderr)
        return 2
    settings = Settings(**{name: value for name, value in chosen.items() if value})
    app = create_app(settings)
    add_recommendations(app, retriever)
    serve(app, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
