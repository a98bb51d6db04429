"""Recommending: a world of visits, models on sparse matrices, measures, policies, their value.

For lesson authors:

    from helpers.recommender import EpsilonGreedy, World, evaluate, fit, ips, split_at, tune

    world = World()                            # 1,500 shoppers, 400 products, half a year
    clicks = world.interactions()              # user_id, item_id, time, value
    train, test = split_at(clicks, "2019-05-01")
    model = fit(train, model="als", **tune(train, "als"))
    model.recommend([0, 1], k=10)              # ids, one row a user
    evaluate(model, test)                      # {"ndcg_10": ..., "recall_10": ..., ...}

    play = world.play()                        # a policy chooses what is shown
    for day in play:
        day.show(*EpsilonGreedy(scores, 0.1).choose(day))
    play.log(), play.ledger()                  # what is known, and the truth

    ips(log["clicked"], log["propensity"], target)   # what another policy would have earned

`read_interactions` reads a learner's own data or MovieLens. TensorFlow is loaded by
`fit(..., model="two_towers")` and nothing else.
"""

from .exploring import EpsilonGreedy, Thompson, Weighted, epsilon_greedy
from .fitting import Recommender, fit
from .metrics import (
    average_precision,
    coverage,
    exposure_gini,
    hits,
    ndcg,
    novelty,
    precision,
    recall,
)
from .offpolicy import Estimate, doubly_robust, ips, snips
from .play import Day, Play
from .read import BadInteractions, read_interactions
from .splitting import random_split, split_at, split_by_time
from .tuning import evaluate, tune
from .world import World

__all__ = [
    "BadInteractions",
    "Day",
    "EpsilonGreedy",
    "Estimate",
    "Play",
    "Recommender",
    "Thompson",
    "Weighted",
    "World",
    "average_precision",
    "coverage",
    "doubly_robust",
    "epsilon_greedy",
    "evaluate",
    "exposure_gini",
    "fit",
    "hits",
    "ips",
    "ndcg",
    "novelty",
    "precision",
    "random_split",
    "read_interactions",
    "recall",
    "snips",
    "split_at",
    "split_by_time",
    "tune",
]
