"""Every function of the course that builds features, training sets or what decisions rest on.

`test_no_future.py` changes all that lies after a moment and asserts that nothing these give for
the time up to it moves. Whoever writes such a function adds it here: a line in BUILDERS whose
function takes `transactions`, `labels` (transaction_id, known_at, is_fraud) and the moment, and
gives frames that belong to that time, each indexed by transaction_id.

Three things are not functions of such frames, and are tried with another future of their own: the
service's windows (test_fraud_windows.py), the year of retraining (test_models_retraining.py) and
the replay of monitoring (test_monitoring_late_labels.py). The pipeline's steps read a delivery,
which holds what was known on its night.

A lesson's deliberate leaks are built in its notebook, so they are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from helpers.models import time_split, weeks
from helpers.models.prequential import decisions, prequential, training_set
from helpers.payments import features

DAY = pd.Timedelta(days=1)
Frames = Iterator[pd.DataFrame]
Builder = Callable[[pd.DataFrame, pd.DataFrame, pd.Timestamp], Frames]


def _until(frame: pd.DataFrame, transactions: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """The frame's rows of payments up to the moment, by transaction_id."""
    rows = transactions.loc[frame.index]
    return frame.set_axis(rows["transaction_id"], axis=0)[(rows["time"] <= moment).to_numpy()]


def _features(transactions, labels, moment) -> Frames:
    yield _until(features(transactions), transactions, moment)


def _features_by_labels(transactions, labels, moment) -> Frames:
    yield _until(features(transactions, labels), transactions, moment)


def _time_split(transactions, labels, moment) -> Frames:
    """The training days are over, and all their labels known, by the moment."""
    start = moment.normalize() - 20 * DAY
    train, test = time_split(transactions, start, train_days=7, delay_days=7, test_days=10)
    yield from (_until(part, transactions, moment) for part in (train, test))


def _weeks(transactions, labels, moment) -> Frames:
    first = moment.normalize() - 29 * DAY
    for _, train, test in weeks(transactions, first, count=3):
        yield from (_until(part, transactions, moment) for part in (train, test))


def _training_set(transactions, labels, moment) -> Frames:
    for delay in (0, 3, 7):
        train, known = training_set(transactions, labels, moment, 12, delay)
        yield train.drop(columns="is_fraud").assign(known=known).set_index("transaction_id")


def _decisions(transactions, labels, moment) -> Frames:
    at = moment.normalize() - 6 * DAY
    test = decisions(transactions, labels, at, days=10, memory=20 * DAY)
    yield _until(test.drop(columns="is_fraud"), transactions, moment)


def _prequential(transactions, labels, moment) -> Frames:
    def fit(X, y):
        return DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, y)

    first = moment.normalize() - 8 * DAY
    for block in prequential(transactions, fit, first, count=2, labels=labels):
        yield block.X_train.set_axis(block.train["transaction_id"], axis=0)
        yield block.y_train.to_frame().set_axis(block.train["transaction_id"], axis=0)
        scored = block.X_test.assign(score=block.scores)
        yield _until(scored, transactions, moment)


BUILDERS: dict[str, Builder] = {
    "helpers.payments.features.features": _features,
    "helpers.payments.features.features with labels": _features_by_labels,
    "helpers.models.split.time_split": _time_split,
    "helpers.models.split.weeks": _weeks,
    "helpers.models.prequential.training_set": _training_set,
    "helpers.models.prequential.decisions": _decisions,
    "helpers.models.prequential.prequential": _prequential,
}

# Functions that take payments and are not tried with another future here, each with the reason.
NOT_TRIED_HERE: dict[str, str] = {
    "helpers.monitoring.replay.replay": "its labels come by the play's own rules and not by a "
    "frame of them; test_monitoring_late_labels.py holds it to the same with a future of its own",
}
