"""The service's Prometheus rules, held by promtool and against what the service really counts."""

import re
import subprocess

import pytest
from fastapi.testclient import TestClient

from helpers.monitoring.rules import service_rules
from helpers.serving.app import create_app
from helpers.serving.settings import Settings
from helpers.workspace import ROOT

RULES_TEST = ROOT / "helpers" / "monitoring" / "rules_test.yml"


def promtool(*arguments):
    return subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


@pytest.mark.needs_tool("promtool")
@pytest.mark.parametrize(
    "chosen", [{}, {"speed_up": 60}, {"availability": 0.95, "latency": 0.9, "within": 0.25}]
)
def test_promtool_finds_no_fault(tmp_path, chosen):
    file = tmp_path / "rules.yml"
    file.write_text(service_rules(**chosen))
    checked = promtool("check", "rules", file)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "19 rules found" in checked.stdout


@pytest.mark.needs_tool("promtool")
def test_the_alerts_ring_when_they_should_and_then_alone(tmp_path):
    (tmp_path / "rules.yml").write_text(service_rules())
    (tmp_path / "rules_test.yml").write_text(RULES_TEST.read_text())
    tested = promtool("test", "rules", tmp_path / "rules_test.yml")
    assert tested.returncode == 0, tested.stdout + tested.stderr


SPOILED = {
    "pages at ten times the errors": ("14.4 * 0.001", "144 * 0.001"),
    "pages too soon": ("> 6 * 0.001", "> 0.6 * 0.001"),
    "does not forget": ("ratio_rate5m > 14.4 * 0.001", "ratio_rate1h > 14.4 * 0.001"),
    "counts refusals": ("5..", "[45].."),
    "counts probes": ("/healthz|/readyz|", "/healthz|"),
    "measures another border": ('le="0.1"', 'le="0.25"'),
    "misses a service that is gone": ("== 0 or", "== 2 or"),
}


@pytest.mark.slow
@pytest.mark.needs_tool("promtool")
@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_rules_fail_their_tests(tmp_path, how):
    before, after = SPOILED[how]
    assert before in service_rules()
    (tmp_path / "rules.yml").write_text(service_rules().replace(before, after))
    (tmp_path / "rules_test.yml").write_text(RULES_TEST.read_text())
    assert promtool("test", "rules", tmp_path / "rules_test.yml").returncode == 1


def test_windows_shrink_and_names_stay():
    slow, fast = service_rules(), service_rules(speed_up=60)
    names = re.compile(r"(?:record|alert): (\S+)")
    assert names.findall(slow) == names.findall(fast)
    assert set(re.findall(r"\[(\w+)\]", slow)) == {"5m", "30m", "1h", "6h", "3d"}
    assert set(re.findall(r"\[(\w+)\]", fast)) == {"5s", "30s", "1m", "6m", "72m"}


@pytest.mark.parametrize(
    "chosen", [{"availability": 1}, {"latency": 99}, {"speed_up": 0}, {"speed_up": 400}]
)
def test_an_objective_that_cannot_be_is_refused(chosen):
    with pytest.raises(ValueError, match=r"shares between|speed_up is"):
        service_rules(**chosen)


def test_the_rules_name_what_the_service_counts():
    rules = service_rules()
    with TestClient(create_app(Settings())) as client:
        client.get("/healthz")
        metrics = client.get("/metrics").text
    for name in set(re.findall(r"checkout_\w+(?=\{)", rules)):
        assert f"{name}{{" in metrics
    border = re.search(r'le="[^"]+"', rules).group()
    assert border in metrics
