"""What the models' base costs at full size: a split of half a year, the measures of a week."""

import numpy as np
import pytest

from helpers.models import evaluate, time_split
from helpers.payments import World


@pytest.fixture(scope="module")
def transactions():
    return World().transactions()


def test_a_split_in_time(benchmark, transactions):
    train, test = benchmark(time_split, transactions, "2018-07-25")
    assert len(train) > 60_000 and len(test) > 50_000


def test_the_measures_of_a_week(benchmark, transactions):
    _, test = time_split(transactions, "2018-07-25")
    scores = np.random.default_rng(0).random(len(test))
    assert benchmark(evaluate, test, scores)["roc_auc"] == pytest.approx(0.5, abs=0.1)
