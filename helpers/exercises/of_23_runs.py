"""Exercise 23.5: a training run on record, looked at in a real MLflow store."""

from __future__ import annotations

import functools
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, Unusable

_HEADER = "def log_tree(experiment, X_train, y_train, X_test, y_test):\n"
_FIT = "    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X_train, y_train)\n"
_SCORE = "    scores = tree.predict_proba(X_test)[:, 1]\n"
_LOG = """\
    with mlflow.start_run(experiment_id=experiment, run_name="small tree"):
        mlflow.log_param("max_depth", 2)
        mlflow.log_metric("average_precision", average_precision_score(y_test, scores))
        log_model(tree)"""
_SOLUTION = _HEADER + _FIT + _SCORE + _LOG


def _on_record(answer: Any, exercise: Exercise) -> Callable[..., dict[str, Any]]:
    """The learner's function with a new experiment of a real store as its first argument.

    It gives what the store holds afterwards; the experiment is deleted again.
    """
    import mlflow

    if not callable(answer):
        raise Unusable("`log_tree` should be a function; pass it without calling it.")
    if mlflow.active_run() is not None:
        raise Unusable("A run of MLflow is still open here. End it first: `mlflow.end_run()`.")
    _open_store()
    return lambda _, *data: _tried(answer, data)


@functools.cache
def _warm_up() -> None:
    # MLflow's first model takes seconds, which must not count as slow code of the learner.
    from sklearn.dummy import DummyClassifier

    def first(experiment: str) -> None:
        import mlflow

        from helpers.models.tracking import log_model

        with mlflow.start_run(experiment_id=experiment):
            log_model(DummyClassifier().fit([[0]], [0]))

    _tried(first, ())


def _open_store() -> None:
    from helpers.models.tracking import open_store

    open_store()
    _warm_up()


def _tried(function: Callable[..., Any], data: Sequence[Any]) -> dict[str, Any]:
    import mlflow

    client = mlflow.MlflowClient()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve().as_uri()
        id = client.create_experiment(f"check of 23.5, {uuid.uuid4()}", place)
        try:
            function(id, *data)
            return _facts(client, id)
        finally:
            while mlflow.active_run():
                mlflow.end_run()
            client.delete_experiment(id)


def _facts(client: Any, experiment: str) -> dict[str, Any]:
    runs = client.search_runs([experiment])
    one = runs[0] if runs else None
    return {
        "number of runs": len(runs),
        "name": one and one.info.run_name,
        "status": one and one.info.status,
        "parameters": dict(one.data.params) if one else {},
        "metrics": dict(one.data.metrics) if one else {},
        "number of models": len(client.search_logged_models([experiment])),
    }


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    fraud = rng.random(300) < 0.3
    X = pd.DataFrame({"amount": rng.normal(50 + 40 * fraud, 30), "risk": rng.normal(fraud, 1.2)})
    y = pd.Series(fraud)
    yield Case(("an experiment", X[:150], y[:150], X[150:], y[150:]), "300 payments")


_SHOW = (
    'experiment, pd.DataFrame({"amount": [10, 60, 30, 250, 20, 90]}), '
    "pd.Series([False, True, False, True, False, False]), "
    'pd.DataFrame({"amount": [15, 240, 70, 40]}), pd.Series([False, True, True, False])'
)

RUN = Exercise(
    id="23.5",
    title="A run on record",
    task="Write `log_tree(experiment, X_train, y_train, X_test, y_test)`: train a small decision "
    "tree and put it on record in one run of MLflow.",
    answer="log_tree",
    given="import mlflow\nimport pandas as pd\nfrom sklearn.tree import DecisionTreeClassifier\n"
    "from sklearn.metrics import average_precision_score\n"
    "from helpers.models.tracking import log_model\nexperiment = 'a new one'",
    trial=Calls(fresh=_fresh, show=_SHOW, prepare=_on_record),
    solution=_SOLUTION,
    why="One run holds what went in (parameters), what came out (metrics on days that the model "
    "has not seen) and the model itself, so that anybody can repeat or deploy it.",
    hints=(
        "Train and score first, as with the other models; then open a run and log three things.",
        'Open it with `with mlflow.start_run(experiment_id=experiment, run_name="small tree"):`; '
        "the run ends with the block.",
        'In the block: `mlflow.log_param("max_depth", 2)`, '
        '`mlflow.log_metric("average_precision", ...)` and `log_model(tree)`.',
    ),
    also=(
        _HEADER
        + '    with mlflow.start_run(run_name="small tree", experiment_id=experiment):\n'
        + "    "
        + _FIT.replace("2, random", "2, criterion='gini', random")
        + '        mlflow.log_params({"max_depth": tree.max_depth})\n'
        + "        found = average_precision_score(y_test, tree.predict_proba(X_test)[:, 1])\n"
        + '        mlflow.log_metrics({"average_precision": found})\n'
        + "        log_model(tree)",
    ),
    mistakes=(
        Mistake(
            "predict for predict_proba",
            _SOLUTION.replace("predict_proba(X_test)[:, 1]", "predict(X_test)"),
            "The metric was worked out from `predict`, which says yes or no at 0.5. A ranking "
            "needs the probabilities: `predict_proba(X_test)[:, 1]`.",
        ),
        Mistake(
            "measured on the training days",
            _SOLUTION.replace("predict_proba(X_test)", "predict_proba(X_train)").replace(
                "score(y_test", "score(y_train"
            ),
            "The metric was measured on the days of training, which the tree has seen. Measure on "
            "`X_test` and `y_test`.",
        ),
        Mistake(
            "trained on the test days",
            _SOLUTION.replace("fit(X_train, y_train)", "fit(X_test, y_test)"),
            "The tree was trained on the test days, so the metric says nothing about days to "
            "come. Train on `X_train` and `y_train`.",
        ),
        Mistake(
            "the run is never ended",
            _SOLUTION.replace("with mlflow", "if mlflow"),
            "The run is still open: its status is RUNNING. Open it in a `with` block, then it "
            "ends when the block ends, even after an error.",
        ),
        Mistake(
            "a run for each thing",
            _HEADER + _FIT + _SCORE + "    for log in (\n"
            '        lambda: mlflow.log_param("max_depth", 2),\n'
            '        lambda: mlflow.log_metric("average_precision", '
            "average_precision_score(y_test, scores)),\n"
            "        lambda: log_model(tree),\n    ):\n"
            '        with mlflow.start_run(experiment_id=experiment, run_name="small tree"):\n'
            "            log()",
            "There is more than one run, each with a piece of the story. Log parameter, metric "
            "and model in one `with` block.",
        ),
        Mistake(
            "no model",
            _SOLUTION.replace("        log_model(tree)", "        pass"),
            "The run holds no model, so nobody can deploy what the metric speaks of. Add "
            "`log_model(tree)` to the block.",
        ),
        Mistake(
            "no parameter",
            _SOLUTION.replace('mlflow.log_param("max_depth", 2)', "pass"),
            "The run does not say how deep the tree may grow, so nobody can repeat it. Add "
            '`mlflow.log_param("max_depth", 2)`.',
        ),
    ),
)
