"""The pipeline: six components in order, and its compiled form for a cluster."""

import warnings
from functools import partial
from pathlib import Path
from typing import Any

NAME = "fraud-retraining"
IMAGE = "registry.example/corner/python-fraud:1.0"


def pipeline(image: str = IMAGE) -> Any:
    """The pipeline, each step in `image`: one that holds `kfp` and the course with all it needs.

    It is built as in lesson 14, from the course's whole requirements. Nothing is installed when a
    step starts. The parameters of a run are source (the folder of a delivery), registry
    (MLflow's tracking URI), train_days, trees, and bounds (those of the gate, by name).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # kfp's own notices, about Docker images
        from kfp import dsl

        from . import components as raw

    make = partial(dsl.component, base_image=image, install_kfp_package=False)

    @dsl.pipeline(name=NAME, description="From a delivery of payments to a champion.")
    def retrain(
        source: str,
        registry: str,
        train_days: int = 28,
        trees: int = 40,
        bounds: dict = {},  # noqa: B006
    ) -> int:
        came = make(raw.ingest)(source=source).outputs
        checked = make(raw.validate)(payments=came["payments"], labels=came["labels"]).outputs
        data = {"payments": checked["checked"], "labels": checked["checked_labels"]}
        X = make(raw.features)(**data).outputs["X"]
        model = make(raw.train)(X=X, train_days=train_days, trees=trees, **data).outputs["model"]
        judged = make(raw.gate)(
            model=model, X=X, train_days=train_days, registry=registry, bounds=bounds, **data
        )
        made = make(raw.register)(
            model=model, X=X, report=judged.outputs["report"], registry=registry
        )
        return made.output

    return retrain


def compile_to(path: str | Path, image: str = IMAGE) -> Path:
    """Write the pipeline as the YAML that Kubeflow Pipelines takes, and give the path."""
    from kfp import compiler

    compiler.Compiler().compile(pipeline(image), str(path))
    return Path(path)
