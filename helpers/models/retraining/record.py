"""Twenty seeds of the year under each policy, recorded: `python -m helpers.models.retraining`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from .bills import Played
from .field import Field
from .policies import Policy, every, never, on_drift, on_performance
from .worlds import worlds
from .year import Rules, Year

NAME = "retraining_year.csv"
SEEDS = range(20)
REVIEW = 3.0  # money
OTHER_REVIEWS = (10.0,)  # money; played in the world of new fraud alone
EXPLORED = (0.0, 0.1)  # shares of the declined payments


def policies() -> dict[str, Policy]:
    """The four policies by name, ready for a new year."""
    return {
        "never": never,
        "every 30 days": every(30),
        "on drift": on_drift(),
        "on performance": on_performance(),
    }


def compared(field: Field, review: float = REVIEW) -> Iterator[tuple[str, Played]]:
    """Name and year of each policy, and of the oracle, on one world."""
    year = Year(field, Rules(review=review)).until_start()
    for name, policy in policies().items():
        yield name, year.play(policy)
    oracle = Year(field, Rules(review=review, all_known=True)).until_start()
    yield "oracle", oracle.play(every(30))


def declining(field: Field) -> Iterator[tuple[str, Played]]:
    """Years in which alarms are declined, by the share of them that people look into."""
    for share in EXPLORED:
        rules = Rules(reviews_a_day=0, declines=True, explore=share)
        yield f"explores {share:.0%}", Year(field, rules).until_start().play(every(30))


def play_seed(seed: int) -> Iterator[dict[str, object]]:
    """A row for each year of one seed."""
    for name, world in worlds(seed).items():
        field = Field(world)
        for review in (REVIEW, *(OTHER_REVIEWS if name == "new fraud" else ())):
            for policy, played in compared(field, review):
                yield {"world": name, "decisions": "review", **_row(seed, review, policy, played)}
        if name == "quiet":
            for policy, played in declining(field):
                yield {"world": name, "decisions": "decline", **_row(seed, REVIEW, policy, played)}


def _row(seed: int, review: float, policy: str, played: Played) -> dict[str, object]:
    days = played.days
    return {
        "review": review,
        "seed": seed,
        "policy": policy,
        "trainings": played.trainings,
        "missed_cost": round(days["missed_cost"].sum(), 2),
        "decline_cost": round(days["decline_cost"].sum(), 2),
        "reviews": int(days["reviews"].sum()),
        "frauds": int(days["frauds"].sum()),
        "caught": int(days["caught"].sum()),
    }


def record(path: Path, seeds=SEEDS, say=print) -> pd.DataFrame:
    """Play the seeds, write the rows as CSV, and return them."""
    rows = []
    for seed in seeds:
        rows += play_seed(seed)
        say(f"seed {seed} played")
    frame = pd.DataFrame(rows)
    frame.to_csv(path, index=False, lineterminator="\n")
    return frame
