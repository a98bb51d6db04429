"""The steps of the two loops: what each is, its tool, and what it is called in the other loop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from helpers.workspace import ROOT

Loop = Literal["start", "DevOps", "MLOps", "again", "together"]


@dataclass(frozen=True)
class Step:
    """One lesson's place in the course.

    number: its two digits; name: the notebook's name after them; loop: the part it stands in.
    title: for people; what: what happens in this step. other: what it is
    called in the other loop or, for a lesson that walks through both again, in the two.
    """

    number: str
    name: str
    loop: Loop
    title: str
    what: str
    other: str = ""

    @property
    def notebook(self) -> str:
        """The notebook's file name, such as 22_clean_and_prepare.ipynb."""
        return f"{self.number}_{self.name}.ipynb"

    @property
    def counterparts(self) -> tuple[str, ...]:
        """The numbers of the lessons that this step corresponds to in the other loop."""
        return tuple(re.findall(r"\((\d\d)\)", self.other))

    @property
    def written(self) -> bool:
        """Whether the lesson is in this copy of the course."""
        return (ROOT / "notebooks" / self.notebook).exists()


STEPS = (
    Step("00", "start_here", "start", "Start here", "Both loops on one page, each run once."),
    Step(
        "11",
        "write_code",
        "DevOps",
        "Write code",
        "A small change on a branch, looked at by somebody else, merged with git.",
        "Collect data (21). There the code hardly changes and the data do: what is versioned, "
        "reviewed and signed off is a data set and its contract.",
    ),
    Step(
        "12",
        "test_code",
        "DevOps",
        "Test code",
        "pytest tells in seconds whether the change broke a promise that the code had made.",
        "Clean and prepare (22) and Test the model (24). Data get tests of their own, and a model "
        "passes by a figure with a margin and not by yes or no.",
    ),
    Step(
        "13",
        "integrate_continuously",
        "DevOps",
        "Integrate",
        "Every change is built and tested by a machine that is nobody's: GitHub Actions, Jenkins.",
        "Train a model (23). Training is the build of the model: code and data go in, an artefact "
        "comes out, and each run is on record.",
    ),
    Step(
        "14",
        "package_with_docker",
        "DevOps",
        "Package",
        "The service and all it needs in one image that runs anywhere: Docker.",
        "The model registry (25). A model is stored with its version, its inputs and the libraries "
        "that it was made with.",
    ),
    Step(
        "15",
        "deploy_to_kubernetes",
        "DevOps",
        "Deploy",
        "The new version takes over from the old one while customers keep paying: Kubernetes.",
        "Deploy the model (25). It runs in the shadow first, then for a share of the traffic, for "
        "a model can be wrong without ever failing.",
    ),
    Step(
        "16",
        "monitor_the_service",
        "DevOps",
        "Monitor",
        "Prometheus counts requests, errors and seconds; an alert wakes somebody when it matters.",
        "Monitor the model (26). The service answers quickly and without an error, and may be "
        "wrong all the same: one watches data and decisions too.",
    ),
    Step(
        "21",
        "collect_data",
        "MLOps",
        "Collect data",
        "Payments and their labels come in, under a contract, with a version.",
        "Write code (11). What a commit is to code, a version with its hash is to data.",
    ),
    Step(
        "22",
        "clean_and_prepare",
        "MLOps",
        "Clean, prepare",
        "Dirty rows are found and mended; features are built from what was known at the time.",
        "Test code (12). Checks on data stand where unit tests stand, and fail the build likewise.",
    ),
    Step(
        "23",
        "train_a_model",
        "MLOps",
        "Train",
        "A baseline first, then models, compared in time order and on record in MLflow.",
        "Integrate (13). Training is the build; a run in MLflow is what a build log is to CI.",
    ),
    Step(
        "24",
        "test_the_model",
        "MLOps",
        "Test",
        "Slices, fairness, calibration, behaviour: the gate that a candidate has to pass.",
        "Test code (12). A test of code says right or wrong; a test of a model says how much, "
        "and how sure.",
    ),
    Step(
        "25",
        "deploy_the_model",
        "MLOps",
        "Deploy",
        "Shadow, canary, rollback: champion and challenger behind the same service.",
        "Package (14) and Deploy (15). The same image, the same rollout, one more thing to swap.",
    ),
    Step(
        "26",
        "monitor_the_model",
        "MLOps",
        "Monitor",
        "Drift in data, change in what is true, and labels that come weeks late: Evidently.",
        "Monitor the service (16). Same dashboards and alerts, and besides them the question "
        "whether the decisions are still good.",
    ),
    Step(
        "27",
        "retrain",
        "MLOps",
        "Retrain",
        "The loop closes: new data, a new candidate, the same gate, as a Kubeflow pipeline.",
        "There is no such step. Software answers as it did until somebody changes it or something "
        "breaks; a model goes stale while nobody touches it.",
    ),
    Step(
        "31",
        "recommend_products",
        "again",
        "Recommend",
        "The whole loop again, on ranking.",
        "All of it, from Collect data (21) to Monitor the model (26). Package (14), Deploy (15) "
        "and Monitor the service (16) stay as they are: to them a model is one more folder.",
    ),
    Step(
        "32",
        "feedback_loops",
        "again",
        "Feedback loops",
        "A model that makes its own data.",
        "Retrain (27), where the trap lies. In the DevOps loop there is none, as software does not "
        "learn from its own output; the canary of Deploy (15) is the nearest of kin.",
    ),
    Step("41", "more_data", "together", "More data", "When one machine is not enough."),
    Step("42", "a_year_on_call", "together", "A year on call", "Thirty faults, one pipeline."),
    Step(
        "43", "which_loop_whose_job", "together", "Which loop, whose job", "Roles, skills, answers."
    ),
)


def step(number: str) -> Step:
    """The step of the lesson `number` ("22"). Raises KeyError that names those there are."""
    for one in STEPS:
        if one.number == number:
            return one
    raise KeyError(f"there is no lesson {number!r}; there are {', '.join(s.number for s in STEPS)}")
