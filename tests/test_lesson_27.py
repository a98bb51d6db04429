"""What lesson 27 teaches holds: its functions agree with helpers, its figures with its cells."""

import nbformat
import numpy as np
import pandas as pd
import pytest

from helpers import exercises
from helpers.models.retraining import START, Desk, Field, Year, on_performance
from helpers.notebooks import named
from helpers.payments import World


@pytest.fixture(scope="module")
def lesson():
    """The stored notebook."""
    return nbformat.read(named(["27"])[0], as_version=4)


def solution(id):
    exercise = exercises.find(id)
    return exercise.trial.prepare(exercise.run(exercise.solution), exercise)


def shown(lesson, start):
    cell = next(cell for cell in lesson.cells if cell.source.startswith(start))
    return "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


def test_the_alarm_of_the_exercise_is_the_one_of_the_helpers():
    """The exercise has a count a week; the policy makes it of chargebacks a day."""
    rng = np.random.default_rng(5)
    chargebacks = np.concatenate([rng.poisson(1, 140), rng.poisson(2.5, 100)])
    none = np.zeros((1, 1))
    ends = list(range(56, 240, 7))
    counts = [int(chargebacks[end - 28 : end].sum()) for end in ends]
    rang = [on_performance()(Desk(end, 0, none, none, chargebacks[: end + 1])) for end in ends]
    assert solution("27.2")(counts) == rang.index(True)


def test_the_training_set_of_the_exercise_is_the_one_of_the_helpers():
    world = World.small(
        0.03, days=START + 1, seed=4, late_labels=True, investigated_a_day=0, start="2018-04-01"
    )
    year = Year(Field(world)).until_start()
    payments = world.transactions()
    known = year.known < year.never_known
    labels = pd.DataFrame(
        {
            "transaction_id": payments["transaction_id"][known],
            "known_at": world.first_day + year.known[known].astype("timedelta64[D]"),
            "is_fraud": payments["is_fraud"][known],
        }
    )
    morning = pd.Timestamp(world.first_day) + pd.Timedelta(days=START)
    theirs, fraud = solution("27.1")(payments, labels, morning, 120, 14)
    rows, is_fraud = year.training_set(START)
    assert theirs.index.tolist() == rows.tolist()
    assert fraud.tolist() == is_fraud.tolist() and fraud.any()


def test_the_saving_of_the_exercise_is_the_interval_of_the_plot(lesson):
    rng = np.random.default_rng(2)
    bills = pd.DataFrame(rng.normal(100, 9, (20, 2)), columns=["never", "monthly"])
    saved = bills["never"] - bills["monthly"]
    error = 1.96 * saved.std() / len(saved) ** 0.5
    wanted = (saved.mean() - error, saved.mean() + error)
    assert solution("27.3")(bills, "monthly", "never") == pytest.approx(wanted, rel=1e-12)
    assert "1.96 * saved.std() / len(saved) ** 0.5" in "".join(c.source for c in lesson.cells)


def test_the_opening_shows_what_the_record_says(lesson):
    opening = next(cell.source for cell in lesson.cells if "| What Corner does" in cell.source)
    rows = [line.split("|")[2:5] for line in opening.splitlines() if line.startswith("| ")][1:]
    ours = [[int(figure.replace(",", "")) for figure in row] for row in rows]
    recorded = lesson_record()
    assert ours == recorded.round(-2).astype(int).to_numpy().tolist()


def lesson_record():
    """The mean bill of each policy in each world at a price of 500, as the lesson works it out."""
    from helpers.models.retraining.record import NAME
    from helpers.workspace import dataset

    rows = pd.read_csv(dataset(NAME))
    rows = rows[(rows["decisions"] == "review") & (rows["review"] == 3)]
    bill = rows["missed_cost"] + 3 * rows["reviews"] + 500 * rows["trainings"]
    table = rows.assign(bill=bill).pivot_table(index="policy", columns="world", values="bill")
    order = ["never", "every 30 days", "on drift", "on performance", "oracle"]
    return table.loc[order, ["quiet", "busy season", "new fraud"]]


def test_a_good_night_makes_the_champion_and_bad_ones_leave_it(lesson):
    assert "champion: None" in shown(lesson, "def champion")
    for start in ("bounds = ", "cents = ", "print(third.table()"):
        assert shown(lesson, start).strip().endswith("champion: 1")


@pytest.mark.parametrize("id", ["27.1", "27.3", "27.4"])
def test_an_answer_that_is_no_function_is_told(id):
    result = exercises.grade(id, 42, seed=7)
    assert result.state == "not yet" and "should be a function" in result.message


def test_a_training_set_without_its_last_step_is_not_answered():
    def training_set(payments, labels, today, window, gap):
        rows = payments
        is_fraud = ...
        return rows, is_fraud

    assert exercises.grade("27.1", training_set, seed=7).state == "not answered"
