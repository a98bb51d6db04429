"""A lesson's own Prometheus: it starts, answers, refuses; and promtool agrees with the records."""

import time

import numpy as np
import pytest

from helpers.monitoring.prometheus import Prometheus, QueryFailed
from helpers.monitoring.promtool import FAILED, PASSED, SPOILT, check_rules, tested
from helpers.monitoring.rules import service_rules
from helpers.programs import ProgramFailed

ITSELF = """\
global: {scrape_interval: 200ms}
rule_files: [rules.yml]
scrape_configs:
  - job_name: nobody
    static_configs: [{targets: ["127.0.0.1:9"]}]
"""


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    prometheus = Prometheus(tmp_path_factory.mktemp("prometheus"), ITSELF, quiet=True)
    yield prometheus
    prometheus.stop()


@pytest.mark.needs_tool("prometheus")
def test_it_answers_as_a_table(prometheus):
    until = time.monotonic() + 10
    while prometheus.query("up").empty and time.monotonic() < until:
        time.sleep(0.1)
    up = prometheus.query("up")
    assert up[["job", "value"]].values.tolist() == [["nobody", 0.0]]
    assert prometheus.value("vector(7) * 2") == 14
    assert prometheus.value("2 + 3") == 5  # a scalar has no labels
    assert np.isnan(prometheus.value("no_such_series"))


@pytest.mark.needs_tool("prometheus")
def test_a_range_has_a_row_for_each_step(prometheus):
    end = time.time()
    table = prometheus.range("vector(1)", 5, step=0.5, end=end)
    assert len(table) == 11 and table["time"].iloc[-1] == pytest.approx(end, abs=0.01)
    assert prometheus.range("no_such_series", 5).empty


@pytest.mark.needs_tool("prometheus")
def test_what_it_does_not_accept_is_said(prometheus):
    with pytest.raises(QueryFailed, match="parse error"):
        prometheus.query("sum(")


@pytest.mark.needs_tool("prometheus")
def test_a_wrong_configuration_is_said_at_once(tmp_path):
    with pytest.raises(ProgramFailed, match="ended at once"):
        Prometheus(tmp_path, "global: {scrape_interval: often}", quiet=True)


@pytest.mark.needs_tool("promtool")
def test_what_is_recorded_is_what_promtool_says():
    rules = service_rules()
    assert tested(rules) == PASSED
    assert tested(rules.replace(*SPOILT)) == FAILED


@pytest.mark.needs_tool("promtool")
def test_rules_that_cannot_be_read_are_said():
    well, said = check_rules("groups: [{name: x, rules: [{alert: A, expr: 'sum('}]}]\n")
    assert not well and "parse" in said


def test_without_promtool_it_is_said_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setattr("helpers.tools.Tool.find", lambda self: None)
    assert tested(service_rules()) == PASSED
    assert "promtool is not on this machine" in capsys.readouterr().out
    assert tested("groups: []", "tests: []", recorded="as it was") == "as it was"
    with pytest.raises(LookupError, match="no recording"):
        tested("groups: []")
    with pytest.raises(LookupError, match="no recording"):
        tested(service_rules(), "tests: []")
