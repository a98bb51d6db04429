"""The incident drill on the cluster: the lesson's cells switched on, and all eight faults."""

import json
import time

import nbformat
import pytest

from helpers.delivery.drill.deployed import DeployedShop
from helpers.delivery.drill.faults import ACTIONS, FAULTS, fault
from helpers.delivery.drill.finding import FILE, by_file
from helpers.delivery.drill.shop import CONFIG
from helpers.notebooks import named
from tests.cluster_typing import running
from tests.test_drill import soon

live = pytest.mark.needs_tool("prometheus")
with_kubectl = pytest.mark.needs_tool("kubectl")
every_fault = pytest.mark.parametrize("name", [one.name for one in FAULTS])


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop on a cluster that has been open for some seconds; the faults come one by one."""
    with running(tmp_path_factory.mktemp("cluster"), quiet=True) as cluster:
        shop = DeployedShop(cluster, quiet=True)
        shop.open(1200)
        time.sleep(6)
        yield shop
        shop.close()


@live
@with_kubectl
def test_the_lesson_with_its_cluster_switched_on(capsys):
    cells = nbformat.read(named(["16"])[0], as_version=4).cells
    space = {}
    for begins in ("import io", "config = ", "ON_CLUSTER = ", "if ON_CLUSTER"):
        source = next(one.source for one in cells if one.source.startswith(begins))
        exec(source.replace("ON_CLUSTER = False", "ON_CLUSTER = True"), space)
    said = capsys.readouterr().out
    assert "woken by CheckoutErrorBudgetBurn" in said
    assert "$ kubectl rollout undo deployment/checkout --to-revision=1" in said
    drill, shop = space["on_pods"], space["deployed"]
    assert drill.right and drill.restored
    steps = list(drill.seconds().values())
    assert steps[0] == steps[1] and 0 < steps[1] < steps[2]
    failing = [line.split() for line in said.splitlines() if "500" in line.split()]
    assert ["1.2.0" in row for row in failing] == [True], "only the new release fails"
    assert not shop.folder.exists() and not space["cluster"].running


@live
@with_kubectl
@pytest.mark.slow
@every_fault
def test_a_fault_is_made_leaves_its_trace_and_is_ended_by_its_cure(shop, name):
    one = fault(name)
    assert soon(shop.well, 40), "the shop is not well to begin with"
    one.begin(shop)
    assert soon(lambda: one.shows(shop), 40), "it left no trace"
    ACTIONS[one.cure](shop)
    assert soon(lambda: not one.shows(shop), 40), "the cure did not end it"
    assert soon(shop.well, 40), "something of it is left"


@live
@with_kubectl
@pytest.mark.slow
@every_fault
def test_no_other_cure_ends_it(shop, name):
    one = fault(name)
    assert soon(shop.well, 40)
    one.begin(shop)
    try:
        for action, act in ACTIONS.items():
            if action != one.cure:
                act(shop)
        assert soon(lambda: one.shows(shop), 40), "another cure ended it"
    finally:
        ACTIONS[one.cure](shop)
    assert soon(shop.well, 40)


@live
@with_kubectl
@pytest.mark.slow
def test_a_rollout_loses_no_customer_and_prometheus_finds_the_new_pods(shop):
    assert soon(shop.well, 40)
    before, begun = len(shop.answers()), time.time()
    old = set(shop.query("up")["pod"])
    shop.deploy()
    assert soon(lambda: not old & set(shop.query("up == 1")["pod"])), "they are still visited"
    during = shop.answers().iloc[before:]
    assert len(during) > 50 and (during["status"] == 0).sum() == 0
    seen = shop.range('min(up{job="checkout"})', time.time() - begun)
    assert seen["value"].min() == 1, "a pod that goes is left in time"


@live
@with_kubectl
@pytest.mark.slow
def test_to_roll_back_twice_does_not_bring_the_bad_release_back(shop):
    shop.deploy(version="1.2.0")
    for _ in range(2):
        shop.roll_back()
        image = shop.cluster.kubectl("get deployment checkout -o jsonpath={..image}", quiet=True)
        assert image == "corner/checkout:1.1.0"


def test_the_lessons_configuration_is_made_to_read_a_file():
    changed = by_file(CONFIG)
    assert f"file_sd_configs: [{{files: [{FILE}]}}]" in changed and "static" not in changed
    assert changed.count("\n") == CONFIG.count("\n")


def test_only_pods_that_stay_are_visited(tmp_path):
    from helpers.delivery.drill.finding import Finding

    def pod(ip="127.64.0.1", meta=None):
        spec = {"containers": [{"ports": [{"containerPort": 8000}]}]}
        return {"metadata": meta or {}, "spec": spec, "status": {"podIP": ip} if ip else {}}

    finding = Finding.__new__(Finding)
    finding._file = tmp_path / FILE
    finding._pods = {
        "a": pod(), "new": pod(ip=""), "leaving": pod(meta={"deletionTimestamp": "2026"}),
        "moved": pod("127.0.0.1", {"annotations": {"two-loops/ports": "8000=51234"}}),
    }  # fmt: skip
    finding._write()
    assert json.loads(finding._file.read_text()) == [
        {"targets": ["127.64.0.1:8000"], "labels": {"pod": "a"}},
        {"targets": ["127.0.0.1:51234"], "labels": {"pod": "moved"}},
    ]
