"""Deployments on record in the repository itself: annotated tags `deploy/001`, `deploy/002`...

A tag's date is the moment of the deployment, and its message says in JSON how it went. So the
repository answers what DORA's keys ask: which changes reached the customers when, and which of
them had to be mended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from .git import asked, git


@dataclass(frozen=True)
class Deployment:
    """One deployment. revision: as git knows it. at: ISO 8601 with a time zone.

    note: what happened. restored: when the service was well again, where the deployment failed.
    """

    revision: str
    at: str
    note: str = ""
    restored: str = ""

    @property
    def outcome(self) -> str:
        """Whether it went well."""
        return "failed" if self.restored else "went well"


# What belongs to the practice repository's past, as its commits do (see history.py).
PAST = (
    Deployment("v1.0.0", "2025-03-12T08:30:00+01:00", "the first tills"),
    Deployment(
        "v1.0.1~1",
        "2025-03-19T07:50:00+01:00",
        "as another user, who may not write the ledger; rolled back",
        restored="2025-03-19T08:25:00+01:00",
    ),
    Deployment("v1.0.1", "2025-03-20T10:10:00+01:00"),
    Deployment("v1.1.0~1", "2025-03-26T08:15:00+01:00"),
    Deployment("v1.1.0", "2025-04-02T08:40:00+02:00"),
)


def put_on_record(repository: Path, deployment: Deployment) -> str:
    """Tag the revision that was deployed; gives the tag's name. Raises as `git` does."""
    number = len(asked(repository, "tag", "--list", "deploy/*").split()) + 1
    name = f"deploy/{number:03}"
    said = {"outcome": deployment.outcome, "note": deployment.note}
    if deployment.restored:
        said["restored"] = deployment.restored
    git(
        repository,
        *("tag", "--annotate", "--message", json.dumps(said), name),
        f"{deployment.revision}^{{commit}}",
        env={"GIT_COMMITTER_DATE": deployment.at},
        quiet=True,
    )
    return name


def deployments(repository: Path) -> pd.DataFrame:
    """The deployments on record, the first one first.

    Columns: deployment, commit, at, outcome, note, restored (NaT where nothing had to be).
    """
    form = "%(refname:short)%09%(*objectname)%09%(taggerdate:iso-strict)%09%(contents:subject)"
    lines = asked(
        repository, "for-each-ref", "--sort=refname", f"--format={form}", "refs/tags/deploy"
    )
    rows = []
    for line in lines.splitlines():
        name, commit, at, said = line.split("\t")
        rows.append({"deployment": name, "commit": commit[:7], "at": at, **json.loads(said)})
    columns = ["deployment", "commit", "at", "outcome", "note", "restored"]
    table = pd.DataFrame(rows).reindex(columns=columns)
    for column in ("at", "restored"):
        table[column] = pd.to_datetime(table[column], utc=True, format="ISO8601")
    return table


def changes(repository: Path) -> pd.DataFrame:
    """The commits that were deployed, merges left out: commit, made, subject, deployment.

    made: when it was committed. deployment: the first that brought it to the customers.
    """
    rows, before = [], ""
    for name in asked(repository, "tag", "--list", "deploy/*", "--sort=refname").split():
        span = f"{before}..{name}" if before else name
        form = "--format=%h%x09%cI%x09%s"
        for line in asked(repository, "log", "--no-merges", "--reverse", form, span).splitlines():
            commit, made, subject = line.split("\t", 2)
            rows.append({"commit": commit, "made": made, "subject": subject, "deployment": name})
        before = name
    table = pd.DataFrame(rows, columns=["commit", "made", "subject", "deployment"])
    return table.assign(made=pd.to_datetime(table["made"], utc=True, format="ISO8601"))


def now() -> str:
    """This moment, as a deployment's `at`."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
