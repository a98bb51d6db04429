"""Policies and their value: propensities that are true, estimates that hit the known truth."""

import numpy as np
import pytest

from helpers.recommender import (
    EpsilonGreedy,
    Thompson,
    Weighted,
    World,
    doubly_robust,
    epsilon_greedy,
    ips,
    snips,
)

ACTIONS, CONTEXTS = 8, 40


class Bandit:
    """A choice whose truth is known: the probability of a reward for each context and action."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        self.rate = rng.uniform(0.02, 0.5, (CONTEXTS, ACTIONS))
        self.logging = rng.dirichlet(np.full(ACTIONS, 2.0), CONTEXTS) * 0.8 + 0.2 / ACTIONS
        self.target = rng.dirichlet(np.full(ACTIONS, 0.5), CONTEXTS)
        self.truth = float((self.target * self.rate).sum(axis=1).mean())

    def log(self, rng, count):
        context = rng.integers(0, CONTEXTS, count)
        steps = self.logging.cumsum(axis=1)[context]
        action = np.minimum((steps <= rng.random((count, 1))).sum(axis=1), ACTIONS - 1)
        reward = rng.random(count) < self.rate[context, action]
        return context, action, reward.astype(float)

    def estimates(self, rng, count=1_500):
        context, action, reward = self.log(rng, count)
        given = reward, self.logging[context, action], self.target[context, action]
        guess = np.full_like(self.rate, 0.2)  # a poor model of the reward
        expected = (self.target * guess)[context].sum(axis=1)
        return {
            "ips": ips(*given),
            "snips": snips(*given),
            "dr": doubly_robust(*given, guess[context, action], expected),
            "dr, good model": doubly_robust(
                *given, self.rate[context, action], (self.target * self.rate)[context].sum(axis=1)
            ),
        }


@pytest.fixture(scope="module")
def replications():
    """A hundred and fifty logs of each of two bandits: (truth, estimates) for each."""
    rng = np.random.default_rng(0)
    bandits = [Bandit(1), Bandit(2)]
    return [(one.truth, one.estimates(rng)) for one in bandits for _ in range(150)]


@pytest.mark.parametrize("name", ["ips", "snips", "dr", "dr, good model"])
def test_an_estimate_is_right_on_average_and_its_interval_as_often_as_it_says(replications, name):
    errors = np.array([found[name].value - truth for truth, found in replications])
    assert abs(errors.mean()) < 3.5 * errors.std() / np.sqrt(len(errors)) + 2e-4
    inside = np.mean([f[name].low <= truth <= f[name].high for truth, f in replications])
    assert 0.91 <= inside <= 0.985


def test_a_good_model_of_the_reward_makes_it_calmer(replications):
    spread = {
        name: np.std([found[name].value - truth for truth, found in replications])
        for name in ("ips", "snips", "dr, good model")
    }
    assert spread["dr, good model"] < 0.97 * spread["snips"] < 0.95 * spread["ips"]


def test_the_log_of_the_same_policy_gives_the_plain_mean():
    reward, propensity = np.array([1.0, 0, 0, 1, 1]), np.array([0.5, 0.2, 0.1, 0.4, 0.3])
    for estimate in (ips, snips):
        found = estimate(reward, propensity, propensity)
        assert found.value == pytest.approx(0.6, abs=1e-12)
        assert found.effective == pytest.approx(5, abs=1e-9)


def test_by_hand():
    reward, propensity, target = [1, 0, 1], [0.5, 0.25, 0.1], [0.5, 0.5, 0.2]
    assert ips(reward, propensity, target).value == pytest.approx(1.0, abs=1e-12)
    assert snips(reward, propensity, target).value == pytest.approx(0.6, abs=1e-12)
    found = doubly_robust(reward, propensity, target, [0.5, 0.5, 0.5], [0.4, 0.4, 0.4])
    assert found.value == pytest.approx(0.4 + (0.5 - 1.0 + 1.0) / 3, abs=1e-12)
    assert ips(reward, propensity, target).effective == pytest.approx(25 / 9, abs=1e-12)


def test_a_higher_level_gives_a_wider_interval():
    given = [1, 0, 1, 0], [0.5] * 4, [0.25] * 4
    narrow, wide = ips(*given, level=0.5), ips(*given, level=0.99)
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (([], [], []), "rewards are wanted"),
        (([1], [0], [1]), "propensity must be above 0"),
        (([1], [0.5], [2]), "between 0 and 1"),
        (([1, 0], [0.5], [1]), "as many values"),
    ],
)
def test_what_cannot_be_weighed_is_told(given, words):
    with pytest.raises(ValueError, match=words):
        ips(*given)


def test_a_policy_that_shares_no_choice_has_no_weighted_mean():
    with pytest.raises(ValueError, match="none of the logged"):
        snips([1, 0], [0.5, 0.5], [0, 0])


def one_slot(**fields):
    return World(shoppers=3_000, products=12, days=12, slots=1, new_products=0.0, season=0.0,
                 visits_a_day=0.6, **fields)  # fmt: skip


def test_what_the_log_of_one_policy_says_of_another_is_what_the_other_earns():
    """On the world: the click-through of a greedy policy, from the shelf's log, within 4 errors."""
    world = one_slot()
    log = world.impressions()
    scores = world.clicked() + np.random.default_rng(0).normal(0, 0.1, (3_000, 12))
    best = scores.argmax(axis=1)
    user = log["user_id"].to_numpy()
    allowed = np.ones((len(log), 12), dtype=bool)
    target = epsilon_greedy(best[user], allowed, 0.1)[np.arange(len(log)), log["item_id"]]
    estimates = [f(log["clicked"], log["propensity"], target) for f in (ips, snips)]
    play = world.play()
    for day in play:
        day.show(*EpsilonGreedy(lambda day: scores[day.users], 0.1).choose(day))
    earned = play.log()["clicked"].mean()
    for found in estimates:
        half = (found.high - found.low) / 2
        assert found.value == pytest.approx(earned, abs=2 * half)
        assert half < 0.15 * earned  # so that the test says something
    assert abs(log["clicked"].mean() - earned) > 5 * half  # the log's own mean is far off


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 1.0])
def test_epsilon_greedy_explores_as_often_as_it_says(epsilon):
    world = one_slot()
    best = world.clicked().argmax(axis=1)
    play = world.play()
    for day in play:
        scores = world.clicked()
        day.show(*EpsilonGreedy(lambda day, s=scores: s[day.users], epsilon).choose(day))
    log = play.log()
    greedy = log["item_id"] == best[log["user_id"]]
    wanted = 1 - epsilon + epsilon / 12
    assert greedy.mean() == pytest.approx(wanted, abs=0.02 if epsilon else 0)
    assert log.loc[greedy, "propensity"].to_numpy() == pytest.approx(wanted, abs=1e-12)
    assert log.loc[~greedy, "propensity"].to_numpy() == pytest.approx(epsilon / 12, abs=1e-12)


