"""Exercise 24.3: a direction test of a model."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

_GIVEN = """\
import numpy as np
import pandas as pd


class Formula:
    def __init__(self, turn):
        self.turn = turn

    def __eq__(self, other):
        return self.turn == other.turn

    def predict_proba(self, X):
        risk = X["risk"].to_numpy()
        score = np.clip(0.2 + 0.6 * np.where(risk < self.turn, risk, 2 * self.turn - risk), 0, 1)
        score = score * np.where(X["amount"].to_numpy() > 100, 1.0, 0.5)
        return np.column_stack([1 - score, score])

    def predict(self, X):
        return self.predict_proba(X)[:, 1] >= 0.5
"""


def _formula(turn: float):
    names: dict = {}
    exec(compile(_GIVEN, "<model of 24.3>", "exec"), names)
    return names["Formula"](turn)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for turn, by in ((0.6, 0.2), (0.3, 0.3), (2.0, 0.5)):
        X = pd.DataFrame({"amount": rng.uniform(1, 200, 200), "risk": rng.uniform(0, 1, 200)})
        yield Case((_formula(turn), X, "risk", by), f"200 payments, their risk raised by {by}")


def _form(*lines: str) -> str:
    return "\n    ".join(["def falls(model, X, column, by):", *lines])


_BEFORE = "before = model.predict_proba(X)[:, 1]"
_AFTER = "after = model.predict_proba(X.assign(**{column: X[column] + by}))[:, 1]"
_SOLUTION = _form(_BEFORE, _AFTER, "return (after < before - 0.05).mean()")

DIRECTION = Exercise(
    id="24.3",
    title="A test of direction",
    task="Write `falls(model, X, column, by)`: the share of rows whose score falls by more than "
    "0.05 when `column` is raised by `by`.",
    answer="falls",
    given=_GIVEN,
    trial=Calls(
        fresh=_fresh,
        show='Formula(0.5), pd.DataFrame({"amount": [150.0, 150.0, 20.0, 150.0], '
        '"risk": [0.1, 0.5, 0.5, 0.48]}), "risk", 0.15',
    ),
    solution=_SOLUTION,
    why="The same rows are scored twice, and all but one column stays as it was. A fall of up to "
    "0.05 is let pass: trees cut in steps, and a small one the wrong way harms nobody.",
    hints=(
        "Score `X` as it is, then a copy in which `column` is higher, and compare row by row.",
        "`X.assign(**{column: X[column] + by})` gives such a copy and leaves `X` alone.",
        "The scores are `model.predict_proba(...)[:, 1]`; a fall is `after < before - 0.05`; the "
        "mean of True and False is a share.",
    ),
    also=(
        _form(
            "raised = X.copy()",
            "raised[column] += by",
            "change = model.predict_proba(raised)[:, 1] - model.predict_proba(X)[:, 1]",
            "return float(np.mean(change < -0.05))",
        ),
        _form(_BEFORE, _AFTER, "return (before - after > 0.05).sum() / len(X)"),
    ),
    mistakes=(
        Mistake(
            "rises",
            _form(_BEFORE, _AFTER, "return (after > before + 0.05).mean()"),
            "This counts the rows whose score rises, as it should. A violation is a fall, "
            "`after < before - 0.05`, and the score of fraud is `[:, 1]`, not `[:, 0]`.",
        ),
        Mistake(
            "any change",
            _form(_BEFORE, _AFTER, "return (abs(after - before) > 0.05).mean()"),
            "This counts every change, up or down: that is a test of invariance. A test of "
            "direction lets the score rise.",
        ),
        Mistake(
            "no tolerance",
            _form(_BEFORE, _AFTER, "return (after < before).mean()"),
            "This counts every fall, however small. Up to 0.05 is let pass: `before - 0.05`.",
        ),
        Mistake(
            "number for share",
            _form(_BEFORE, _AFTER, "return (after < before - 0.05).sum()"),
            "This is a number of rows. A share does not depend on how many rows one tries: take "
            "the mean.",
        ),
        Mistake(
            "decisions for scores",
            _form(
                "before = model.predict(X)",
                "after = model.predict(X.assign(**{column: X[column] + by}))",
                "return (after < before).mean()",
            ),
            "`predict` says yes or no at 0.5, so most falls stay unseen. Compare the scores: "
            "`predict_proba(...)[:, 1]`.",
        ),
        Mistake(
            "lowers instead of raising",
            _form(_BEFORE, _AFTER.replace("+ by", "- by"), "return (after < before - 0.05).mean()"),
            "The column is lowered here, and of course the score follows. Raise it: `+ by`.",
        ),
    ),
)
