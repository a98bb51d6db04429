"""The ML Test Score: 28 tests of a machine-learning system, scored from proofs that are run.

Source: Breck, Cai, Nielsen, Salib, Sculley, "The ML Test Score: a rubric for ML production
readiness and technical debt reduction", IEEE Big Data 2017. A test that is done by hand, with its
result written down, scores half a point; one that runs by itself, again and again, a whole one. A
section's score is their sum, and the system's is that of its weakest section.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as xml
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from helpers.programs import run
from helpers.workspace import ROOT

from .page import give_back_memory

SECTIONS = {
    "data": (
        "feature expectations are captured in a schema",
        "all features are beneficial",
        "no feature's cost is too much",
        "features adhere to meta-level requirements",
        "the data pipeline has appropriate privacy controls",
        "new features can be added quickly",
        "all input feature code is tested",
    ),
    "model": (
        "model specs are reviewed and submitted",
        "offline and online metrics correlate",
        "all hyperparameters have been tuned",
        "the impact of model staleness is known",
        "a simpler model is not better",
        "model quality is sufficient on important data slices",
        "the model is tested for considerations of inclusion",
    ),
    "infrastructure": (
        "training is reproducible",
        "model specs are unit tested",
        "the ML pipeline is integration tested",
        "model quality is validated before serving",
        "the model is debuggable",
        "models are canaried before serving",
        "serving models can be rolled back",
    ),
    "monitoring": (
        "dependency changes result in notification",
        "data invariants hold for inputs",
        "training and serving are not skewed",
        "models are not too stale",
        "models are numerically stable",
        "computing performance has not regressed",
        "prediction quality has not regressed",
    ),
}
READINGS = (  # the highest score of each step, and the source's reading of it in our words
    (0.0, "a research project rather than a system for production"),
    (1.0, "not totally untested, but serious holes in reliability are to be expected"),
    (2.0, "a first pass at getting ready for production; more work may be needed"),
    (3.0, "reasonably tested; more of it may be automated"),
    (5.0, "strong automated testing and monitoring, fit for mission-critical systems"),
    (7.0, "exceptional automated testing and monitoring"),
)


@dataclass(frozen=True)
class Proof:
    """What stands behind one of the 28 tests.

    tests: names of pytest tests, as tests/test_x.py::test_y, that `make test` runs each time.
    by_hand: a check that somebody runs and looks at; it gives True where it holds. note: what is
    shown, or, where there is neither, why there is nothing to show.
    """

    note: str
    tests: tuple[str, ...] = ()
    by_hand: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Score:
    """The 28 tests with their points: 1 where proved by itself, 0.5 by hand, else 0."""

    table: pd.DataFrame

    @property
    def sections(self) -> pd.Series:
        """Points of each section, 7 at most."""
        return self.table.groupby("section", sort=False)["points"].sum()

    @property
    def total(self) -> float:
        """The score: that of the weakest section."""
        return float(self.sections.min())

    @property
    def reading(self) -> str:
        """What the source makes of such a score."""
        return next(words for highest, words in READINGS if self.total <= highest)


def ml_test_score(proofs: Mapping[str, Proof]) -> Score:
    """Run every proof and score what held. `proofs` is keyed by the test's words in SECTIONS.

    Raises KeyError for a test that the rubric does not have.
    """
    known = [test for tests in SECTIONS.values() for test in tests]
    strange = [name for name in proofs if name not in known]
    if strange:
        raise KeyError(f"the ML Test Score has no test {strange[0]!r}")
    outcomes = run_tests([test for proof in proofs.values() for test in proof.tests])
    rows = []
    for section, tests in SECTIONS.items():
        for test in tests:
            proof = proofs.get(test, Proof("nothing is there yet"))
            points, how = _judged(proof, outcomes)
            rows.append((section, test, points, how, proof.note))
    return Score(pd.DataFrame(rows, columns=["section", "test", "points", "proof", "note"]))


def run_tests(names: Sequence[str]) -> dict[str, str]:
    """Run tests of this repository in one call of pytest; "passed", "failed" or what else it was.

    A name that pytest does not find is "not found". A test with several cases has passed where all
    of them have.
    """
    there = [name for name in dict.fromkeys(names) if _is_there(name)]
    if not there:
        return dict.fromkeys(names, "not found")
    give_back_memory()  # the tests run beside the kernel
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *there]
        run(*call, f"--junitxml={report}", cwd=ROOT, check=False, quiet=True, limit=300)
        cases = list(xml.parse(report).iter("testcase")) if report.exists() else []
    return {name: _outcome(name, cases) for name in names}


def _is_there(name: str) -> bool:
    """pytest runs nothing at all where one of the names that it is given is not to be found."""
    path, _, test = name.partition("::")
    file = ROOT / path
    return file.exists() and f"def {test}(" in file.read_text(encoding="utf-8")


def _outcome(name: str, cases: list[xml.Element]) -> str:
    path, _, test = name.partition("::")
    module = path.removesuffix(".py").replace("/", ".")
    own = [
        case
        for case in cases
        if case.get("classname") == module and case.get("name", "").split("[")[0] == test
    ]
    wrong = [child.tag for case in own for child in case if child.tag in _NOT_PASSED]
    return (_NOT_PASSED[wrong[0]] if wrong else "passed") if own else "not found"


_NOT_PASSED = {"failure": "failed", "error": "failed", "skipped": "skipped"}


def _judged(proof: Proof, outcomes: Mapping[str, str]) -> tuple[float, str]:
    for test in proof.tests:
        if outcomes[test] != "passed":
            return 0.0, f"{test}: {outcomes[test]}"
    if proof.tests:
        return 1.0, f"{len(proof.tests)} automatic"
    if proof.by_hand is None:
        return 0.0, "none"
    return (0.5, "by hand") if proof.by_hand() else (0.0, "by hand: does not hold")
