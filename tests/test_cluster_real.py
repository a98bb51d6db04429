"""Our cluster against a real Kubernetes: the same lines typed, the same said.

tests/kubernetes/README.md says how the real one was written down. What differs by design or by
version is in tests/kubernetes/differences.yaml, each with its reason.
"""

import json
import shutil
from pathlib import Path

import pytest

from helpers.cluster.cluster import Cluster
from tests.kubernetes.compared import Meant, differences, meant
from tests.kubernetes.server import Server
from tests.kubernetes.typed import HERE, Typist, parts

RECORDED = json.loads((HERE / "recorded/kubectl-1.37.json").read_text(encoding="utf-8"))["parts"]
LINES, MEANT = parts(), meant()
SLOW = ("pods", "invalid", "stuck")  # for `make test-all`; the others take 20 s together
PATIENCE = 120.0  # seconds for one line, on a machine that does much else


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Our server."""
    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWO_LOOPS_WORKSPACE", str(folder / "workspace"))
        cluster = Cluster(quiet=True)
        try:
            yield Server(Path(cluster.kubeconfig))
        finally:
            cluster.stop()


@pytest.mark.parametrize(
    "part",
    [pytest.param(one, marks=[pytest.mark.slow] if one in SLOW else []) for one in RECORDED],
)
def test_what_the_real_one_said(server, part, tmp_path):
    typist = Typist(part, server, Path(shutil.which("kubectl")), tmp_path / "typist", PATIENCE)
    used, unmeant = set(), []
    for real, ours in zip(RECORDED[part], typist.type(LINES[part]), strict=True):
        assert real["line"] == ours["line"], "lines.yaml has changed: record it again"
        for difference in differences(real, ours):
            why = {one for one in MEANT if one.covers(part, real["line"], difference)}
            used |= why
            if not why:
                unmeant.append(f"{real['line']}\n    {difference}")
    assert not unmeant, "\n" + "\n".join(unmeant)
    assert [one for one in MEANT if part in one.parts and one not in used] == []


def test_the_list_of_differences_is_one_of_reasons():
    assert all(one.why and one.at and one.said for one in MEANT)
    assert {part for one in MEANT for part in one.parts} <= RECORDED.keys()


def test_more_than_sixty_lines_are_held_against_the_real_one():
    lines = [one["line"] for part in RECORDED.values() for one in part]
    assert sum("kubectl " in line for line in lines) > 60
    assert [len(LINES[part]) for part in RECORDED] == [len(RECORDED[part]) for part in RECORDED]


def test_a_difference_is_found_where_there_is_one():
    real = {"line": "kubectl x", "exit": 0, "out": ["a", "b"], "err": []}
    assert differences(real, real) == []
    ours = {**real, "exit": 1, "out": ["a", "c"]}
    assert differences(real, ours) == ["exit: 0 -> 1", "out: - b", "out: + c"]
    seen = [{"status": {"conditions": [{"type": "Ready", "status": "True"}]}}]
    other = [{"status": {"conditions": [{"type": "Ready", "status": "False"}]}}]
    found = differences({"line": "look", "seen": seen}, {"line": "look", "seen": other})
    assert found == ["seen: [0].status.conditions[Ready].status: 'True' -> 'False'"]
    assert Meant(("p",), "look", "Ready", "why").covers("p", "look pods", found[0])
    assert not Meant(("q",), "look", "Ready", "why").covers("p", "look pods", found[0])
