"""Exercise 16.5: lead time for changes, from a blank page."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

SHOW = (
    'pd.DataFrame({"made": pd.to_datetime(["2025-03-03 08:00", "2025-03-05 08:00", '
    '"2025-03-06 20:00", "2025-03-07 08:00"], utc=True), '
    '"deployment": ["deploy/001", "deploy/001", "deploy/002", "deploy/002"]}), '
    'pd.DataFrame({"deployment": ["deploy/001", "deploy/002"], '
    '"at": pd.to_datetime(["2025-03-05 12:00", "2025-03-07 10:00"], utc=True)})'
)


def _fresh(rng: np.random.Generator) -> Iterator[Case]:
    for count in (2, 5):
        names = [f"deploy/{n:03}" for n in range(1, count + 1)]
        first = pd.Timestamp("2025-05-01", tz="UTC")
        at = first + pd.to_timedelta(np.cumsum(rng.integers(600, 9000, count)), unit="m")
        deployed = rng.permutation(np.repeat(names, 3))
        ages = pd.to_timedelta(rng.integers(5, 9000, len(deployed)), unit="m")
        made = pd.Series(at, index=names).loc[deployed].reset_index(drop=True) - ages
        changes = pd.DataFrame({"made": made, "deployment": deployed})
        table = pd.DataFrame({"deployment": names, "at": at}).sample(
            frac=1, random_state=int(rng.integers(1e6))
        )
        yield Case((changes, table), f"{count} deployments in no order, {len(changes)} changes")


def lead_time(result: str) -> str:
    """The function with its last step."""
    return (
        "def lead_time(changes, deployments):\n"
        '    at = changes["deployment"].map(deployments.set_index("deployment")["at"])\n'
        '    waited = at - changes["made"]\n'
        f"    return {result}"
    )


LEAD_TIME = Exercise(
    id="16.5",
    title="Lead time for changes",
    task="Write `lead_time(changes, deployments)`: the median of the hours from a change to the "
    "deployment that brought it to the customers.",
    answer="lead_time",
    given="import numpy as np\nimport pandas as pd",
    trial=Calls(fresh=_fresh, show=SHOW),
    solution=lead_time("waited.median() / pd.Timedelta(hours=1)"),
    why="Each change counts by itself, from its commit to the customers. The median, since one "
    "change that lay for a month must not hide how the others fared.",
    hints=(
        'Which moment was each change deployed at? `changes["deployment"].map(...)` looks it up.',
        '`deployments.set_index("deployment")["at"]` is what `map` looks it up in.',
        "The difference is a series of time spans: take its median, and divide by "
        "`pd.Timedelta(hours=1)`.",
    ),
    also=(
        "def lead_time(changes, deployments):\n"
        '    both = changes.merge(deployments, on="deployment")\n'
        '    return ((both["at"] - both["made"]).dt.total_seconds() / 3600).median()',
    ),
    mistakes=(
        Mistake(
            "mean for median",
            lead_time("waited.mean() / pd.Timedelta(hours=1)"),
            "This is the mean, and one change that lay long pulls it up. The median is wanted.",
        ),
        Mistake(
            "a span and not hours",
            lead_time("waited.median()"),
            "This is a span of time. Divide by `pd.Timedelta(hours=1)` and you have hours.",
        ),
        Mistake(
            "hours without the days",
            lead_time("waited.dt.seconds.median() / 3600"),
            "`.dt.seconds` is what is left over after whole days, so a change that waited two "
            "days counts as new. Use `.dt.total_seconds()`, or divide the span.",
        ),
        Mistake(
            "days",
            lead_time("waited.median() / pd.Timedelta(days=1)"),
            "These are days. Hours are wanted.",
        ),
        Mistake(
            "the wrong way round",
            lead_time("-waited.median() / pd.Timedelta(hours=1)"),
            "The time is negative: take the deployment's moment less the change's, not the other "
            "way round.",
        ),
        Mistake(
            "one for each deployment",
            "def lead_time(changes, deployments):\n"
            '    at = deployments.set_index("deployment")["at"]\n'
            '    first = changes.groupby("deployment")["made"].min()\n'
            "    return (at - first).median() / pd.Timedelta(hours=1)",
            "This counts each deployment once, by its oldest change. Every change counts.",
        ),
    ),
)