def test_epsilon_greedy_shows_a_product_without_a_score_only_to_explore():
    world = World(shoppers=400, products=30, days=10, new_products=0.0)
    scores = np.tile(np.r_[np.arange(20.0), np.full(10, -np.inf)], (400, 1))

    def shown(epsilon):
        play = world.play()
        for day in play:
            day.show(*EpsilonGreedy(lambda day: scores[day.users], epsilon).choose(day))
        return play.log()["item_id"]

    assert set(shown(0.0)) == set(range(10, 20))
    assert set(shown(0.3)) == set(range(30))
    with pytest.raises(ValueError, match="epsilon must lie"):
        EpsilonGreedy(lambda day: scores, 1.5)


def test_scores_of_another_shape_are_told():
    day = next(iter(World(shoppers=50, products=20).play()))
    with pytest.raises(ValueError, match="scores of shape"):
        EpsilonGreedy(lambda day: np.zeros((2, 2))).choose(day)


def bandit_of_equals():
    """A world in which everybody likes the same products best, so that one arm is the best."""
    world = one_slot()
    rate = world.clicked().mean(axis=0)
    return world, rate


def test_thompson_finds_the_best_product_and_costs_less_than_chance():
    world, rate = bandit_of_equals()
    thompson, earned, last = Thompson(12, world.looked_at()), [], None
    play = world.play()
    for day in play:
        slates, propensity = thompson.choose(day)
        clicked = day.show(slates, propensity)
        thompson.learn(slates, clicked)
        earned.append(rate[slates].mean())
        last = slates
    assert earned[-1] > 0.9 * rate.max() > 1.3 * rate.mean()
    assert np.mean(rate[last] > np.sort(rate)[-4]) > 0.8
    mean = thompson.clicks / (thompson.clicks + thompson.others)
    assert mean[rate.argmax()] == pytest.approx(rate.max(), rel=0.15)


def test_thompson_says_with_which_probability_it_shows_a_product_first():
    world, _ = bandit_of_equals()
    thompson = Thompson(12, world.looked_at())
    thompson.clicks += np.arange(12) / 2
    thompson.others += 5
    probability = thompson.probabilities(np.ones(12, dtype=bool))
    draws = np.random.default_rng(0).beta(thompson.clicks, thompson.others, (200_000, 12))
    share = np.bincount(draws.argmax(axis=1), minlength=12) / 200_000
    assert probability.sum() == pytest.approx(1, abs=1e-12)
    assert probability == pytest.approx(share, abs=0.004)


def test_thompson_learns_the_rate_whatever_the_slot():
    """The same rate is found from the last slot as from the first: looks are counted, not shows."""
    rng, rate = np.random.default_rng(0), 0.3
    for place, look in ((0, 1.0), (9, 0.2)):
        thompson = Thompson(10, np.r_[1.0, np.full(9, 0.2)])
        for _ in range(400):
            clicked = np.zeros((50, 10), dtype=bool)
            clicked[:, place] = rng.random(50) < rate * look
            thompson.learn(np.tile(np.arange(10), (50, 1)), clicked)
        found = thompson.clicks[place] / (thompson.clicks[place] + thompson.others[place])
        assert found == pytest.approx(rate, abs=0.03)


def test_a_weighted_policy_never_shows_what_is_not_on_sale_and_never_twice():
    world = World(shoppers=300, products=20, days=20, new_products=0.5, slots=5)
    play = world.play()
    for day in play:
        slates, propensity = Weighted(np.ones(20)).choose(day)
        first = 1 / day.on_sale.sum()
        assert propensity[:, 0] == pytest.approx(np.full(len(slates), first), abs=1e-12)
        day.show(slates, propensity)  # refuses both
