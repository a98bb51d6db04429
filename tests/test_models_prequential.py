"""Training in time order: what is known is taken, what is not is left, and the same each time."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from helpers.models import evaluate, weeks
from helpers.models.prequential import decisions, prequential, training_set
from helpers.payments import World, features

DAY = pd.Timedelta(days=1)
SMALL = {"days": 75, "leaked_cards_a_day": 0.6, "compromised_terminals_a_day": 0.4, "seed": 1}


@pytest.fixture(scope="module")
def world():
    return World.small(0.08, **SMALL)


def tree():
    return DecisionTreeClassifier(max_depth=4, min_samples_leaf=20, random_state=0)


def fit(X, y):
    return tree().fit(X, y)


def test_with_the_usual_labels_it_walks_as_weeks_does(world):
    tx = world.transactions()
    X = features(tx)
    blocks = list(prequential(tx, fit, "2018-05-20", 2, k=10))
    for block, (at, train, test) in zip(blocks, weeks(tx, "2018-05-06", 2), strict=True):
        assert block.at == at
        pd.testing.assert_frame_equal(block.train, train)
        pd.testing.assert_series_equal(block.y_train, train["is_fraud"])
        pd.testing.assert_frame_equal(block.test, test)
        pd.testing.assert_frame_equal(block.X_test, X.loc[test.index])
        scores = fit(X.loc[train.index], train["is_fraud"]).predict_proba(X.loc[test.index])[:, 1]
        assert np.array_equal(block.scores, scores)
        assert block.metrics == evaluate(test, scores, 10)


def test_the_labels_are_those_of_the_world_at_that_moment():
    world = World.small(0.08, late_labels=True, investigated_a_day=2, **SMALL)
    tx, at = world.transactions(), pd.Timestamp("2018-05-20")
    train, known = training_set(tx, world.labels(), at)
    told = world.labels(at=at)
    frauds = told.loc[told["is_fraud"], "transaction_id"]
    assert known.tolist() == train["transaction_id"].isin(frauds).tolist()
    assert 0 < known.sum() < train["is_fraud"].sum()  # some frauds are not known yet
    assert not (known & ~train["is_fraud"]).any()


def test_a_longer_delay_leaves_fewer_frauds_unknown():
    world = World.small(0.08, late_labels=True, investigated_a_day=2, **SMALL)
    tx, labels, at = world.transactions(), world.labels(), pd.Timestamp("2018-06-01")
    found = []
    for delay in (0, 14, 35):
        train, known = training_set(tx, labels, at, 14, delay)
        found.append(known.sum() / train["is_fraud"].sum())
    assert found[0] < found[1] - 0.1 < found[2] - 0.2


def test_a_card_is_blocked_from_the_midnight_after_its_fraud_is_known(world):
    tx = world.transactions().head(4).assign(customer_id=[1, 1, 1, 2], is_fraud=False)
    at = pd.Timestamp("2018-05-20")
    tx["time"] = [at - 3 * DAY, at + 0.5 * DAY, at + 1.5 * DAY, at + 1.5 * DAY]
    labels = pd.DataFrame({"transaction_id": [0], "known_at": [at + 0.2 * DAY], "is_fraud": [True]})
    assert decisions(tx, labels, at, 3, 10 * DAY)["transaction_id"].tolist() == [1, 3]
    assert len(decisions(tx, labels, at, 3, 2 * DAY)) == 3  # the fraud is out of memory
    genuine = labels.assign(is_fraud=False)
    assert len(decisions(tx, genuine, at, 3, 10 * DAY)) == 3


def test_days_without_payments_are_told(world):
    tx, labels = world.transactions(), world.labels()
    with pytest.raises(ValueError, match=r"no payment lies in the 7 days before 2017-12-25"):
        training_set(tx, labels, pd.Timestamp("2018-01-01"))
    with pytest.raises(ValueError, match="no payment to decide about from 2019-01-01"):
        decisions(tx, labels, pd.Timestamp("2019-01-01"), 7, DAY)
    with pytest.raises(ValueError, match="train_days must be a whole number"):
        training_set(tx, labels, pd.Timestamp("2018-05-20"), train_days=0)


def test_training_twice_gives_the_same_scores(world):
    tx = world.transactions()
    one, other = (next(prequential(tx, fit, "2018-05-20", 1)).scores for _ in range(2))
    assert np.array_equal(one, other)
    assert len(np.unique(one)) > 2


def test_a_model_learns_what_it_is_shown_and_nothing_from_chance(world):
    tx = world.transactions()
    X, truth = features(tx), tx["is_fraud"]
    half = np.arange(len(tx)) < len(tx) // 2
    chance = pd.Series(np.random.default_rng(0).permutation(truth), truth.index)
    for labels, least, most in ((truth, 0.75, 1.0), (chance, 0.35, 0.65)):
        scores = fit(X[half], labels[half]).predict_proba(X[~half])[:, 1]
        assert least <= roc_auc_score(truth[~half], scores) <= most
