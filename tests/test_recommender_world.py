"""The world of visits: the same for the same seed, and as true as it says."""

import numpy as np
import pandas as pd
import pytest

from helpers.recommender import EpsilonGreedy, Weighted, World


def small(**fields):
    return World(**({"shoppers": 200, "products": 60, "days": 40} | fields))


@pytest.fixture(scope="module")
def log():
    return small(shoppers=800, days=60).impressions()


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    one, same, other = (small(seed=seed).impressions() for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_a_longer_world_begins_as_the_shorter_one():
    world = small()
    long, short = world.impressions(), world.impressions(days=10)
    pd.testing.assert_frame_equal(long.head(len(short)), short)


def test_the_log_has_its_columns_and_ranges(log):
    kinds = {name: str(kind) for name, kind in log.dtypes.items()}
    assert kinds == {
        "time": "datetime64[us]",
        "user_id": "int32",
        "item_id": "int32",
        "slot": "int8",
        "propensity": "float64",
        "clicked": "bool",
        "value": "float64",
    }
    assert log["time"].is_monotonic_increasing
    assert log["slot"].between(1, 10).all() and log["propensity"].between(0, 1).all()
    assert (log.loc[~log["clicked"], "value"] == 0).all()
    assert set(log.loc[log["clicked"], "value"]) == {0.0, 1.0}


def test_a_visit_shows_ten_different_products_on_sale(log):
    world = small(shoppers=800, days=60)
    visits = log.groupby(["user_id", log["time"]])["item_id"]
    assert (visits.size() == 10).all() and (visits.nunique() == 10).all()
    launched = world.catalogue()["launched"].to_numpy()[log["item_id"]]
    assert (log["time"].dt.normalize().to_numpy() >= launched).all()
    joined = world.members()["joined"].to_numpy()[log["user_id"]]
    assert (log["time"].dt.normalize().to_numpy() >= joined).all()


def test_propensity_is_the_share_of_times_that_it_happens():
    """One slot: the shelf's probabilities are known, and what was shown has to follow them."""
    world = small(slots=1, new_products=0.0, shoppers=2_000, visits_a_day=0.9)
    log = world.impressions()
    prominence = world.of_products.prominence
    assert log["propensity"].to_numpy() == pytest.approx(prominence[log["item_id"]], rel=1e-9)
    share = np.bincount(log["item_id"], minlength=60) / len(log)
    error = np.sqrt(prominence * (1 - prominence) / len(log))
    assert (np.abs(share - prominence) < 4.5 * error).all()


def test_slots_are_looked_at_by_their_position_and_products_clicked_by_their_truth(log):
    world = small(shoppers=800, days=60, season=0.0)
    log = world.impressions()
    truth = world.clicked()[log["user_id"], log["item_id"]] * world.looked_at()[log["slot"] - 1]
    by_slot = pd.DataFrame({"clicked": log["clicked"], "truth": truth}).groupby(log["slot"])
    counts = by_slot.agg({"clicked": "sum", "truth": "sum"})
    assert (np.abs(counts["clicked"] - counts["truth"]) < 4.5 * np.sqrt(counts["truth"])).all()
    assert truth[log["slot"] == 10].mean() < 0.3 * truth[log["slot"] == 1].mean()


def test_without_position_bias_every_slot_is_looked_at():
    assert small(position_bias=0.0).looked_at() == pytest.approx(np.ones(10), abs=0)
    assert small(position_bias=1.0).looked_at()[3] == pytest.approx(0.25, abs=1e-12)


def test_popularity_has_a_long_tail(log):
    counts = log.loc[log["clicked"], "item_id"].value_counts()
    assert counts.head(12).sum() > 0.4 * counts.sum()  # a fifth of the products
    assert counts.median() < 0.8 * counts.mean()


def test_seasons_move_what_is_liked_and_can_be_switched_off():
    world, still = small(), small(season=0.0)
    ice = (world.catalogue()["aisle"] == "ice cream").to_numpy()
    bread = (world.catalogue()["aisle"] == "bread").to_numpy()
    winter, summer = world.liked(0), world.liked(185)
    assert summer[:, ice].mean() > 1.5 * winter[:, ice].mean()
    assert summer[:, bread] == pytest.approx(winter[:, bread], abs=1e-12)
    assert still.liked(0) == pytest.approx(still.liked(185), abs=0)


def test_newcomers_come_in_the_share_that_was_asked_for():
    world = World(new_products=0.3, new_shoppers=0.2)
    later = (world.catalogue()["launched"] > world.catalogue()["launched"].min()).mean()
    assert later == pytest.approx(0.3, abs=0.07)
    assert (world.of_shoppers.joined > 0).mean() == pytest.approx(0.2, abs=0.04)
    none = World(new_products=0.0, new_shoppers=0.0)
    assert none.on_sale(0).all() and (none.of_shoppers.joined == 0).all()


def test_pictures_promise_more_or_less_than_products_hold():
    world = World()
    odds = [np.log(p / (1 - p)) for p in (world.clicked(9), world.liked(9))]
    gap = odds[0] - odds[1]
    assert gap.std(axis=0) == pytest.approx(0.0, abs=1e-4)  # the same for every shopper
    assert gap[0] == pytest.approx(world.of_products.appeal, abs=1e-4)


def test_videos_have_the_share_watched_as_value():
    world = small(videos=True, shoppers=800)
    log = world.impressions()
    watched = log.loc[log["clicked"], "value"]
    assert watched.between(0, 1).all() and watched.nunique() > 200
    liked = world.liked(20)[log["user_id"], log["item_id"]]
    assert np.corrcoef(watched, liked[log["clicked"]])[0, 1] > 0.4
    assert set(world.catalogue()["aisle"]) & {"comedy", "cycling"}


def test_better_liked_products_satisfy_more_and_none_more_than_possible():
    world = small()

    def satisfaction(policy):
        play = world.play()
        for day in play:
            day.show(*policy.choose(day))
        ledger = play.ledger()
        assert (ledger["satisfaction"] <= ledger["possible"] + 1e-12).all()
        return ledger["satisfaction"].mean(), ledger["possible"].mean()

    chance, possible = satisfaction(Weighted(np.ones(60)))
    oracle, _ = satisfaction(EpsilonGreedy(lambda day: world.liked(day.number, day.users)))
    assert chance < 0.5 * oracle
    assert oracle == pytest.approx(possible, abs=1e-9)


def test_the_ledger_counts_what_the_log_holds():
    play = small().play(days=12)
    for day in play:
        day.show(*Weighted(np.ones(60)).choose(day))
    log, ledger = play.log(), play.ledger()
    by_day = log.groupby(log["time"].dt.normalize())
    assert ledger["clicks"].tolist() == by_day["clicked"].sum().tolist()
    assert (10 * ledger["visits"]).tolist() == by_day.size().tolist()
    assert ledger["products"].tolist() == by_day["item_id"].nunique().tolist()


def test_a_day_refuses_what_cannot_be_shown():
    world = small(new_products=0.5)
    day = next(iter(world.play()))
    slates, propensity = Weighted(np.ones(60)).choose(day)
    wrong = slates.copy()
    wrong[0, 1] = wrong[0, 0]
    with pytest.raises(ValueError, match="same product twice"):
        day.show(wrong, propensity)
    wrong = slates.copy()
    wrong[0, 0] = np.flatnonzero(~day.on_sale)[0]
    with pytest.raises(ValueError, match="not on sale"):
        day.show(wrong, propensity)
    with pytest.raises(ValueError, match="propensity must be above 0"):
        day.show(slates, propensity * 0)
    with pytest.raises(ValueError, match="shape"):
        day.show(slates[:, :3], propensity[:, :3])
    with pytest.raises(ValueError, match="that there is not"):
        day.show(slates + 1_000, propensity)
    day.show(slates, propensity)
    with pytest.raises(ValueError, match="shown before"):
        day.show(slates, propensity)


def test_a_day_that_shows_nothing_is_told():
    with pytest.raises(RuntimeError, match="nothing was shown"):
        list(small().play())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"shoppers": 0}, "shoppers"),
        ({"days": 1.5}, "days"),
        ({"season": -1}, "season"),
        ({"new_products": 2}, "new_products"),
        ({"slots": 500}, "slots"),
        ({"start": "yesterday"}, "start"),
        ({"videos": 1}, "videos"),
    ],
)
def test_a_value_that_makes_no_world_is_named(fields, words):
    with pytest.raises(ValueError, match=words):
        small(**fields)


def test_histories_hold_different_products_and_follow_taste():
    world = small(shoppers=500)
    found = world.histories(6)
    assert (found.groupby("user_id")["item_id"].nunique() == 6).all()
    assert len(found) == 3_000
    liked = world.liked()[found["user_id"], found["item_id"]]
    assert liked.mean() > 1.5 * world.liked().mean()
    with pytest.raises(ValueError, match="each must lie between"):
        world.histories(61)
