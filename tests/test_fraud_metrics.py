"""The names in the model's rules are those that the running service shows, and they count."""

import re
from math import isnan

import pytest

from helpers.monitoring.model_rules import HIGH_SCORE, model_rules
from tests.test_fraud_serving import NOW, Always, Given, client, metric, pay

SERIES = re.compile(r'\b((?:fraud|checkout)_\w+)(?:\{(\w+)="(\w+|[\d.]+)"\})?')


def series_of_the_rules():
    """Each name in an expression, with the label that it is asked for."""
    asked = set(SERIES.findall("\n".join(_expressions(model_rules()))))
    assert len({name for name, *_ in asked}) >= 7, asked
    return asked


def _expressions(rules):
    import yaml

    for group in yaml.safe_load(rules)["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]


def shown(service):
    return service.get("/metrics").text


def has(text, name, label, value):
    wanted = re.escape(name) + (rf'\{{[^}}]*\b{label}="{re.escape(value)}"' if label else r"[{ ]")
    return re.search("^" + wanted, text, re.MULTILINE) is not None


@pytest.fixture
def busy():
    """A service after a decision of its model and one of the rule."""
    with client(Given(Always(0.0))) as service:
        pay(service, 1)
        pay(service, 2, at=NOW - 7200)
        yield service


def test_every_series_of_the_rules_is_shown_by_the_service(busy):
    text = shown(busy)
    missing = [one for one in series_of_the_rules() if not has(text, *one)]
    assert not missing


def test_series_that_an_alarm_waits_for_are_there_from_the_start():
    with client(Given()) as service:
        text = shown(service)
        for found in ("fraud", "genuine"):
            assert f'fraud_reviews_total{{found="{found}"}} 0.0' in text
        assert "fraud_chargebacks_total 0.0" in text
        assert metric(service, "fraud_label_newest_timestamp_seconds") == 0
        assert isnan(metric(service, "fraud_model_registered_timestamp_seconds"))


@pytest.mark.parametrize(("score", "below"), [(HIGH_SCORE - 0.01, 1), (HIGH_SCORE + 0.01, 0)])
def test_scores_are_counted_on_both_sides_of_the_border(score, below):
    with client(Given(Always(score))) as service:
        pay(service, 1)
        assert metric(service, "fraud_score_bucket", le=repr(HIGH_SCORE)) == below
        assert metric(service, "fraud_score_count") == 1


def test_a_decision_of_the_rule_gives_no_score(busy):
    assert metric(busy, "fraud_score_count") == 1
    assert metric(busy, "fraud_decisions_total", by="rule", verdict="approve") == 1


def test_the_age_of_the_champion_is_shown():
    with client(Given(Always(0.0, registered=NOW - 5))) as service:
        assert metric(service, "fraud_model_registered_timestamp_seconds") == NOW - 5


def label(service, payment, is_fraud, known_at=NOW):
    sent = {"payment_id": payment["payment_id"], "is_fraud": is_fraud, "known_at": known_at}
    return service.post("/fraud/labels", json=[sent]).json()


def counted(service):
    reviews = [metric(service, "fraud_reviews_total", found=f) for f in ("fraud", "genuine")]
    return [*reviews, metric(service, "fraud_chargebacks_total")]


@pytest.mark.parametrize(
    ("score", "status", "is_fraud", "expected"),
    [
        (0.0, "approved", True, [0, 0, 1]),
        (0.0, "approved", False, [0, 0, 0]),
        (0.1, "review", True, [1, 0, 0]),
        (0.1, "review", False, [0, 1, 0]),
        (1.0, "declined", True, [0, 0, 0]),
    ],
)
def test_labels_count_as_reviews_or_chargebacks(score, status, is_fraud, expected):
    with client(Given(Always(score))) as service:
        payment = pay(service, 1, cents=20_000)
        assert payment["status"] == status
        assert label(service, payment, is_fraud)["taken"] == 1
        assert label(service, payment, is_fraud)["repeated"] == 1  # counts once
        assert counted(service) == expected


def test_the_newest_label_survives_a_restart_and_is_never_in_the_future(tmp_path):
    name, ledger = "fraud_label_newest_timestamp_seconds", tmp_path / "ledger.sqlite"
    with client(Given(Always(0.0)), tmp_path, ledger) as service:
        first, second = pay(service, 1), pay(service, 2)
        label(service, first, False, NOW - 60)
        label(service, second, False, NOW - 90)
        assert metric(service, name) == NOW - 60
    with client(Given(Always(0.0)), tmp_path, ledger) as service:
        assert metric(service, name) == NOW - 60
        label(service, pay(service, 3), False, NOW + 10**6)
        assert metric(service, name) == NOW
