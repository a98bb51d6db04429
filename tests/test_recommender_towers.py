"""The two towers, in a process of their own: TensorFlow is to stay out of everybody else's."""

import json
import os
import subprocess
import sys

import pytest

from helpers.workspace import ROOT

TRY = """
import json, sys
import numpy as np, pandas as pd
from helpers.recommender import World, evaluate, fit, random_split
assert "tensorflow" not in sys.modules
world = World(shoppers=500, products=60)
train, test = random_split(world.histories(12))
popular = fit(train, model="popular")
how = {"epochs": 15, "validation": 0.1}
towers = fit(train, model="two_towers", **how)
again = fit(train, model="two_towers", **how)
users, items = np.arange(500), np.arange(60)
lists = towers.recommend(users)
seen = train.groupby("user_id")["item_id"].agg(set)
one = pd.DataFrame({"user_id": [1, 1, 2], "item_id": ["tea", "milk", "tea"]})
small = fit(one, model="two_towers", epochs=1)
try:
    fit(one[1:], model="two_towers")
except ValueError as error:
    lonely = str(error)
folder = towers.model.export(sys.argv[1], towers.table)
import tensorflow as tf
loaded = tf.saved_model.load(str(folder / "user_tower"))
from helpers.recommender.towers import pad
padded = pad(towers.table.rows(users), towers.model.longest)
stored = np.load(folder / "items.npz")
scores = loaded.serve(padded).numpy() @ stored["vectors"].T
print(json.dumps({
    "ndcg": evaluate(towers, test)["ndcg_10"],
    "popular": evaluate(popular, test)["ndcg_10"],
    "seen": sum(len(set(row) & seen[u]) for u, row in zip(users, lists.tolist())),
    "same": float(np.abs(np.nan_to_num(towers.scores(users, items, new=False)
                                       - again.scores(users, items, new=False))).max()),
    "served": float(np.abs(scores - towers.model.score(towers.table.rows(users))).max()),
    "ids": stored["ids"].tolist() == towers.table.items.tolist(),
    "cold": towers.recommend([9_999], 3).tolist() == popular.recommend([9_999], 3).tolist(),
    "small": small.recommend([2, 3], 2).tolist(),
    "lonely": lonely,
    "curve": [towers.model.curve["loss"], towers.model.curve["val_loss"]],
}))
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("towers")
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(folder / "made")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_they_learn_taste(facts):
    assert facts["ndcg"] > 1.1 * facts["popular"]
    loss, held_out = facts["curve"]
    assert loss[-1] < 0.95 * loss[0] and len(loss) == len(held_out) == 15


def test_they_recommend_nothing_seen_and_what_is_popular_to_a_stranger(facts):
    assert facts["seen"] == 0 and facts["cold"]
    assert facts["small"][0] == ["milk", None]


def test_the_same_seed_gives_the_same_model(facts):
    assert facts["same"] < 1e-3


def test_what_is_exported_scores_alike(facts):
    assert facts["served"] < 1e-4 and facts["ids"]


def test_users_of_one_item_have_nothing_to_teach(facts):
    assert "at least two items" in facts["lonely"]
