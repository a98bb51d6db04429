"""The picture of a history: every commit a dot, every branch a lane of its own."""

import matplotlib.pyplot as plt
import pytest

from helpers.delivery.git import asked
from helpers.delivery.graph import Commit, commits, draw_history, lanes
from helpers.delivery.practice import practice_repository


@pytest.fixture(autouse=True)
def _no_figure_is_left():
    yield
    plt.close("all")


def history(*lines):
    """Commits from "id: parents [name]", the newest first."""
    made = []
    for line in lines:
        id, rest = line.split(":")
        parents, _, names = rest.partition("[")
        named = tuple(names.rstrip("]").split(",")) if names else ()
        made.append(Commit(id, tuple(parents.split()), "Ines Duarte", f"Commit {id}", named))
    return made


def test_a_merged_branch_lies_beside_the_trunk():
    assert lanes(history("m: b c [main]", "c: a", "b: a", "a:")) == {"m": 0, "b": 0, "c": 1, "a": 0}


def test_two_branches_from_one_commit_do_not_share_a_lane():
    lane = lanes(history("m: a x [HEAD -> main]", "x: a", "y: a [other]", "a:"))
    assert lane == {"m": 0, "a": 0, "x": 1, "y": 2}


def test_a_lane_is_free_again_below_where_its_branch_began():
    lane = lanes(history("n: m y [main]", "y: m", "m: a x", "x: a", "a:"))
    assert lane == {"n": 0, "m": 0, "a": 0, "x": 1, "y": 1}


def test_the_trunk_stays_the_trunk_where_a_branch_is_ahead_of_it():
    assert lanes(history("b: a [HEAD -> new]", "a: [main]")) == {"b": 1, "a": 0}


def test_a_history_without_a_main_has_lanes_too():
    assert lanes(history("b: a [x]", "a:")) == {"b": 1, "a": 1}


def test_a_branch_of_a_branch_has_a_lane_of_its_own():
    lane = lanes(history("z: x [deep]", "y: x [mid]", "x: a", "a: [main]"))
    assert lane["z"] != lane["y"] and 0 not in (lane["x"], lane["y"], lane["z"])


@pytest.mark.needs_tool("git")
def test_commits_are_read_with_their_parents_and_names():
    read = commits(practice_repository())
    assert len(read) == 10
    assert "HEAD -> main" in read[0].names and "tag: v1.1.0" in read[0].names
    assert [len(one.parents) for one in read[:2]] == [1, 2]
    assert read[-1].parents == () and read[-1].author == "Mira Okafor"


@pytest.mark.needs_tool("git")
def test_the_picture_shows_the_newest_commits_with_all_that_is_said_of_them():
    repository = practice_repository()
    ax = draw_history(repository, last=4, notes={"v1.1.0": "deployed", "v1.0.0": "not shown"})
    texts = [text.get_text() for text in ax.texts]
    assert [text for text in texts if text.startswith(("Call", "Merge", "Run", "Round"))] == [
        "Call somebody when the error budget burns",
        "Merge branch 'jenkins'",
        "Run the same pipeline on Jenkins",
        "Round half a cent to the customer's favour",
    ]
    assert "deployed" in texts and "not shown" not in texts and "HEAD → main" in texts
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(int(dot.get_xdata()[0]), int(dot.get_ydata()[0])) for dot in dots] == [
        *[(0, 0), (0, 1), (1, 2), (0, 3)]
    ]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True, False, False]


@pytest.mark.needs_tool("git")
def test_it_draws_on_a_given_plot_and_cuts_long_lines(tmp_path):
    repository = practice_repository()
    asked(repository, "commit", "--quiet", "--allow-empty", "--message", "word " * 40)
    _, ax = plt.subplots()
    assert draw_history(repository, ax=ax) is ax
    assert max(len(text.get_text()) for text in ax.texts) <= 60
