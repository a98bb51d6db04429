"""Exercises 23.3 and 23.4: what a threshold costs, and the cheapest one."""

from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case


def _scored(
    rng: np.random.Generator, rows: int, share: float = 0.3
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    fraud = rng.random(rows) < share
    scores = np.round(np.clip(rng.normal(0.3 + 0.3 * fraud, 0.2), 0, 1), 1)
    return scores, np.round(rng.uniform(5, 300, rows), 2), fraud


def _fresh_costs(rng: np.random.Generator) -> Iterator[Case]:
    for threshold, rows in ((0.5, 40), (0.3, 200)):
        yield Case((threshold, *_scored(rng, rows)), f"{rows} payments, threshold {threshold}")


def _cost(total: str) -> str:
    return (
        "def cost(threshold, scores, amount, is_fraud):\n"
        "    declined = scores >= threshold\n"
        "    missed = is_fraud & ~declined\n"
        "    wrong = declined & ~is_fraud\n"
        f"    return {total}"
    )


_TOTAL = "amount[missed].sum() + 15 * missed.sum() + 10 * wrong.sum()"
_COST = _cost(_TOTAL)

COST = Exercise(
    id="23.3",
    title="What a threshold costs",
    task="Write `cost(threshold, scores, amount, is_fraud)`: the money lost where every payment "
    "with a score of at least `threshold` is declined.",
    answer="cost",
    given="import numpy as np\nfrom helpers.payments import Costs",
    trial=Calls(
        fresh=_fresh_costs,
        show="0.5, np.array([0.9, 0.5, 0.2, 0.1]), np.array([300.0, 40.0, 80.0, 20.0]), "
        "np.array([True, False, True, False])",
    ),
    solution=_COST,
    why="Two errors with two prices: a missed fraud costs its amount and the fee of 15, a wrong "
    "decline costs 10, whatever the amount.",
    hints=(
        "Which payments are declined? Which of the others are fraud (missed)? Which of the "
        "declined are genuine (wrong)?",
        "`missed = is_fraud & ~declined` and `wrong = declined & ~is_fraud` are arrays of True "
        "and False; `amount[missed]` are the amounts of the missed.",
        "Add three sums: the amounts of the missed, 15 for each missed, 10 for each wrong.",
    ),
    also=(
        "def cost(threshold, scores, amount, is_fraud):\n"
        "    decisions = np.where(scores >= threshold, 'decline', 'approve')\n"
        "    return Costs().of(decisions, amount, is_fraud).sum()",
        "def cost(threshold, scores, amount, is_fraud):\n"
        "    total = 0\n"
        "    for score, money, fraud in zip(scores, amount, is_fraud):\n"
        "        if score >= threshold and not fraud:\n"
        "            total += 10\n"
        "        elif score < threshold and fraud:\n"
        "            total += money + 15\n"
        "    return total",
    ),
    mistakes=(
        Mistake(
            "wrong side of the threshold",
            _COST.replace(">=", "<"),
            "This declines the payments with a low score, which are the harmless ones. A high "
            "score is suspicious: decline where the score is at least the threshold.",
        ),
        Mistake(
            "the threshold itself left out",
            _COST.replace(">=", ">"),
            "A payment whose score equals the threshold is declined too: use `>=`.",
        ),
        Mistake(
            "a cost for each payment",
            _cost("np.where(missed, amount + 15, 0) + np.where(wrong, 10, 0)"),
            "This is a list with the cost of each payment. What is wanted is what they cost "
            "together: add them up.",
        ),
        Mistake(
            "mean for sum",
            _cost(f"({_TOTAL}) / len(scores)"),
            "This is the mean cost of a payment. The bill is a sum over all of them.",
        ),
        Mistake(
            "forgets the fee",
            _cost("amount[missed].sum() + 10 * wrong.sum()"),
            "The fee of 15 for each missed fraud is missing: the bank charges it on top of the "
            "amount.",
        ),
        Mistake(
            "forgets the wrong declines",
            _cost("amount[missed].sum() + 15 * missed.sum()"),
            "Only the missed fraud is counted. Declining a genuine payment costs 10 as well, or "
            "declining everything would be free.",
        ),
        Mistake(
            "every decline is wrong",
            _cost("amount[missed].sum() + 15 * missed.sum() + 10 * declined.sum()"),
            "This charges 10 for every decline. To decline a fraud is right and costs nothing: "
            "count the declined payments that are genuine.",
        ),
        Mistake(
            "all fraud is lost",
            _cost("amount[is_fraud].sum() + 15 * is_fraud.sum() + 10 * wrong.sum()"),
            "This counts every fraud as lost, the declined ones too. A fraud is lost where it is "
            "approved: its score lies below the threshold.",
        ),
    ),
)


def _fresh_choices(rng: np.random.Generator) -> Iterator[Case]:
    thresholds = np.round(np.arange(0.05, 1.0, 0.1), 2)
    for rows, share in ((60, 0.5), (400, 0.02), (400, 0.1)):
        scored = _scored(rng, rows, share)
        declined = [(scored[0] >= t).sum() for t in thresholds]
        # One threshold for each set of declined payments, so that no two cost the same.
        apart = thresholds[np.unique(declined, return_index=True)[1]]
        yield Case((rng.permutation(apart), *scored), f"{rows} payments, {share:.0%} fraud")


def _cheapest(
    last: str, totals: str = "", decide: str = "scores >= t, 'decline', 'approve'"
) -> str:
    total = totals or f"costs.of(np.where({decide}), amount, is_fraud).sum()"
    return (
        "def cheapest(thresholds, scores, amount, is_fraud):\n"
        f"    totals = [{total} for t in thresholds]\n"
        f"    return {last}"
    )


_BEST = "thresholds[np.argmin(totals)]"

CHEAPEST = Exercise(
    id="23.4",
    title="The cheapest threshold",
    task="Write `cheapest(thresholds, scores, amount, is_fraud)`: the one of `thresholds` at which "
    "declining costs least, by `costs.of`.",
    answer="cheapest",
    given="import numpy as np\nfrom helpers.payments import Costs\ncosts = Costs()",
    trial=Calls(
        fresh=_fresh_choices,
        show="[0.8, 0.4, 0.6], np.array([0.9, 0.7, 0.5, 0.45, 0.1]), "
        "np.array([250.0, 60.0, 40.0, 35.0, 20.0]), np.array([True, True, False, False, False])",
    ),
    solution=_cheapest(_BEST),
    why="A threshold is a business decision: it follows from the prices of the two errors, and "
    "never from the model alone.",
    hints=(
        "Work out the cost at each threshold, then see which is the least.",
        "`costs.of(np.where(scores >= t, 'decline', 'approve'), amount, is_fraud).sum()` is the "
        "cost at the threshold `t`.",
        "`np.argmin(totals)` is the place of the least; the threshold stands at that place.",
    ),
    also=(
        "def cheapest(thresholds, scores, amount, is_fraud):\n"
        "    def total(t):\n"
        "        declined = scores >= t\n"
        "        missed = is_fraud & ~declined\n"
        "        return (amount[missed] + 15).sum() + 10 * (declined & ~is_fraud).sum()\n"
        "    return min(thresholds, key=total)",
    ),
    mistakes=(
        Mistake(
            "the place and not the threshold",
            _cheapest("int(np.argmin(totals))"),
            "This is the place of the best threshold in the list. Take what stands at that place: "
            "`thresholds[...]`.",
        ),
        Mistake(
            "the cost and not the threshold",
            _cheapest("min(totals)"),
            "This is what the best threshold costs. The threshold itself is wanted.",
        ),
        Mistake(
            "the dearest",
            _cheapest("thresholds[np.argmax(totals)]"),
            "This is the threshold that costs most. Look for the least (`argmin`), and see that it "
            "is the high scores that are declined: `scores >= t`.",
        ),
        Mistake(
            "most payments judged rightly",
            _cheapest("thresholds[np.argmax(totals)]", "((scores >= t) == is_fraud).mean()"),
            "This takes the threshold with the best accuracy, as if both errors cost the same. "
            "Compare money: `costs.of`.",
        ),
        Mistake(
            "only missed fraud",
            _cheapest(_BEST, "(amount + 15)[is_fraud & (scores < t)].sum()"),
            "Only the missed fraud is counted, so the lowest threshold always wins. A wrong "
            "decline costs money too.",
        ),
        Mistake(
            "only wrong declines",
            _cheapest(_BEST, "(~is_fraud & (scores >= t)).sum()"),
            "Only the wrong declines are counted, so the highest threshold always wins. A missed "
            "fraud costs money too.",
        ),
    ),
)
