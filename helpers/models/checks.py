"""The checks of the release gate: each gives a figure, its bound, and the reason in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from .asking import NoScores, ask
from .behaviour import violations
from .calibration import frauds_misplaced
from .compare import paired_bootstrap
from .evidence import ROWS_TO_CHANGE, ROWS_TO_DISTURB, Evidence
from .metrics import card_precision, evaluate
from .robustness import under_disturbance
from .slices import by_slice, surely_apart


@dataclass(frozen=True)
class Check:
    """One line of the gate's report.

    name; passed: None where it was not run; figure: what was measured, None where there is no
    number to it; bound: what it has to be; reason: a sentence.
    """

    name: str
    passed: bool | None
    figure: float | None
    bound: str
    reason: str


def at_least(name: str, figure: float, bound: float, reason: str) -> Check:
    """A check that passes where the figure reaches the bound; NaN does not."""
    return Check(name, bool(figure >= bound), float(figure), f"at least {bound:.3g}", reason)


def at_most(name: str, figure: float, bound: float, reason: str) -> Check:
    """A check that passes where the figure does not exceed the bound; NaN does not pass."""
    return Check(name, bool(figure <= bound), float(figure), f"at most {bound:.3g}", reason)


def ranking(e: Evidence) -> Check:
    """Average precision on the test days."""
    found = evaluate(e.payments, e.scores)["average_precision"]
    reason = f"average precision {found:.3f} on {e.is_fraud.sum()} frauds"
    return at_least("ranks well", found, e.bounds.average_precision, reason)


def against_champion(e: Evidence) -> Check:
    """Not worse than the champion by more than may be, nor too few payments to tell."""
    name, bound = "not worse than the champion", -e.bounds.loss
    if e.champion is None:
        return Check(name, True, None, f"at least {bound:.3g}", "there is no champion yet")
    try:
        others = e.champion_scores
    except NoScores as error:
        reason = f"the champion cannot be asked: {error}"
        return Check(name, False, None, f"at least {bound:.3g}", reason)
    gap = paired_bootstrap(e.payments, e.scores, others, draws=500, seed=e.seed)
    reason = f"difference {gap}; its lower end counts"
    return at_least(name, gap.low, bound, reason)


def top_cards(e: Evidence) -> Check:
    """Compromised cards among the day's most suspicious ones, beside a perfect ranking."""
    found = card_precision(e.payments, e.scores, e.bounds.cards)
    perfect = card_precision(e.payments, e.is_fraud, e.bounds.cards)
    reason = f"{found:.0%} of the day's top {e.bounds.cards} cards; a perfect ranking {perfect:.0%}"
    return at_least("finds cards", found, e.bounds.of_perfect * perfect, reason)


def calibrated(e: Evidence) -> Check:
    """What the scores promise against what came."""
    found = frauds_misplaced(e.is_fraud, e.scores)
    promised, came = e.scores.sum(), e.is_fraud.sum()
    reason = f"the scores promise {promised:.0f} frauds, {came} came"
    return at_most("honest scores", found, e.bounds.misplaced, reason)


def worst_slice(e: Evidence) -> Check:
    """Recall in the slice where it is lowest, among those with enough frauds."""
    cards = e.payments["customer_id"]
    table = by_slice(e.scores >= e.threshold, e.judged_slices, e.is_fraud, cards)
    judged = table[table["rows"] >= e.bounds.slice_frauds]
    if judged.empty:
        reason = f"no slice holds {e.bounds.slice_frauds} frauds"
        return Check("worst slice", False, None, f"at least {e.bounds.slice_recall:.3g}", reason)
    (name, label), worst = judged["share"].idxmin(), judged.loc[judged["share"].idxmin()]
    reason = f"{name}, {label}: {worst['share']:.0%} of {worst['rows']:.0f} frauds raise an alarm"
    return at_least("worst slice", worst["share"], e.bounds.slice_recall, reason)


