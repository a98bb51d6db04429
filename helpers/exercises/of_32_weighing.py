"""Exercises 32.1, 32.2 and 32.4: the chance of being shown, and what a log is worth."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh_shown(rng: np.random.Generator) -> Iterator[Case]:
    for count, epsilon in ((20, 0.1), (7, 0.5), (50, 1.0)):
        shown, best = rng.integers(0, count, (2, 60))
        best[:30] = shown[:30]
        yield Case((shown, best, count, epsilon), f"{count} products and epsilon = {epsilon}")


def _propensity(value: str) -> str:
    return (
        "def propensity(shown, best, count, epsilon):\n"
        "    explored = epsilon / count\n"
        "    is_best = shown == best\n"
        f"    return {value}"
    )


SHOWN = Exercise(
    id="32.1",
    title="The chance of being shown",
    task="Write the last step of `propensity`: with which probability epsilon-greedy showed each "
    "product that it showed.",
    answer="propensity",
    given="import numpy as np",
    trial=Calls(fresh=_fresh_shown, show="np.array([4, 2, 4]), np.array([4, 4, 4]), 5, 0.2"),
    solution=_propensity("explored + (1 - epsilon) * is_best"),
    why="Two ways lead to the best product: it is taken as the best, or it is drawn by chance. To "
    "any other leads one. So the chances of all products add up to 1.",
    hints=(
        "With probability epsilon any of the `count` products is drawn, the best among them.",
        "Every product has `explored`. To the best, something is added: it is also shown whenever "
        "nothing is explored, with probability 1 - epsilon.",
        "`is_best` counts as 1 or 0: `explored + (1 - epsilon) * ...`.",
    ),
    also=(_propensity("np.where(is_best, 1 - epsilon + explored, explored)"),),
    mistakes=(
        Mistake(
            "forgets that chance may draw the best",
            _propensity("np.where(is_best, 1 - epsilon, explored)"),
            "Chance may draw the best product too, so its probability is a little more than "
            "1 - epsilon. As it is, the chances of all products do not add up to 1.",
        ),
        Mistake(
            "explored not shared",
            _propensity("np.where(is_best, 1 - epsilon + explored, epsilon)"),
            "epsilon is the chance that anything is explored. One product of `count` gets a share "
            "of it: `explored`.",
        ),
        Mistake(
            "the best has no chance but its own",
            _propensity("np.where(is_best, 1 - epsilon, epsilon / (count - 1))"),
            "This would hold if chance drew among the others only. Here it draws among all "
            "`count` products, the best too.",
        ),
        Mistake(
            "turned round",
            _propensity("explored + (1 - epsilon) * ~is_best"),
            "The large probability went to the products that are not the best. It belongs to the "
            "best one.",
        ),
        Mistake(
            "the same for all",
            _propensity("np.full(len(shown), explored)"),
            "This is the chance of being explored. The best product is shown far more often than "
            "that: add 1 - epsilon where it `is_best`.",
        ),
    ),
)


def _log(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    propensity = rng.uniform(0.05, 0.9, rows)
    target = rng.uniform(0, 1, rows) * (rng.random(rows) < 0.7)
    reward = (rng.random(rows) < 0.2 + 0.5 * target).astype(float)
    return reward, propensity, target


def _fresh_logs(rng: np.random.Generator) -> Iterator[Case]:
    for rows in (12, 300):
        yield Case(_log(rng, rows), f"a log of {rows} rows")


def _snips(value: str) -> str:
    return (
        "def snips(reward, propensity, target):\n"
        "    weight = target / propensity\n"
        f"    return {value}"
    )


SNIPS = Exercise(
    id="32.2",
    title="A weighted mean",
    task="Write `snips(reward, propensity, target)`: the mean reward, each row of the log weighted "
    "by target / propensity.",
    answer="snips",
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh_logs,
        show="np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.25, 0.1]), np.array([0.5, 0.5, 0.2])",
    ),
    solution=_snips("(weight * reward).sum() / weight.sum()"),
    why="Dividing by the sum of the weights keeps the estimate within the range of the rewards: a "
    "rate of clicks never comes out above 1, whatever weights chance has dealt.",
    hints=(
        "First the weight of each row; then a mean in which a row counts as much as its weight.",
        "A weighted mean is the sum of weight times reward, divided by the sum of the weights.",
        "`np.average` knows weights: `np.average(values, weights=...)`.",
    ),
    also=(
        _snips("np.average(reward, weights=weight)"),
        "def snips(reward, propensity, target):\n"
        "    top = bottom = 0.0\n"
        "    for r, p, t in zip(reward, propensity, target):\n"
        "        top += r * t / p\n"
        "        bottom += t / p\n"
        "    return top / bottom",
    ),
    mistakes=(
        Mistake(
            "divided by the number of rows",
            _snips("(weight * reward).mean()"),
            "This is IPS: it divides by the number of rows. The self-normalised estimate divides "
            "by the sum of the weights.",
        ),
        Mistake(
            "the weight turned over",
            "def snips(reward, propensity, target):\n"
            "    weight = propensity / np.maximum(target, 1e-9)\n"
            "    return (weight * reward).sum() / weight.sum()",
            "The weight stands on its head. What the old policy showed seldom has to count more: "
            "divide by `propensity`.",
        ),
        Mistake(
            "only the target",
            "def snips(reward, propensity, target):\n"
            "    return (target * reward).sum() / target.sum()",
            "This weighs by what the new policy would show, but not by how often the old one "
            "showed it. Divide by `propensity`.",
        ),
        Mistake(
            "only the propensity",
            "def snips(reward, propensity, target):\n"
            "    return (reward / propensity).sum() / (1 / propensity).sum()",
            "This is what a policy would earn that shows everything equally often. The new "
            "policy's probabilities are missing: `target / propensity`.",
        ),
        Mistake(
            "the log's own mean",
            "def snips(reward, propensity, target):\n    return reward.mean()",
            "This is what the old policy earned. Weigh each row by target / propensity.",
        ),
    ),
)


def _fresh_predicted(rng: np.random.Generator) -> Iterator[Case]:
    for rows in (10, 200):
        predicted, expected = rng.uniform(0.1, 0.6, (2, rows))
        yield Case((*_log(rng, rows), predicted, expected), f"a log of {rows} rows")


def _robust(value: str) -> str:
    return (
        "def doubly_robust_by_hand(reward, propensity, target, predicted, expected):\n"
        "    weight = target / propensity\n"
        f"    return {value}"
    )


ROBUST = Exercise(
    id="32.4",
    title="Doubly robust",
    task="Write `doubly_robust_by_hand(reward, propensity, target, predicted, expected)`: what a "
    "model expects, put right by the weighted errors that it made on the log.",
    answer="doubly_robust_by_hand",
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh_predicted,
        show="np.array([1.0, 0.0]), np.array([0.5, 0.25]), np.array([0.5, 0.5]), "
        "np.array([0.6, 0.2]), np.array([0.4, 0.3])",
    ),
    solution=_robust("(expected + weight * (reward - predicted)).mean()"),
    why="Where the model is right, the errors cancel and its calm answer stands; where it is "
    "wrong, the weighted errors put it right. One of the two has to be right, not both.",
    hints=(
        "Begin with what the model expects of the new policy, for each row: `expected`.",
        "The model's error on a row is `reward - predicted`. Weigh it by target / propensity.",
        "Add the two for each row, and take the mean over all rows.",
    ),
    also=(
        _robust("expected.mean() + np.mean(weight * reward - weight * predicted)"),
        "def doubly_robust_by_hand(reward, propensity, target, predicted, expected):\n"
        "    total = 0.0\n"
        "    for r, p, t, q, e in zip(reward, propensity, target, predicted, expected):\n"
        "        total += e + t / p * (r - q)\n"
        "    return total / len(reward)",
    ),
    mistakes=(
        Mistake(
            "only the model",
            _robust("expected.mean()"),
            "This believes the model without looking at the log. Add the weighted errors "
            "`reward - predicted`.",
        ),
        Mistake(
            "only the log",
            _robust("(weight * reward).mean()"),
            "This is IPS: the model has no part in it. Begin with `expected`, and weigh the "
            "errors in place of the rewards.",
        ),
        Mistake(
            "rewards counted on top",
            _robust("(expected + weight * reward).mean()"),
            "The rewards are counted on top of what the model expects already. Weigh only what "
            "the model got wrong: `reward - predicted`.",
        ),
        Mistake(
            "the error turned round",
            _robust("(expected + weight * (predicted - reward)).mean()"),
            "The error has the wrong sign: where more came than predicted, the estimate has to "
            "rise. Use `reward - predicted`.",
        ),
        Mistake(
            "errors not weighted",
            _robust("(expected + reward - predicted).mean()"),
            "The errors are those on what the old policy showed. Weigh each by target / "
            "propensity, so that they speak of the new one.",
        ),
        Mistake(
            "expected and predicted exchanged",
            _robust("(predicted + weight * (reward - expected)).mean()"),
            "`predicted` belongs to the product that was shown, so the error is taken from it; "
            "`expected` is what the new policy would earn, so it stands in front.",
        ),
    ),
)
