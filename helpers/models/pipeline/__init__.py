"""The loop closed: ingest, validate, features, train, gate, register, as a Kubeflow pipeline.

For lesson authors:

    from helpers.models.pipeline import compile_to, run_here, submit

    compile_to("fraud.yaml", image="registry.example/corner/fraud:1.0")   # for a cluster
    uri = empty_registry("lesson-27")              # or tracking.open_store()
    ran = run_here(deliveries, registry=uri)        # the same definition, on this machine
    ran                                             # a row for each step, and why one failed
    ran.made("train", "model")                      # the path of what a step made
    submit("fraud.yaml", deliveries=..., endpoint="https://kubeflow.example")

`steps` holds the work itself, as functions on files that know nothing of Kubeflow; `components`
wraps each for Kubeflow; `definition` puts them in order. Kubeflow's library is imported when a
function here is called.
"""

from .contract import BrokenContract
from .definition import IMAGE, compile_to
from .here import Ran, Step, empty_registry, run_here
from .steps import StoppedAtGate
from .there import NoPipelines, submit

__all__ = [
    "IMAGE",
    "BrokenContract",
    "NoPipelines",
    "Ran",
    "Step",
    "StoppedAtGate",
    "compile_to",
    "empty_registry",
    "run_here",
    "submit",
]