def fair(e: Evidence) -> Check:
    """False alarms among genuine payments, group against group, where luck is no excuse."""
    cards = e.payments["customer_id"]
    table = by_slice(e.scores >= e.threshold, e.groups, ~e.is_fraud, cards)
    pairs = {name: _furthest_apart(of_name) for name, of_name in table.groupby(level="slice")}
    name = max(pairs, key=lambda one: pairs[one][0])
    ratio, most, least = pairs[name]
    reason = (
        f"{name}: genuine payments alarmed, {most.name[1]} {most['share']:.2%}, "
        f"{least.name[1]} {least['share']:.2%}"
    )
    if ratio == 1:
        reason += "; no more apart than luck"
    return at_most("even between groups", ratio, e.bounds.group_ratio, reason)


def _furthest_apart(groups: pd.DataFrame) -> tuple[float, pd.Series, pd.Series]:
    """The greatest ratio of two groups' shares that is no luck, and the two.

    Every pair is looked at: the highest share may be that of a group too small to say anything.
    Where all may be luck, the ratio is 1, and the two are the highest and the lowest.
    """
    rows = [row for _, row in groups.sort_values("share", ascending=False).iterrows()]
    found = [(1.0, rows[0], rows[-1])]
    for most, least in combinations(rows, 2):
        if surely_apart(most, least):
            ratio = most["share"] / least["share"] if least["share"] > 0 else np.inf
            found.append((float(ratio), most, least))
    return max(found, key=lambda one: one[0])


def behaves(e: Evidence) -> Check:
    """The behaviour test that is broken most, beyond what is allowed."""
    some = e.X.iloc[e.some_rows(ROWS_TO_CHANGE)]
    table = violations(e.candidate, some, e.threshold, e.behaviours)
    worst = (table["share"] - table["allowed"]).idxmax()
    share, allowed = table.loc[worst, "share"], table.loc[worst, "allowed"]
    broken = (table["share"] > table["allowed"]).sum()
    reason = f"{broken} of {len(table)} broken; '{worst}' fails for {share:.1%} of the payments"
    return at_most("behaves as expected", share, allowed, reason)


def robust(e: Evidence) -> Check:
    """How many more alarms the worst disturbance of the inputs makes."""
    rows = e.some_rows(ROWS_TO_DISTURB)
    payments, X = e.payments.iloc[rows], e.X.iloc[rows]
    table = under_disturbance(e.candidate, payments, X, e.threshold, e.disturbances)
    name = "bears a bad day"
    silent = table.index[table["times"].isna()]
    if len(silent):
        reason = f"{silent[0]}: {table.loc[silent[0], 'problem']}"
        return Check(name, False, None, f"at most {e.bounds.more_alarms:.3g}", reason)
    worst = table["times"].idxmax()
    reason = f"{worst}: {table.loc[worst, 'times']:.1f} times as many alarms"
    return at_most(name, table.loc[worst, "times"], e.bounds.more_alarms, reason)


def quick(e: Evidence, asks: int = 30) -> Check:
    """Median milliseconds to score one payment by itself."""
    rows = [e.X.iloc[[place % len(e.X)]] for place in range(asks)]
    taken = []
    for row in rows:
        start = time.perf_counter()
        ask(e.candidate, row)
        taken.append(1000 * (time.perf_counter() - start))
    middle = float(np.median(taken))
    reason = f"one payment takes {middle:.1f} ms"
    return at_most("quick enough", middle, e.bounds.milliseconds, reason)


def checks_for(e: Evidence) -> dict[str, Callable[[Evidence], Check]]:
    """The checks to run on sound inputs, by the name that their line has in the report."""
    wanted = {
        "ranks well": ranking,
        "not worse than the champion": against_champion,
        "finds cards": top_cards,
        "honest scores": calibrated,
        "worst slice": worst_slice,
        "even between groups": fair if e.groups else None,
        "behaves as expected": behaves,
        "bears a bad day": robust,
        "quick enough": quick if e.bounds.milliseconds is not None else None,
    }
    return {name: check for name, check in wanted.items() if check is not None}
