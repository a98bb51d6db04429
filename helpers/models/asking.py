"""Ask a model for scores, and say in words what is wrong with the answer or with the question."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class NoScores(ValueError):
    """A model gave no usable scores; the message says why."""


def ask(model: Any, X: pd.DataFrame) -> np.ndarray:
    """The model's probability of fraud for each row of X, from 0 to 1.

    Raises NoScores where the model raises, answers with another number of rows, or with anything
    that is no probability.
    """
    if X.empty:
        raise NoScores("there is no row to score")
    try:
        answer = np.asarray(model.predict_proba(X), dtype=float)
    except Exception as error:  # whatever a stranger's model raises is the answer, and is reported
        raise NoScores(f"the model raised {type(error).__name__}: {_first_line(error)}") from error
    if answer.shape != (len(X), 2):
        raise NoScores(
            f"the model answered with shape {answer.shape} to {len(X)} rows; expected "
            f"({len(X)}, 2), the probabilities of genuine and of fraud"
        )
    scores = answer[:, 1]
    missing = np.isnan(scores)
    if missing.any():
        raise NoScores(f"{missing.sum()} scores are NaN, first in row {missing.argmax()}")
    outside = (scores < 0) | (scores > 1)
    if outside.any():
        raise NoScores(f"a score is {scores[outside.argmax()]:.3g}; expected 0 to 1")
    return scores


def other_columns(wanted: list[str], came: list[str]) -> str | None:
    """How two lists of columns differ, in words; None where they are the same, in one order."""
    missing = [name for name in wanted if name not in came]
    extra = [name for name in came if name not in wanted]
    if len(missing) == len(extra) == 1:
        return f"column {missing[0]!r} is missing and {extra[0]!r} is new: renamed?"
    if missing:
        return f"column {missing[0]!r} is missing" + _and_more(missing)
    if extra:
        return f"column {extra[0]!r} is one that the model was not trained on" + _and_more(extra)
    if wanted != came:
        place = next(i for i, (a, b) in enumerate(zip(wanted, came, strict=False)) if a != b)
        return f"the columns stand in another order: column {place} is {came[place]!r}, not " + (
            f"{wanted[place]!r}"
        )
    return None


def gap_in(X: pd.DataFrame) -> str | None:
    """The first column with a value that is missing or infinite, in words; None where all is well.

    A column that holds no numbers is named as well.
    """
    for name in X.columns:
        if X[name].dtype.kind not in "iufb":
            return f"column {name!r} has type {X[name].dtype}; expected numbers"
        bad = ~np.isfinite(X[name].to_numpy(dtype=float))
        if bad.any():
            return f"column {name!r} has {bad.sum()} values missing, first in row {bad.argmax()}"
    return None


def _and_more(names: list[str]) -> str:
    return f", and {len(names) - 1} more" if len(names) > 1 else ""


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0]
