"""The model card and the ML Test Score: from evidence, with gaps refused and nothing ticked."""

import dataclasses

import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from helpers.models import GateReport
from helpers.models.card import About, model_card
from helpers.models.checks import Check
from helpers.models.compare import Difference
from helpers.models.ml_test_score import READINGS, SECTIONS, Proof, Score, ml_test_score, run_tests
from helpers.models.proofs import proofs_of_the_course
from helpers.workspace import ROOT

ABOUT = About(
    "a forest", "Mira", "scores", "judging people", "amount", "stops people", "small ones"
)
CHECKS = ("ranks well", "worst slice", "even between groups")
REPORT = GateReport(tuple(Check(n, True, 0.5, "at least 0.4", f"{n} | so") for n in CHECKS))
TIMES = pd.to_datetime(["2018-07-01", "2018-07-08"])
PAYMENTS = pd.DataFrame({"time": TIMES, "is_fraud": [True, False]})


def test_the_card_has_the_nine_sections_of_its_source_and_the_evidence():
    model = RandomForestClassifier(30, min_samples_leaf=3)
    table = pd.DataFrame({"share": [1 / 3]}, index=pd.Index(["night"], name="slice"))
    card = model_card(ABOUT, model, PAYMENTS, PAYMENTS, REPORT, {"Recall": table})
    titles = [line[3:] for line in card.splitlines() if line.startswith("## ")]
    assert titles == [
        "Model details",
        "Intended use",
        "Factors",
        "Metrics",
        "Evaluation data",
        "Training data",
        "Quantitative analyses",
        "Ethical considerations",
        "Caveats and recommendations",
    ]
    for words in (
        "RandomForestClassifier",
        "min_samples_leaf=3, n_estimators=30",
        "2 payments from 2018-07-01 to 2018-07-08, 1 of them fraud (50.00%)",
        "- worst slice: at least 0.4",
        "| night | 0.333 |",
        "Released: all 3 checks passed.",
    ):
        assert words in card


def test_a_model_that_lists_no_settings_has_a_card_too():
    for model in (make_pipeline(RandomForestClassifier()), object()):
        card = model_card(ABOUT, model, PAYMENTS, PAYMENTS, REPORT)
        assert type(model).__name__ in card


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(About)])
def test_a_blank_is_refused(field):
    with pytest.raises(ValueError, match=f"needs '{field}'; it is blank"):
        dataclasses.replace(ABOUT, **{field: "  "})


def test_the_rubric_has_four_sections_of_seven():
    assert [len(tests) for tests in SECTIONS.values()] == [7, 7, 7, 7]
    assert len({test for tests in SECTIONS.values() for test in tests}) == 28


PASSES = "tests/test_models_card.py::test_the_rubric_has_four_sections_of_seven"


def test_a_point_needs_a_proof_that_holds():
    names = SECTIONS["data"]
    score = ml_test_score(
        {
            names[0]: Proof("runs", (PASSES,)),
            names[1]: Proof("is gone", ("tests/test_models_card.py::test_that_was_never_written",)),
            names[2]: Proof("half of it is gone", (PASSES, "tests/nowhere.py::test_it")),
            names[3]: Proof("looked at", by_hand=lambda: True),
            names[4]: Proof("looked at, and wrong", by_hand=lambda: False),
            names[5]: Proof("not yet"),
        }
    )
    of_data = score.table[score.table["section"] == "data"]
    assert of_data["points"].tolist() == [1, 0, 0, 0.5, 0, 0, 0]
    assert of_data["proof"].tolist()[:5] == [
        "1 automatic",
        "tests/test_models_card.py::test_that_was_never_written: not found",
        "tests/nowhere.py::test_it: not found",
        "by hand",
        "by hand: does not hold",
    ]
    assert score.sections.to_dict() == {"data": 1.5, **dict.fromkeys(list(SECTIONS)[1:], 0)}
    assert score.total == 0 and score.reading.startswith("a research project")


def test_a_test_that_fails_or_is_skipped_is_no_proof(tmp_path, monkeypatch):
    (tmp_path / "test_here.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_cases(n):\n    assert n == 1\n"
        "def test_skipped():\n    pytest.skip('no')\n"
        "def test_fine():\n    pass\n"
    )
    monkeypatch.setattr("helpers.models.ml_test_score.ROOT", tmp_path)
    names = [f"test_here.py::test_{name}" for name in ("cases", "skipped", "fine", "gone")]
    assert list(run_tests(names).values()) == ["failed", "skipped", "passed", "not found"]


def test_the_score_is_that_of_the_weakest_section():
    rows = [(section, 3.5 if section != "monitoring" else 1.5) for section in SECTIONS]
    score = Score(pd.DataFrame(rows, columns=["section", "points"]))
    assert score.total == 1.5 and score.reading == READINGS[2][1]


def test_a_test_that_the_rubric_does_not_have_is_told():
    with pytest.raises(KeyError, match="has no test 'it is fast'"):
        ml_test_score({"it is fast": Proof("yes")})


def test_each_proof_of_the_course_is_there_and_runs_with_every_make_test():
    """A slow one would not: `make test` leaves it out, and it would be worth no whole point."""
    lead = Difference(0.05, 0.01, 0.09, 0.95, pd.Series([0.05]).to_numpy(), 2)
    proofs = proofs_of_the_course(REPORT, lead)
    assert set(proofs) == {test for tests in SECTIONS.values() for test in tests}
    for proof in proofs.values():
        assert proof.note
        for name in proof.tests:
            path, _, test = name.partition("::")
            before = (ROOT / path).read_text(encoding="utf-8").split(f"def {test}(")
            assert len(before) == 2, f"{name} is not there"
            assert "mark.slow" not in before[0].rsplit("\n\n", 1)[1]
    assert proofs["a simpler model is not better"].by_hand()
    worse = dataclasses.replace(lead, low=-0.01)
    assert not proofs_of_the_course(REPORT, worse)["a simpler model is not better"].by_hand()
