"""Deployments on record in git, and revisions that are really started."""

import json
import subprocess

import pandas as pd
import pytest

from helpers.delivery.deploying import start_revision
from helpers.delivery.deployments import PAST, Deployment, changes, deployments, put_on_record
from helpers.delivery.edit import edit
from helpers.delivery.git import asked
from helpers.delivery.practice import practice_repository
from helpers.programs import ProgramFailed

pytestmark = pytest.mark.needs_tool("git")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    repository = practice_repository("deployed")
    for one in PAST:
        put_on_record(repository, one)
    return repository


def test_the_record_is_in_git_itself(repository):
    tags = asked(repository, "tag", "--list", "deploy/*").split()
    assert tags == [f"deploy/{n:03}" for n in range(1, 6)]
    said = json.loads(asked(repository, "tag", "--list", "--format=%(contents)", "deploy/002"))
    assert said["outcome"] == "failed" and "rolled back" in said["note"]
    record = deployments(repository)
    assert list(record["deployment"]) == tags
    assert record["at"].is_monotonic_increasing
    assert record["restored"].notna().tolist() == [False, True, False, False, False]
    for tag, commit in zip(record["deployment"], record["commit"], strict=True):
        assert asked(repository, "rev-parse", f"{tag}^{{commit}}").startswith(commit)


def test_no_change_is_deployed_before_it_is_made(repository):
    table = changes(repository).merge(deployments(repository), on="deployment")
    assert (table["at"] > table["made"]).all()


def test_each_change_is_counted_once_in_the_first_deployment_that_holds_it(repository):
    table = changes(repository)
    every = asked(repository, "log", "--no-merges", "--format=%h", "main").split()
    assert sorted(table["commit"]) == sorted(every)
    for commit, tag in zip(table["commit"], table["deployment"], strict=True):
        holding = asked(repository, "tag", "--list", "deploy/*", "--contains", commit).split()
        assert tag == min(holding)


def test_a_new_deployment_is_the_next_and_keeps_its_moment(repository):
    name = put_on_record(repository, Deployment("main", "2025-04-09T10:00:00+02:00", "again"))
    last = deployments(repository).iloc[-1]
    assert name == last["deployment"] == "deploy/006"
    assert last["at"] == pd.Timestamp("2025-04-09 08:00", tz="UTC")
    assert len(changes(repository)) == len(
        asked(repository, "log", "--no-merges", "--format=%h").split()
    )


def test_a_record_of_what_is_not_there_is_refused(repository):
    with pytest.raises(ProgramFailed):
        put_on_record(repository, Deployment("v9.9.9", "2025-04-09T10:00:00+02:00"))
    assert len(deployments(repository)) == 5


def test_an_empty_record_has_the_columns_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("TWO_LOOPS_WORKSPACE", str(tmp_path))
    bare = practice_repository("bare")
    assert len(deployments(bare)) == len(changes(bare)) == 0
    assert {"at", "outcome", "restored"} <= set(deployments(bare))


def test_the_releases_of_the_past_start_as_what_they_are(repository):
    for tag in ("v1.0.0", "v1.1.0"):
        started = start_revision(repository, tag)
        assert started.well and f"v{started.version}" == tag and started.seconds > 0


def test_a_revision_that_cannot_start_says_why_and_the_folder_does_not_matter(repository):
    app = repository / "checkout" / "app.py"
    edit(app, "from .pricing import Price,", "from .prices import Price,")
    assert start_revision(repository, "main").well  # git alone counts, not the folder
    asked(repository, "commit", "--all", "--quiet", "--message", "Tidy up")
    broken = start_revision(repository, "main")
    assert not broken.well and "checkout.prices" in broken.said


def test_an_unknown_revision_is_refused(repository):
    with pytest.raises(ProgramFailed, match="nowhere"):
        start_revision(repository, "nowhere")
    assert subprocess.run(["git", "status"], cwd=repository, capture_output=True).returncode == 0
