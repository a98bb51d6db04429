"""Our cluster against a real Kubernetes: the same lines typed, the same said.

tests/kubernetes/README.md says how the real one was written down. What differs by design or by
version is in tests/kubernetes/differences.yaml, each with its reason.
"""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.cluster.cluster import Cluster
from tests.kubernetes.compared import differences, meant
from tests.kubernetes.server import Server
from tests.kubernetes.typed import HERE, Typist, parts

RECORDED = json.loads((HERE / "recorded/kubectl-1.37.json").read_text(encoding="utf-8"))["parts"]
MEANT = meant()


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """What ours says to every line, part by part."""
    folder = tmp_path_factory.mktemp("cluster")
    kubectl = Path(shutil.which("kubectl") or pytest.fail("kubectl is missing"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWO_LOOPS_WORKSPACE", str(folder / "workspace"))
        cluster = Cluster()
        try:
            server = Server(Path(cluster.kubeconfig))

            def typed(part: str) -> list[dict]:
                return Typist(part, server, kubectl, folder / part).type(parts()[part])

            with ThreadPoolExecutor(len(RECORDED)) as pool:
                yield dict(zip(RECORDED, pool.map(typed, RECORDED), strict=True))
        finally:
            cluster.stop()


@pytest.mark.parametrize("part", RECORDED)
def test_what_the_real_one_said(ours, part):
    said = []
    for real, mine in zip(RECORDED[part], ours[part], strict=True):
        assert real["line"] == mine["line"], "lines.yaml has changed: record it again"
        where = f"{part}: {real['line']}"
        found = differences(real, mine)
        unmeant = [one for one in found if not _covered(where, one)]
        if unmeant:
            said.append("\n  ".join([where, *unmeant]))
    assert not said, "\n" + "\n".join(said)


def _covered(where: str, difference: str) -> bool:
    return any([one.covers(where, difference) for one in MEANT])  # all of them, to see who is used


def test_no_difference_is_listed_that_there_is_not(ours):
    for part, lines in ours.items():
        for real, mine in zip(RECORDED[part], lines, strict=True):
            for one in differences(real, mine):
                _covered(f"{part}: {real['line']}", one)
    assert [f"{one.at} / {one.said}" for one in MEANT if not one.used] == []
    assert all(one.why for one in MEANT)


def test_more_than_sixty_lines_are_held_against_the_real_one():
    lines = [one["line"] for part in RECORDED.values() for one in part]
    assert sum("kubectl " in line for line in lines) > 250
