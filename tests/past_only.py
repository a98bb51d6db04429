"""Every function of the course that builds features, training sets or what decisions rest on.

`test_no_future.py` changes all that lies after a moment and asserts that nothing these give for
the time up to it moves. Whoever writes such a function adds it here: a line in BUILDERS whose
function takes `transactions`, `labels` (transaction_id, known_at, is_fraud) and the moment, and
gives frames that belong to that time, each indexed by transaction_id.

The finder in test_no_future.py sees every public function and method that takes a table, whatever
the table is called. Each is in BUILDERS, or in NOT_TRIED_HERE with the reason and, where it could
look ahead, with the test that tries it. What takes payments one at a time or from a database has a
future of its own there too: the service's windows (test_fraud_windows.py) and the year of
retraining (test_models_retraining.py).

A lesson's deliberate leaks are built in its notebook, so they are not here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from helpers.models import time_split, weeks
from helpers.models.pipeline import steps
from helpers.models.prequential import decisions, prequential, training_set
from helpers.monitoring.late_labels import chargeback_delays, recall_known
from helpers.monitoring.signals import chargeback_rate, greatest_psi
from helpers.payments import features

DAY = pd.Timedelta(days=1)
DAYS = 70  # of the world that is tried
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


def _build_features(transactions, labels, moment) -> Frames:
    with tempfile.TemporaryDirectory() as folder:
        files = str(Path(folder, "pay")), str(Path(folder, "labels")), str(Path(folder, "X"))
        transactions.drop(columns=["is_fraud", "scenario"]).to_parquet(files[0])
        labels.to_parquet(files[1])
        steps.build_features(*files)
        yield _until(pd.read_parquet(files[2]), transactions, moment)


def _split(transactions, labels, moment) -> Frames:
    """A delivery of that moment's night, cut out of a world that goes on."""
    with tempfile.TemporaryDirectory() as folder:
        files = str(Path(folder, "pay")), str(Path(folder, "labels"))
        night = transactions[transactions["time"] <= moment]
        night.drop(columns=["is_fraud", "scenario"]).to_parquet(files[0])
        labels[labels["known_at"] <= moment].to_parquet(files[1])
        for part in steps.split(*files, train_days=7):
            yield part.set_index("transaction_id").rename(columns={"is_fraud": "known"})


def _watched(transactions, labels) -> pd.DataFrame:
    """Payments as monitoring sees them: reviewed or not, and since when the label is known."""
    known = labels.set_index("transaction_id")
    id = transactions["transaction_id"]
    first = transactions["time"].iloc[0].normalize()
    return transactions.assign(
        known_at=id.map(known["known_at"]),
        is_fraud=id.map(known["is_fraud"]).fillna(False).astype(bool),
        reviewed=id % 3 == 0,
        day=(transactions["time"] - first).dt.days,
    )


def _delays(transactions, labels, moment) -> Frames:
    yield pd.DataFrame({"delay": chargeback_delays(_watched(transactions, labels), moment, 9)})


def _recall_known(transactions, labels, moment) -> Frames:
    watched = _watched(transactions, labels)
    now = watched[(watched["time"] > moment - 20 * DAY) & (watched["time"] <= moment)]
    yield pd.DataFrame([vars(recall_known(now, moment, np.arange(9)))])


def _chargebacks(transactions, labels, moment) -> Frames:
    """Whole days that have ended by the moment."""
    watched = _watched(transactions, labels)
    ended = (moment - watched["time"].iloc[0].normalize()).days
    yield chargeback_rate(watched, DAYS)[:ended].to_frame("rate")


def _psi(transactions, labels, moment) -> Frames:
    day = _watched(transactions, labels)["day"]
    ended = (moment - transactions["time"].iloc[0].normalize()).days
    yield greatest_psi(transactions[["amount"]], day, DAYS, first=3)[:ended].to_frame("psi")


BUILDERS: dict[str, Builder] = {
    "helpers.payments.features.features": _features,
    "helpers.payments.features.features with labels": _features_by_labels,
    "helpers.models.split.time_split": _time_split,
    "helpers.models.split.weeks": _weeks,
    "helpers.models.prequential.training_set": _training_set,
    "helpers.models.prequential.decisions": _decisions,
    "helpers.models.prequential.prequential": _prequential,
    "helpers.models.pipeline.steps.build_features": _build_features,
    "helpers.models.pipeline.steps.split": _split,
    "helpers.monitoring.late_labels.recall_known": _recall_known,
    "helpers.monitoring.late_labels.chargeback_delays": _delays,
    "helpers.monitoring.signals.chargeback_rate": _chargebacks,
    "helpers.monitoring.signals.greatest_psi": _psi,
}
# These take the names of files, so no finder knows them by their signature.
OF_FILES = {name for name in BUILDERS if ".steps." in name}

_REASONS: dict[str, str] = {
    "checks a table and gives none": """
        payments.frames.require_labels payments.frames.require_transactions
        models.pipeline.contract.require_contract monitoring.windows.require_comparable""",
    "makes the labels, each row by itself, with the moment from which it is known": """
        payments.labels.labels_frame payments.labels.unaided payments.labels.when_known""",
    "takes rows of features, one by one, and adds none": """
        models.asking.ask models.asking.gap_in models.behaviour.a_cent_more
        models.behaviour.dearer models.behaviour.everyday models.behaviour.riskier_till
        models.behaviour.violations models.robustness.always_night
        models.robustness.dearer_by_a_tenth models.robustness.no_history
        models.robustness.no_labels""",
    "judges scores of a test that has been cut out before": """
        models.compare.bootstrap models.compare.paired_bootstrap models.gate.release_gate
        models.metrics.aligned models.metrics.card_precision models.metrics.evaluate
        models.robustness.under_disturbance models.slices.usual_slices models.card.model_card""",
    "compares two stretches, or one stretch after the other with a first one, as it is told": """
        monitoring.drift.compare monitoring.many.ks_windows monitoring.many.psi_windows
        monitoring.report.drift_report""",
    "is a part of `features`, which is tried": """
        payments.features.terminal_columns""",
    "deals payments out by key; test_payments_large.py holds its parts equal to `features`": """
        payments.large.deal""",
    "draws what is given": """
        monitoring.board.draw_board""",
    "sends or writes payments; the service's windows are tried in test_fraud_windows.py": """
        serving.fraud.history.write_history serving.fraud.till.Till.pay
        serving.fraud.till.Till.tell""",
    "has labels by the play's own rules; test_monitoring_late_labels.py tries another future": """
        monitoring.replay.replay""",
}
# Functions that take a table and are not tried with another future here, each with the reason.
NOT_TRIED_HERE: dict[str, str] = {
    f"helpers.{name}": reason for reason, names in _REASONS.items() for name in names.split()
}
