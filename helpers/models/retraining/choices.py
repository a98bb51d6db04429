"""What to train on, over twenty seeds: `python -m helpers.models.retraining.choices`.

Two choices, each judged by the truth, which only the course knows: how many days a training takes
and how many before today it leaves out; and which of two models is the better one, where the
champion's declined payments have no label, with and without a lottery among them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from .field import Field
from .policies import every, never
from .worlds import START, worlds
from .year import Rules, Year, classifier

WINDOW_NAME, JUDGED_NAME = "retraining_window.csv", "retraining_judged.csv"
SEEDS = range(20)
WINDOWS, GAPS = (15, 30, 60, 120, 200), (0, 14, 60)  # days
MORNING, AHEAD = START + 200, 60  # the day of the training, and how many days it is judged by
HALF, END = START + 180, START + 300  # the challenger's training, the end of its judgement
SHARE = 0.1  # of the payments to be declined, drawn by the lottery


def precision(model, X: np.ndarray, is_fraud: np.ndarray, weight=None) -> float:
    """How well a model ranks payments: the average precision of its scores."""
    from sklearn.metrics import average_precision_score

    # Sums of trees differ in their last places from machine to machine, and ties with them.
    scores = model.predict_proba(X)[:, 1].round(6)
    return float(average_precision_score(is_fraud, scores, sample_weight=weight))


def windows(field: Field, morning: int = MORNING, ahead: int = AHEAD) -> Iterator[dict[str, float]]:
    """What each window and gap, in days, ranks on the days that follow a morning's training.

    Raises ValueError where a window holds no known fraud, or nothing else.
    """
    year = Year(field).until_start().fork(every(30), morning + ahead - START)
    test = field.rows(morning, morning + ahead)
    for gap in GAPS:
        for window in WINDOWS:
            rows = field.rows(morning - gap - window, morning - gap)
            known_fraud = field.is_fraud[rows] & (year.known[rows] <= morning)
            if known_fraud.all() or not known_fraud.any():
                raise ValueError(f"{known_fraud.sum()} of {len(known_fraud)} payments are fraud")
            model = classifier().fit(year.X[rows], known_fraud)
            ranks = precision(model, year.X[test], field.is_fraud[test])
            yield {"window": window, "gap": gap, "average_precision": round(ranks, 4)}


def judged(field: Field) -> Iterator[dict[str, float]]:
    """Champion and challenger by the labels that came, weighted where a lottery drew, and truly."""
    for share in (0.0, SHARE):
        rules = Rules(reviews_a_day=0, declines=True, explore=share)
        log = Year(field, rules).until_start().fork(never, END - START)
        rows, is_fraud = log.training_set(HALF)
        after = field.rows(HALF, END)
        live = log.known[after] < log.never_known
        weight = 1 / log.chance[after][live]
        found = {"explored": share}
        both = {"champion": log.model, "challenger": classifier().fit(log.X[rows], is_fraud)}
        for name, model in both.items():
            X, truth = log.X[after], field.is_fraud[after]
            found[f"{name}_labelled"] = round(precision(model, X[live], truth[live], weight), 4)
            found[f"{name}_true"] = round(precision(model, X, truth), 4)
        yield found


def record(folder: Path, seeds=SEEDS, say=print) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Play the seeds, write both choices as CSV into the folder, and return them."""
    window_rows, judged_rows = [], []
    for seed in seeds:
        of = worlds(seed)
        for name in ("quiet", "new fraud"):
            field = Field(of[name])
            window_rows += [{"world": name, "seed": seed, **row} for row in windows(field)]
            if name == "quiet":
                judged_rows += [{"seed": seed, **row} for row in judged(field)]
        say(f"seed {seed} played")
    frames = pd.DataFrame(window_rows), pd.DataFrame(judged_rows)
    for frame, name in zip(frames, (WINDOW_NAME, JUDGED_NAME), strict=True):
        frame.to_csv(folder / name, index=False, lineterminator="\n")
    return frames


def main() -> int:
    """Record both under datasets/, with their checksums."""
    from helpers.payments.sample import FOLDER, write_checksum

    record(FOLDER)
    for name in (WINDOW_NAME, JUDGED_NAME):
        write_checksum(name, FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
