"""Fraud models: split in time, measure, test, and keep a record of every training run.

For lesson authors:

    from helpers.models import evaluate, time_split, weeks
    from helpers.models.tracking import log_model, new_experiment, open_store
    from helpers.models.page import page

    train, test = time_split(payments, "2018-07-25")         # a week, a week's delay, a week
    model.fit(X.loc[train.index], train["is_fraud"])
    scores = model.predict_proba(X.loc[test.index])[:, 1]
    evaluate(test, scores)         # {"roc_auc": ..., "average_precision": ..., ...}

    open_store()                                              # MLflow, on SQLite
    experiment = new_experiment("lesson 24")                  # its id
    with mlflow.start_run(run_name="forest"):
        info = log_model(model)
    page(experiment)                                          # MLflow's page, as a link

    report = release_gate(model, champion, test, X.loc[test.index])   # named checks, in words
    report.passed, report.table(), report["worst slice"].reason

    from helpers.models import registry
    version = registry.register(info, usual=X_train.median())  # the challenger from now on
    registry.promote(version)                                 # the champion
    registry.load("champion").model                           # safe formats and types alone
    registry.roll_back()                                      # the last good version, in one call

`tracking`, `registry` and `page` import MLflow when they are called, and not before.
"""

from .evidence import Bounds
from .gate import GateReport, release_gate
from .metrics import card_precision, evaluate
from .split import time_split, weeks

__all__ = [
    "Bounds",
    "GateReport",
    "card_precision",
    "evaluate",
    "release_gate",
    "time_split",
    "weeks",
]
