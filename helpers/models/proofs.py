"""What the course can prove of its own fraud model for the ML Test Score, and what not yet."""

from __future__ import annotations

from .compare import Difference
from .gate import GateReport
from .ml_test_score import Proof

FEATURES = "tests/test_payments_features.py::"
GATE = "tests/test_models_gate.py::"
TRAINING = "tests/test_models_prequential.py::"
RETRAINING = "tests/test_models_retraining.py::"
SERVING = "tests/test_fraud_serving.py::"


def proofs_of_the_course(report: GateReport, lead: Difference) -> dict[str, Proof]:
    """A proof for each test of the rubric, or why there is none.

    report: the gate's on the model that is to be released; lead: of that model over a simpler one.
    What the gate says counts as done by hand as long as a person runs it.
    """
    return {**_data(), **_model(report, lead), **_infrastructure(report), **_monitoring()}


def _data() -> dict[str, Proof]:
    return {
        "feature expectations are captured in a schema": Proof(
            "a column that is missing or of a wrong type is named",
            (f"{FEATURES}test_a_bad_column_is_named", f"{FEATURES}test_a_missing_column_is_named"),
        ),
        "all features are beneficial": Proof("nobody has tried the model without each of them"),
        "no feature's cost is too much": Proof("make bench measures it, and no test has a bound"),
        "features adhere to meta-level requirements": Proof(
            "no feature says who the customer is",
            ("tests/test_lesson_24.py::test_no_feature_says_who_somebody_is",),
        ),
        "the data pipeline has appropriate privacy controls": Proof(
            "the world's customers are made up; for real ones nothing is done"
        ),
        "new features can be added quickly": Proof("nobody has taken the time"),
        "all input feature code is tested": Proof(
            "against pandas, and against another future",
            (
                f"{FEATURES}test_agrees_with_pandas_rolling_windows",
                f"{FEATURES}test_nothing_after_a_moment_changes_a_feature_at_or_before_it",
            ),
        ),
    }


def _model(report: GateReport, lead: Difference) -> dict[str, Proof]:
    return {
        "model specs are reviewed and submitted": Proof("they are in git; no review is on record"),
        "offline and online metrics correlate": Proof("the model has not been online yet"),
        "all hyperparameters have been tuned": Proof("they are taken as they were found"),
        "the impact of model staleness is known": Proof(
            "lesson 27: what a year costs without training, over twenty seeds",
            (f"{RETRAINING}test_training_pays_where_fraud_changes_and_the_oracle_is_ahead",),
        ),
        "a simpler model is not better": Proof(
            f"lead over logistic regression {lead}", by_hand=lambda: lead.low > 0
        ),
        "model quality is sufficient on important data slices": Proof(
            report["worst slice"].reason, by_hand=lambda: report["worst slice"].passed is True
        ),
        "the model is tested for considerations of inclusion": Proof(
            report["even between groups"].reason,
            by_hand=lambda: report["even between groups"].passed is True,
        ),
    }


def _infrastructure(report: GateReport) -> dict[str, Proof]:
    return {
        "training is reproducible": Proof(
            "trained twice, the scores are equal",
            (f"{TRAINING}test_training_twice_gives_the_same_scores",),
        ),
        "model specs are unit tested": Proof(
            "a model learns what it is shown, and nothing from labels at random",
            (f"{TRAINING}test_a_model_learns_what_it_is_shown_and_nothing_from_chance",),
        ),
        "the ML pipeline is integration tested": Proof(
            "lesson 27's pipeline runs whole in `make test`, too slow to run again here"
        ),
        "model quality is validated before serving": Proof(
            report.verdict(), by_hand=lambda: report.passed
        ),
        "the model is debuggable": Proof(
            "each decision of lesson 25's service names the feature that lowers its score most",
            (f"{SERVING}test_the_reason_names_the_feature_that_lowers_the_score_most",),
        ),
        "models are canaried before serving": Proof(
            "lesson 25's service gives a challenger its share of customers",
            (
                f"{SERVING}test_the_share_of_a_canary_is_its_share_and_grows_without_exchanging_customers",
            ),
        ),
        "serving models can be rolled back": Proof(
            "lesson 25 goes back in one call; its test needs a registry, too slow to run again here"
        ),
    }


def _monitoring() -> dict[str, Proof]:
    return {
        "dependency changes result in notification": Proof(
            "each version is pinned, so a change stands in a diff",
            ("tests/test_lock.py::test_every_version_is_pinned",),
        ),
        "data invariants hold for inputs": Proof(
            "lesson 27's pipeline stops a delivery that breaks the contract",
            ("tests/test_models_pipeline.py::test_a_broken_delivery_is_named",),
        ),
        "training and serving are not skewed": Proof(
            "the service's features are those of the table",
            ("tests/test_fraud_windows.py::test_any_payments_are_the_same_online_and_offline",),
        ),
        "models are not too stale": Proof(
            "the service shows its champion's age, and a rule watches it",
            ("tests/test_fraud_metrics.py::test_the_age_of_the_champion_is_shown",),
        ),
        "models are numerically stable": Proof(
            "a NaN among the scores stops a model",
            (f"{GATE}test_a_model_that_does_not_answer_is_told",),
        ),
        "computing performance has not regressed": Proof("make bench measures, nothing compares"),
        "prediction quality has not regressed": Proof(
            "an alarm counts chargebacks for each payment; its test needs Prometheus"
        ),
    }
