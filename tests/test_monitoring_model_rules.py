"""The model's Prometheus rules: held by promtool, and refused where a limit is none."""

import subprocess

import pytest

from helpers.monitoring.model_rules import model_rules
from helpers.workspace import ROOT

TEST = ROOT / "helpers" / "monitoring" / "model_rules_test.yml"


def promtool(*arguments):
    return subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def promtool_on(folder, rules):
    (folder / "model_rules.yml").write_text(rules)
    (folder / "model_rules_test.yml").write_text(TEST.read_text())
    return promtool("test", "rules", folder / "model_rules_test.yml")


@pytest.mark.needs_tool("promtool")
@pytest.mark.parametrize("chosen", [{}, {"high_score": 0.5, "shift": 3, "label_hours": 1.5}])
def test_promtool_finds_no_fault(tmp_path, chosen):
    file = tmp_path / "rules.yml"
    file.write_text(model_rules(**chosen))
    checked = promtool("check", "rules", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "10 rules found" in checked.stdout


@pytest.mark.needs_tool("promtool")
def test_the_alerts_ring_when_they_should_and_then_alone(tmp_path):
    came = promtool_on(tmp_path, model_rules())
    assert came.returncode == 0, came.stdout + came.stderr


SPOILED = {
    "bears ten times as many decisions by the rule": {"by_rule": 0.5},
    "rings at one in two hundred": {"by_rule": 0.005},
    "bears any shift": {"shift": 9},
    "rings at an ordinary week": {"shift": 1.2},
    "waits a month for labels": {"label_hours": 700},
    "rings after a night without labels": {"label_hours": 12},
    "bears reviews that find nothing": {"precision": 0.1},
    "wants more than is agreed": {"precision": 0.5},
    "bears twice the chargebacks": {"chargebacks": 3},
    "lets a model grow old": {"model_days": 400},
}


@pytest.mark.slow
@pytest.mark.needs_tool("promtool")
@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_limits_fail_their_tests(tmp_path, how):
    assert promtool_on(tmp_path, model_rules(**SPOILED[how])).returncode == 1


@pytest.mark.needs_tool("promtool")
def test_chargebacks_are_counted_for_each_payment(tmp_path):
    divided = "\n          / sum(increase(fraud_decisions_total[7d]))"
    assert divided in model_rules()
    assert promtool_on(tmp_path, model_rules().replace(divided, "")).returncode == 1


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"by_rule": 5}, "by_rule is a share"),
        ({"precision": 0}, "precision is a share"),
        ({"shift": 1}, "shift is a factor"),
        ({"chargebacks": 0.5}, "chargebacks is a factor"),
        ({"model_days": 0}, "are above 0"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(chosen, words):
    with pytest.raises(ValueError, match=words):
        model_rules(**chosen)


def test_nobody_is_woken_by_a_model():
    assert "severity: page" not in model_rules()
