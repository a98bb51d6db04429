"""The models: what they recommend, to whom, and that they learn what there is to learn."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from helpers.recommender import World, evaluate, fit, random_split, split_at, split_by_time, tune
from helpers.recommender.als import ImplicitALS
from helpers.recommender.ease import Ease
from helpers.recommender.fitting import MODELS
from helpers.recommender.table import Table
from helpers.recommender.tuning import new_to

CLASSIC = [name for name in MODELS if name != "two_towers"]
every_classic = pytest.mark.parametrize("model", CLASSIC)


def frame(pairs, value=None):
    users, items = zip(*pairs, strict=True)
    time = pd.Timestamp("2019-01-01") + pd.to_timedelta(np.arange(len(pairs)), unit="h")
    made = pd.DataFrame({"user_id": users, "item_id": items, "time": time})
    return made if value is None else made.assign(value=value)


@pytest.fixture(scope="module")
def found():
    """Twelve products for each of 400 shoppers, found by taste."""
    return World(shoppers=400, products=120).histories(12)


@pytest.fixture(scope="module")
def fitted(found):
    return {name: fit(found, model=name) for name in CLASSIC}


@every_classic
def test_nothing_seen_is_recommended_and_nothing_twice(found, fitted, model):
    users = np.arange(400)
    lists = fitted[model].recommend(users, k=10)
    assert lists.shape == (400, 10)
    seen = found.groupby("user_id")["item_id"].agg(set)
    for user, row in zip(users, lists.tolist(), strict=True):
        assert len(set(row)) == 10 and not set(row) & seen[user]


@every_classic
def test_the_list_is_in_order_of_its_scores(fitted, model):
    lists = fitted[model].recommend([3, 7, 11], k=20)
    for user, row in zip([3, 7, 11], lists, strict=True):
        scores = fitted[model].scores([user], row)[0]
        assert (np.diff(scores) <= 1e-9).all()
    assert np.array_equal(lists[:, :5], fitted[model].recommend([3, 7, 11], k=5))


@every_classic
def test_who_is_unknown_gets_what_is_popular(found, fitted, model):
    popular = found["item_id"].value_counts()
    best = fitted[model].recommend([99_999], k=5)[0]
    assert popular[best].tolist() == popular.head(5).tolist()


@every_classic
def test_only_among_what_is_allowed(fitted, model):
    lists = fitted[model].recommend([0, 1], k=10, among=[4, 5, 6, 999])
    assert set(lists.ravel()) <= {4, 5, 6, -1}
    assert (lists[:, 3:] == -1).all()


@every_classic
def test_one_user_and_one_item(model):
    alone = fit(frame([("ann", "tea")]), model=model)
    assert alone.recommend(["ann"], k=3).tolist() == [[None, None, None]]
    assert alone.recommend(["bob"], k=3).tolist() == [["tea", None, None]]
    one_item = fit(frame([(1, 7), (2, 7), (3, 7)]), model=model)
    assert one_item.recommend([1, 9], k=2).tolist() == [[-1, -1], [7, -1]]


@every_classic
def test_ids_may_be_text_or_any_numbers(model):
    pairs = [("ann", "tea"), ("ann", "milk"), ("bob", "tea"), ("bob", "milk"), ("cy", "tea")]
    assert fit(frame(pairs), model=model).recommend(["cy"], k=1).tolist() == [["milk"]]
    numbers = {"ann": -5, "bob": 10**12, "cy": 3, "tea": 10**14, "milk": 0}
    as_numbers = [(numbers[u], numbers[i]) for u, i in pairs]
    assert fit(frame(as_numbers), model=model).recommend([3], k=1).tolist() == [[0]]


@every_classic
def test_a_repeated_pair_counts_once_and_the_order_of_rows_does_not_matter(found, model):
    again = pd.concat([found, found.sample(frac=0.5, random_state=0)])
    shuffled = again.sample(frac=1, random_state=1)
    one, other = fit(found, model=model), fit(shuffled, model=model)
    users = np.arange(50)
    items = np.arange(120)
    one, other = (m.scores(users, items, new=False) for m in (one, other))
    assert one == pytest.approx(other, abs=1e-5)


def test_unknown_items_and_seen_ones_have_no_score(found, fitted):
    seen = found.loc[found["user_id"] == 5, "item_id"].iloc[0]
    assert np.isneginf(fitted["ease"].scores([5], [seen, 12_345])).all()


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_told(fitted, k):
    with pytest.raises(ValueError, match="k must be 1 or more"):
        fitted["popular"].recommend([0], k=k)


@pytest.mark.parametrize(
    ("interactions", "words"),
    [
        (pd.DataFrame({"user_id": [1]}), "no column 'item_id'"),
        (pd.DataFrame({"user_id": [], "item_id": []}), "no interactions"),
        (pd.DataFrame({"user_id": [1, None], "item_id": [1, 2]}), "lacks its user_id"),
    ],
)
def test_interactions_that_cannot_be_used_are_told(interactions, words):
    with pytest.raises(ValueError, match=words):
        fit(interactions)


def test_a_wrong_name_or_hyper_parameter_is_told(found):
    with pytest.raises(ValueError, match="there are popular, neighbours"):
        fit(found, model="magic")
    with pytest.raises(ValueError, match="regularization must be above 0"):
        fit(found, model="ease", regularization=0)
    with pytest.raises(ValueError, match="must be above 0"):
        fit(found, model="als", alpha=-1)
    with pytest.raises(ValueError, match="neighbours must be 1"):
        fit(found, model="neighbours", neighbours=0)
    with pytest.raises(ValueError, match="negative"):
        fit(frame([(1, 1), (1, 2)], [1, -1]), valued=True)


def test_values_weigh_where_they_are_asked_for():
    """As many took 0 with 1 as took 0 with 2; the second with five times the value."""
    value = {0: 1.0, 1: 1.0, 2: 5.0}
    pairs = [(u, i) for u in range(12) for i in (0, 1 + u % 2)] + [(99, 0)]
    interactions = frame(pairs, [value[item] for _, item in pairs])
    how = {"model": "als", "factors": 2, "regularization": 8.0}
    plain, weighed = (
        fit(interactions, valued=valued, **how).scores([99], [1, 2])[0] for valued in (False, True)
    )
    assert plain[0] == pytest.approx(plain[1], abs=1e-3)
    assert weighed[1] > 1.5 * weighed[0]


def test_ease_solves_steck_problem():
    """Its weights are the minimum: no small change with a zero diagonal makes the loss smaller."""
    rng = np.random.default_rng(0)
    table = Table.of(frame([(u, i) for u in range(60) for i in range(9) if rng.random() < 0.4]))
    weights, X = Ease.fit(table, regularization=4.0).weights, table.matrix.toarray()

    def loss(B):
        return ((X - X @ B) ** 2).sum() + 4.0 * (B**2).sum()

    assert np.diag(weights) == pytest.approx(np.zeros(9), abs=0)
    for _ in range(50):
        step = rng.normal(0, 1e-3, (9, 9))
        np.fill_diagonal(step, 0.0)
        assert loss(weights) < loss(weights + step)


def test_als_lowers_its_loss_and_solves_each_row():
    rng = np.random.default_rng(1)
    table = Table.of(frame([(u, i) for u in range(50) for i in range(20) if rng.random() < 0.3]))
    X = table.matrix.toarray()

    def loss(iterations):
        model = ImplicitALS.fit(table, 4, 1.0, 2.0, iterations)
        users = model.solve(table.matrix, model.items)
        error = (X - users @ model.items.T) ** 2 * (1 + 2.0 * X)
        return error.sum() + (users**2).sum() + (model.items**2).sum(), users, model

    losses = [loss(n)[0] for n in (1, 2, 5, 15)]
    assert losses == sorted(losses, reverse=True)
    _, users, model = loss(3)
    weight = 1 + 2.0 * X[7]
    left = (model.items.T * weight) @ model.items + np.eye(4)
    assert users[7] == pytest.approx(
        np.linalg.solve(left, model.items.T @ (weight * X[7])), abs=1e-4
    )


def test_neighbours_are_cosines():
    pairs = [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 2)]
    model = fit(frame([*pairs, (9, 0)]), model="neighbours", damping=0.0)
    expected = [2 / np.sqrt(4 * 2), 1 / np.sqrt(4 * 1)]
    assert model.scores([9], [1, 2])[0] == pytest.approx(expected, abs=1e-6)


def test_taste_is_learned(found):
    """On what was found by taste, the models of taste beat popularity, by the truth as well."""
    world = World(shoppers=400, products=120)
    train, test = random_split(found, seed=0)
    liked, rows = world.liked(), np.arange(400)[:, None]
    ndcg, truth = {}, {}
    for name in CLASSIC:
        model = fit(train, model=name, **({"regularization": 50.0} if name == "ease" else {}))
        ndcg[name] = evaluate(model, test)["ndcg_10"]
        truth[name] = liked[rows, model.recommend(rows.ravel())].mean()
    for name in ("neighbours", "ease", "als"):
        assert ndcg[name] > 1.1 * ndcg["popular"], ndcg
        assert truth[name] > 1.3 * truth["popular"], truth


def test_tune_gives_what_is_best_on_its_own_split(found):
    how = tune(found, "ease", grid={"regularization": (0.01, 50.0, 1e6)})
    assert how == {"regularization": 50.0}
    assert tune(found, "popular") == {}
    assert tune(found, "als", grid={"factors": (8,)}, iterations=2) == {
        "factors": 8,
        "iterations": 2,
    }
    fit(found, model="neighbours", **tune(found, "neighbours", split="time"))
    with pytest.raises(ValueError, match="model is one of"):
        tune(found, "magic")


def test_evaluate_leaves_out_what_may_not_be_recommended(found):
    model = fit(found)
    fresh = pd.concat([found.head(20), frame([(0, 119), (1, 118)])])
    kept = new_to(model, fresh)
    seen = set(map(tuple, found[["user_id", "item_id"]].to_numpy()))
    assert not set(map(tuple, kept[["user_id", "item_id"]].to_numpy())) & seen
    assert len(kept) == sum((u, i) not in seen for u, i in [(0, 119), (1, 118)])


def test_a_random_split_takes_a_share_of_each_user():
    many = frame([(u, i) for u in range(30) for i in range(u + 1)])
    train, test = random_split(many, 0.25, seed=5)
    assert len(train) + len(test) == len(many) and not set(train.index) & set(test.index)
    counts = test.groupby("user_id").size().reindex(range(30), fill_value=0)
    assert counts.tolist() == [round(0.25 * (u + 1)) for u in range(30)]
    other = random_split(many, 0.25, seed=6)[1]
    assert set(other.index) != set(test.index)


def test_a_split_in_time_has_the_latest():
    many = frame([(u % 7, u) for u in range(100)])
    train, test = split_by_time(many.sample(frac=1, random_state=0), 0.2)
    assert train["time"].max() < test["time"].min() and len(test) == 20
    before, after = split_at(many, "2019-01-03")
    assert len(before) == 48 and len(after) == 52
    with pytest.raises(ValueError, match="one side"):
        split_at(many, "2030-01-01")
    for wrong in (0, 1, 1.5):
        with pytest.raises(ValueError, match="share"):
            random_split(many, wrong)


def test_the_package_imports_no_heavy_library():
    code = (
        "import sys, pandas, scipy.sparse, scipy.linalg; before = set(sys.modules); "
        "import helpers.recommender; "
        "print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    allowed = {"helpers", "numpy", "pandas", "scipy", "threadpoolctl"}
    allowed |= set(sys.stdlib_module_names)
    assert set(done.stdout.split()) <= allowed
