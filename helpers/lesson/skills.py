"""Skills, roles, and how far a learner's own exercises go towards them.

Which role needs what is our reading of Kreuzberger, Kuehl and Hirschl (2023), "Machine Learning
Operations (MLOps): overview, definition, and architecture", IEEE Access 11, and of the Site
Reliability Engineering book (Beyer and others, 2016). Job adverts differ; change the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers import exercises
from helpers.lesson import progress
from helpers.lesson.steps import STEPS

if TYPE_CHECKING:
    import pandas as pd

# The lessons in which each skill is practised.
SKILLS: dict[str, tuple[str, ...]] = {
    "programming, git": ("11",),
    "testing": ("12",),
    "CI/CD pipelines": ("13",),
    "containers": ("14",),
    "orchestration, cloud": ("15",),
    "observability": ("16",),
    "data handling": ("21", "22", "41"),
    "model building": ("23", "24", "31"),
    "model deployment": ("25",),
    "model monitoring": ("26", "32"),
    "automated retraining": ("27",),
}


@dataclass(frozen=True)
class Role:
    """A role: what it is there for, and what it needs: 1 is to know a skill, 3 to master it."""

    name: str
    there_for: str
    needs: Mapping[str, int]


ROLES = (
    Role(
        "DevOps engineer",
        "the way from a commit to a release: pipelines, images, environments",
        {"programming, git": 3, "testing": 2, "CI/CD pipelines": 3, "containers": 3,
         "orchestration, cloud": 3, "observability": 2},
    ),
    Role(
        "cloud engineer",
        "the ground that all of it runs on: clusters, networks, rights, cost",
        {"programming, git": 1, "CI/CD pipelines": 2, "containers": 2, "orchestration, cloud": 3,
         "observability": 2},
    ),
    Role(
        "site reliability engineer",
        "a service that keeps its promise: objectives, alerts, incidents, capacity",
        {"programming, git": 2, "testing": 2, "CI/CD pipelines": 2, "containers": 1,
         "orchestration, cloud": 3, "observability": 3},
    ),
    Role(
        "MLOps engineer",
        "the way from data to a model at work and back: registry, rollout, watch, retraining",
        {"programming, git": 2, "testing": 2, "CI/CD pipelines": 3, "containers": 2,
         "orchestration, cloud": 2, "observability": 2, "data handling": 2, "model building": 2,
         "model deployment": 3, "model monitoring": 3, "automated retraining": 3},
    ),
    Role(
        "machine learning engineer",
        "the model itself: features, training, honest evaluation, serving",
        {"programming, git": 3, "testing": 2, "data handling": 3, "model building": 3,
         "model deployment": 2, "model monitoring": 2, "automated retraining": 2},
    ),
    Role(
        "data engineer",
        "data that others can build on: collected, checked, versioned, at any size",
        {"programming, git": 3, "testing": 2, "CI/CD pipelines": 2, "orchestration, cloud": 1,
         "data handling": 3},
    ),
)  # fmt: skip


def role(name: str) -> Role:
    """The role of this name. Raises KeyError that names those there are."""
    for one in ROLES:
        if one.name == name:
            return one
    raise KeyError(f"there is no role {name!r}; there are {', '.join(r.name for r in ROLES)}")


def coverage(state: Mapping[str, Any] | None = None) -> pd.Series:
    """For each skill the share of its exercises that are right, from 0 to 1.

    state: a learner's progress; your own where it is left out. A skill whose lessons have no
    exercises in this copy of the course is left out.
    """
    import pandas as pd

    kept = (state or progress.read())["exercises"]
    shares = {}
    for skill in SKILLS:
        ids = _exercises(skill)
        if ids:
            shares[skill] = sum(kept.get(id, {}).get("state") == "right" for id in ids) / len(ids)
    return pd.Series(shares, name="share right", dtype=float).rename_axis("skill")


def by_role(shares: pd.Series) -> pd.DataFrame:
    """For each role: the weighted mean of its skills, and the weakest of them with its share."""
    import pandas as pd

    rows = {}
    for one in ROLES:
        own = shares.reindex([skill for skill in one.needs if skill in shares])
        weights = pd.Series(one.needs).reindex(own.index)
        weakest = own.idxmin()
        rows[one.name] = ((own * weights).sum() / weights.sum(), weakest, own[weakest])
    columns = ["mean", "weakest skill", "its share"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("role")


def to_do(name: str, state: Mapping[str, Any] | None = None, most: int = 3) -> list[str]:
    """What to do next for a role: exercises that are not right yet, of the largest gaps first.

    A gap is how much the role needs of a skill times the share that is missing.
    """
    needs, kept = role(name).needs, (state or progress.read())["exercises"]
    shares = coverage(state)
    gaps = {skill: needs[skill] * (1 - shares[skill]) for skill in needs if skill in shares}
    left = [
        f"{skill}: exercise {id} ({_title(id[:2])})"
        for skill, gap in sorted(gaps.items(), key=lambda pair: -pair[1])
        if gap > 0
        for id in [one for one in _exercises(skill) if kept.get(one, {}).get("state") != "right"][
            :1
        ]
    ]
    return left[:most]


def _exercises(skill: str) -> list[str]:
    there = set(exercises.numbers())
    return [
        one.id
        for number in SKILLS[skill]
        if number in there
        for one in exercises.lesson(number).exercises
    ]


def _title(number: str) -> str:
    return next(f"{one.number} {one.title}" for one in STEPS if one.number == number)
