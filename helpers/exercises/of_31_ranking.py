"""Exercises 31.1 and 31.3: what a ranking is worth, and the list of what is new to a shopper."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _fresh_lists(rng: np.random.Generator) -> Iterator[Case]:
    for length, taken in ((10, 3), (5, 8), (10, 10)):
        items = rng.permutation(30)
        recommended = items[:length].tolist()
        relevant = {int(one) for one in rng.choice(items[: length + 6], taken, replace=False)}
        relevant |= {recommended[1], recommended[3]}
        yield Case((recommended, relevant), f"{length} products shown and {len(relevant)} taken")
    yield Case(([1, 2, 3], {9}), "nothing of the list taken")


def _ndcg(value: str) -> str:
    return (
        "def one_ndcg(recommended, relevant):\n"
        "    worth = 1 / np.log2(np.arange(2, len(recommended) + 2))\n"
        "    hit = np.array([item in relevant for item in recommended])\n"
        "    gained = worth[hit].sum()\n"
        "    possible = min(len(relevant), len(recommended))\n"
        f"    return {value}"
    )


NDCG = Exercise(
    id="31.1",
    title="What a ranking is worth",
    task="Write the last step of `one_ndcg`: what the list gained, as a share of what the best "
    "list would gain.",
    answer="one_ndcg",
    given="import numpy as np",
    trial=Calls(fresh=_fresh_lists, show="[7, 3, 5, 8], {3, 8, 9}"),
    solution=_ndcg("gained / worth[:possible].sum()"),
    why="The best list has its hits in the first places, so it gains the first `possible` of "
    "`worth`. Dividing by that makes 1 the best for everybody, however much a shopper took.",
    hints=(
        "What would the best list gain? It has a hit in each of its first `possible` places.",
        "`worth[:possible]` is what these places are worth.",
        "Divide `gained` by the sum of that.",
    ),
    also=(
        _ndcg("gained / sum(worth[place] for place in range(possible))"),
        "def one_ndcg(recommended, relevant):\n"
        "    gained = sum(1 / np.log2(i + 2) for i, x in enumerate(recommended) if x in relevant)\n"
        "    best = sum(1 / np.log2(i + 2) for i in range(min(len(relevant), len(recommended))))\n"
        "    return gained / best",
    ),
    mistakes=(
        Mistake(
            "not normalised",
            _ndcg("gained"),
            "This is the DCG: not yet normalised. A shopper who took more could gain more, so "
            "divide by what the best list would gain.",
        ),
        Mistake(
            "divided by all places",
            _ndcg("gained / worth.sum()"),
            "The best list need not have a hit in every place: the shopper took only so many. "
            "Sum the worth of the first `possible` places.",
        ),
        Mistake(
            "divided by the number taken",
            _ndcg("gained / len(relevant)"),
            "A hit in the second place is worth less than 1, so the number taken is more than "
            "any list can gain. Sum `worth` over the first `possible` places.",
        ),
        Mistake(
            "the worth of the hits themselves",
            _ndcg("gained / max(worth[: hit.sum()].sum(), 1e-9)"),
            "This counts as possible only what was hit. What the list missed was possible as "
            "well: use `possible`.",
        ),
        Mistake(
            "the mean of the hits",
            _ndcg("hit[:possible].mean()"),
            "This is a share of hits, whatever their place. An earlier hit is worth more: divide "
            "`gained` by the best possible gain.",
        ),
    ),
)


def _fresh_scores(rng: np.random.Generator) -> Iterator[Case]:
    for items, seen, k in ((12, 3, 5), (40, 30, 10), (6, 4, 5)):
        scores = rng.permutation(items) - 3.0
        yield Case(
            (scores, np.sort(rng.choice(items, seen, replace=False)), k),
            f"{items} products, {seen} of them seen, k = {k}",
        )


_TOP = (
    "def top(scores, seen, k):\n"
    "    scores = scores.astype(float).copy()\n"
    "    scores[seen] = -np.inf\n"
    "    left = len(scores) - len(seen)\n"
    "    return np.argsort(-scores)[: min(k, left)]"
)

TOP = Exercise(
    id="31.3",
    title="The best that is new",
    task="Write `top(scores, seen, k)`: the places of the k highest scores, best first, without "
    "those in `seen`.",
    answer="top",
    given="import numpy as np",
    trial=Calls(
        fresh=_fresh_scores,
        show="np.array([0.1, 0.9, 0.5, 0.7]), np.array([1]), 2",
    ),
    solution=_TOP,
    why="What was seen gets the lowest score there is, so it comes last; and where fewer than k "
    "products are left, the list is shorter rather than filled with old ones.",
    hints=(
        "Sort the places by their score, the highest first: `np.argsort(-scores)`.",
        "Leave out what is in `seen`: `np.isin(order, seen)` says which places are.",
        "`order[~np.isin(order, seen)][:k]` is the list.",
    ),
    also=(
        "def top(scores, seen, k):\n"
        "    order = np.argsort(-scores)\n"
        "    return order[~np.isin(order, seen)][:k]",
        "def top(scores, seen, k):\n"
        "    new = [i for i in range(len(scores)) if i not in set(seen)]\n"
        "    return sorted(new, key=lambda i: -scores[i])[:k]",
    ),
    mistakes=(
        Mistake(
            "the seen are recommended",
            "def top(scores, seen, k):\n    return np.argsort(-scores)[:k]",
            "What the shopper has met is on the list. It scores high, because the model has "
            "learned from it. Leave out `seen`.",
        ),
        Mistake(
            "the lowest scores",
            "def top(scores, seen, k):\n"
            "    order = np.argsort(scores)\n"
            "    return order[~np.isin(order, seen)][:k]",
            "These are the lowest scores: `argsort` begins with the smallest. Sort `-scores`.",
        ),
        Mistake(
            "cut before the seen are left out",
            "def top(scores, seen, k):\n"
            "    order = np.argsort(-scores)[:k]\n"
            "    return order[~np.isin(order, seen)]",
            "The list is cut to k first and shortened afterwards, so it may hold fewer than k. "
            "Leave out `seen` first, then take k.",
        ),
        Mistake(
            "the seen set to zero",
            "def top(scores, seen, k):\n"
            "    scores = scores.copy()\n"
            "    scores[seen] = 0\n"
            "    return np.argsort(-scores)[:k]",
            "A score of 0 is not the lowest: others are negative, so what was seen can still be "
            "on the list. Use `-np.inf`, and cut where nothing new is left.",
        ),
        Mistake(
            "scores and not places",
            "def top(scores, seen, k):\n    return -np.sort(-np.delete(scores, seen))[:k]",
            "These are the scores of the list. Wanted are the places of the products: `argsort`.",
        ),
    ),
)
