"""Incidents: each board can be told from the others, and from nothing."""

import numpy as np
import pytest

from helpers import exercises
from helpers.exercises.of_26_incident import clear
from helpers.monitoring.incidents import CAUSES, drawn, incident


@pytest.fixture(scope="module")
def boards():
    return {cause: incident(cause, 5) for cause in CAUSES}


@pytest.mark.parametrize("cause", CAUSES)
def test_all_boards_have_the_same_shape(boards, cause):
    board = boards[cause]
    assert len(board) == 56 and list(board) == list(boards["nothing"])
    assert board.drop(columns="precision").notna().all(axis=None)
    assert (board["by_rule"].iloc[:14] == 0).all() and (board["label_age"].iloc[:14] == 0).all()


def test_what_only_one_cause_moves_stays_where_it_was_in_all_others(boards):
    last = {cause: board.iloc[-7:].mean() for cause, board in boards.items()}
    for name, moved in (
        ("by_rule", "model down"),
        ("label_age", "labels stopped"),
        ("amount", "amounts in cents"),
        ("payments", "new customers"),
    ):
        of_cause = {cause: figures[name] for cause, figures in last.items()}
        others = [value for cause, value in of_cause.items() if cause != moved]
        assert of_cause[moved] > max(others) + 0.1 * abs(max(others)) + 0.1


def test_labels_that_stop_leave_no_precision_and_no_chargeback(boards):
    board = boards["labels stopped"]
    assert board["precision"].iloc[-7:].isna().all()
    assert (board["chargebacks"].iloc[-7:] == 0).all()


def test_a_new_fraud_shows_in_chargebacks_and_not_in_precision(boards):
    before, now = (boards["new fraud"].iloc[part].mean() for part in (slice(14), slice(-7, None)))
    assert now["chargebacks"] > 1.5 * before["chargebacks"]
    assert now["precision"] > 0.7 * before["precision"]


def test_the_same_seed_gives_the_same_board_and_a_copy_of_it(boards):
    again = incident("nothing", 5)
    again["payments"] = 0
    assert incident("nothing", 5).equals(boards["nothing"])
    board, cause = drawn(5)
    assert board.equals(incident(cause, 5))


def test_an_unknown_cause_names_those_there_are():
    with pytest.raises(ValueError, match="new customers"):
        incident("bad luck", 1)


@pytest.mark.slow
def test_the_solution_is_right_on_every_clear_board():
    exercise = exercises.find("26.4")
    diagnose = exercise.run(exercise.solution)
    wrong, unclear = [], 0
    for seed in np.random.default_rng(1).integers(0, 10_000, 20):
        for cause in CAUSES:
            board = incident(cause, int(seed))
            unclear += not clear(board, cause)
            if clear(board, cause) and diagnose(board) != cause:
                wrong.append((cause, int(seed)))
    assert wrong == [] and unclear < 40
