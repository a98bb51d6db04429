"""The model behind the service: decisions, reasons, shadow, canary, swaps, and what goes wrong."""

import sqlite3
import time

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.payments import Costs, World, features
from helpers.payments.features import COLUMNS
from helpers.serving.fraud.app import create_fraud_app
from helpers.serving.fraud.breaker import Breaker
from helpers.serving.fraud.policy import cheapest, rule
from helpers.serving.fraud.release import Slots, in_canary
from helpers.serving.fraud.scorer import Scorer, WrongModel, in_words
from helpers.serving.fraud.settings import FraudSettings
from helpers.serving.fraud.trees import flat
from helpers.serving.settings import Settings

NOW = 1_530_000_000  # 2018-06-26
USUAL = {name: 0.0 for name in COLUMNS} | {"amount": 50.0, "customer_count_30d": 60.0}


@pytest.fixture(scope="module")
def world():
    transactions = World.small(0.1, days=50).transactions()
    return transactions, features(transactions)


@pytest.fixture(scope="module")
def model(world):
    transactions, X = world
    return HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(
        X, transactions["is_fraud"]
    )


class Always:
    """A stand-in for a scorer: always the same score, after some seconds."""

    quick = False

    def __init__(self, score, version=1, seconds=0.0, registered=NOW - 86_400):
        self.registered = registered
        self.value, self.version, self.seconds = score, version, seconds

    def judge(self, row):
        from helpers.serving.fraud.scorer import Judged

        time.sleep(self.seconds)
        if self.value is None:
            raise RuntimeError("the model is broken")
        return Judged(self.value, f"score {self.value}")


class Given:
    """A stand-in for the release: the slots that a test sets."""

    swaps, problem = 0, None

    def __init__(self, champion=None, challenger=None, share=0.0):
        self.slots = Slots(champion, challenger, share)

    def refresh(self):
        return self.slots


def client(release, folder=None, ledger=":memory:", **settings):
    fraud = FraudSettings(folder=folder, every=0, **settings)
    return TestClient(
        create_fraud_app(Settings(ledger=str(ledger)), fraud, release, clock=lambda: NOW)
    )


def pay(client, number, cents=5_000, customer=1, terminal=1, at=NOW):
    body = {
        "items": [{"sku": "tea", "unit_price_cents": cents}],
        "customer_id": customer,
        "terminal_id": terminal,
        "card_token": "tok_12345678",
        "taken_at": at,
    }
    key = {"Idempotency-Key": f"till-1-{number:06}"}
    answer = client.post("/payments", json=body, headers=key)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def metric(client, name, **labels):
    """The value of a series, 0 where it is not there."""
    text = client.get("/metrics").text
    marks = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    wanted = f"{name}{{{marks}}} " if marks else f"{name} "
    found = [line for line in text.splitlines() if line.startswith(wanted)]
    return float(found[0].rsplit(" ", 1)[1]) if found else 0.0


# --- scores, reasons, verdicts -----------------------------------------------------------------


def test_flat_trees_give_the_scores_of_the_model(world, model):
    _, X = world
    trees = flat(model)
    rows = X.to_numpy(float)
    assert np.abs(trees(rows) - model.predict_proba(X)[:, 1]).max() <= 1e-12
    assert trees(rows[7:8]) == pytest.approx(trees(rows)[7:8], abs=1e-15)


def test_trees_that_would_give_other_scores_are_not_used(model, monkeypatch):
    monkeypatch.setattr(model, "_baseline_prediction", model._baseline_prediction + 0.1)
    trees = flat(model)
    monkeypatch.undo()
    assert trees is not None  # shifted alike
    original = model.predict_proba
    monkeypatch.setattr(model, "predict_proba", lambda rows: original(rows) * 0.999)
    assert flat(model) is None


@pytest.mark.parametrize(
    "other",
    [
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=200)),
        RandomForestClassifier(5, random_state=0, max_depth=4),
        HistGradientBoostingClassifier(max_iter=5, categorical_features=["is_night"]),
    ],
    ids=["logistic", "forest", "categories"],
)
def test_a_model_that_is_not_laid_out_flat_scores_by_itself(world, other):
    transactions, X = world
    other.fit(X, transactions["is_fraud"])
    assert flat(other) is None
    scorer = Scorer(other, 1, USUAL)
    expected = other.predict_proba(X.head(3))[:, 1]
    rows = X.head(3).to_numpy(float)
    assert [scorer.judge(row).score for row in rows] == pytest.approx(list(expected), abs=1e-12)


def test_the_reason_names_the_feature_that_lowers_the_score_most(world, model):
    _, X = world
    scorer = Scorer(model, 1, USUAL)
    row = X.to_numpy(float)[int(model.predict_proba(X)[:, 1].argmax())]
    by_hand = {}
    for place, name in enumerate(COLUMNS):
        changed = row.copy()
        changed[place] = USUAL[name]
        by_hand[name] = model.predict_proba(pd.DataFrame([changed], columns=COLUMNS))[0, 1]
    most = min(by_hand, key=by_hand.get)
    judged = scorer.judge(row)
    assert in_words(most) in judged.reason
    assert f"it would be {by_hand[most]:.3f}" in judged.reason


def test_where_nothing_stands_out_it_says_so(model):
    assert "nothing stands out" in Scorer(model, 1, USUAL).judge(list(USUAL.values())).reason
    assert Scorer(model, 1).judge(list(USUAL.values())).reason.startswith("score 0.")


def test_features_are_said_in_words():
    assert in_words("customer_count_1d") == "the customer's payments in a day"
    assert in_words("terminal_risk_30d") == "the share of fraud at this till in 30 days"
    assert all(in_words(name) for name in COLUMNS)


def test_a_nan_is_told_by_the_name_of_its_feature(model):
    row = list(USUAL.values())
    row[4] = float("nan")
    with pytest.raises(ValueError, match=f"feature {COLUMNS[4]} is not a finite number"):
        Scorer(model, 1, USUAL).judge(row)


def test_a_model_of_other_features_is_told(world):
    transactions, X = world
    y, model = transactions["is_fraud"].head(3000), HistGradientBoostingClassifier(max_iter=2)
    few = X.drop(columns="is_night").assign(till_age=1.0).head(3000)
    with pytest.raises(WrongModel, match=r"missing \['is_night'\], unknown \['till_age'\]"):
        Scorer(model.fit(few, y), 3)
    turned = X[list(X.columns[::-1])].head(3000)
    with pytest.raises(WrongModel, match="in another order"):
        Scorer(model.fit(turned, y), 3)


def test_a_model_of_one_class_is_told(world):
    _, X = world
    one = RandomForestClassifier(2).fit(X.head(100), np.zeros(100, dtype=bool))
    with pytest.raises(WrongModel, match="knows 1 classes"):
        Scorer(one, 3)


@pytest.mark.parametrize("score", [0.0, 0.02, 0.06, 0.3, 0.69, 0.71, 1.0])
@pytest.mark.parametrize("amount", [1.0, 50.0, 400.0])
def test_the_verdict_is_the_one_that_is_expected_to_cost_least(score, amount):
    costs = Costs()
    cost = {
        verdict: score * costs.of([verdict], [amount], [True])[0]
        + (1 - score) * costs.of([verdict], [amount], [False])[0]
        for verdict in ("approve", "review", "decline")
    }
    assert cost[cheapest(score, amount, costs)] == pytest.approx(min(cost.values()))


def test_the_rule_declines_above_its_limit():
    assert rule(22_000, "why").verdict == "approve"
    declined = rule(22_001, "the model rests")
    assert (declined.verdict, declined.by, declined.score) == ("decline", "rule", None)
    assert declined.reason == "the model rests; the rule declines what is above 220.00"


# --- the service -------------------------------------------------------------------------------


def test_it_answers_with_score_verdict_version_and_reason(model):
    with client(Given(Scorer(model, 4, USUAL))) as service:
        answer = pay(service, 1)
        assert answer["decided_by"] == "fraud 4"
        assert answer["reason"].startswith(f"score {answer['score']:.3f}")
        assert answer["status"] == "approved"
        assert service.get("/fraud/models").json()["champion"] == 4
        assert metric(service, "fraud_decisions_total", by="fraud 4", verdict="approve") == 1


def test_the_plain_service_does_not_import_the_fraud_part():
    import subprocess
    import sys

    code = "import sys, helpers.serving.app, helpers.serving.__main__\n"
    code += "sys.exit('helpers.serving.fraud' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_services_features_are_those_of_the_table(world, model, tmp_path):
    """Through HTTP, with labels, over a restart in the middle."""
    transactions, _ = world
    some = transactions[transactions["customer_id"] < 60].head(600).reset_index(drop=True)
    seconds = some["time"].astype("datetime64[us]").astype("int64") // 1_000_000
    cents = np.rint(some["amount"] * 100).astype(int)
    release, ids, known = Given(Scorer(model, 1, USUAL)), [], []
    for half in (range(300), range(300, 600)):
        with client(release, tmp_path, tmp_path / "ledger.sqlite") as service:
            for row in half:
                paid = some.loc[row]
                at = int(seconds[row])
                who = (int(paid.customer_id), int(paid.terminal_id), at)
                ids.append(pay(service, row, int(cents[row]), *who)["payment_id"])
                if row % 3 == 0:  # known at once: such a label counts at the very next payment
                    sent = {"payment_id": ids[-1], "is_fraud": bool(row % 2), "known_at": at}
                    known.append((row, at, bool(row % 2)))
                    counts = service.post("/fraud/labels", json=[sent, sent]).json()
                    assert (counts["taken"], counts["repeated"]) == (1, 1)
            service.app.state.log.flush()
    with sqlite3.connect(tmp_path / "fraud.sqlite") as book:
        seen = pd.read_sql("SELECT * FROM seen", book).set_index("payment_id").loc[ids]
    labels = pd.DataFrame(known, columns=["transaction_id", "known_at", "is_fraud"])
    labels["known_at"] = pd.to_datetime(labels["known_at"] * 10**6, unit="us")
    some["transaction_id"] = range(600)
    offline = features(some.drop(columns="is_fraud"), labels)
    # A label known in the second of its own payment came after that payment was decided.
    same = offline.drop(columns=[c for c in COLUMNS if c.startswith("terminal")])
    assert np.abs(seen[same.columns].to_numpy(float) - same.to_numpy(float)).max() <= 1e-9
    later = labels.assign(known_at=labels["known_at"] + pd.Timedelta(microseconds=1))
    offline = features(some.drop(columns="is_fraud"), later)
    assert np.abs(seen[list(COLUMNS)].to_numpy(float) - offline.to_numpy(float)).max() <= 1e-9


def test_a_till_that_repeats_itself_is_counted_once(tmp_path):
    with client(Given(Always(0.0)), tmp_path, tmp_path / "ledger.sqlite") as service:
        first = pay(service, 1)
        assert pay(service, 1) == first
        assert metric(service, "fraud_events_total", what="payment", how="taken") == 1
        assert len(service.app.state.memory.windows.customers[1].times) == 1


def test_a_payment_that_is_an_hour_late_is_decided_by_the_rule_and_counted():
    with client(Given(Always(0.99))) as service:
        pay(service, 1)
        assert pay(service, 2, at=NOW - 3600)["decided_by"] == "fraud 1"
        late = pay(service, 3, at=NOW - 3601)
        assert (late["decided_by"], late["status"]) == ("rule", "approved")
        assert "more than an hour late" in late["reason"]
        assert metric(service, "fraud_rule_decisions_total", why="late") == 1
        assert metric(service, "fraud_events_total", what="payment", how="late") == 1


def test_one_clock_that_is_ahead_does_not_make_all_others_late():
    with client(Given(Always(0.0))) as service:
        ahead = pay(service, 1, at=NOW + 86_400)
        assert ahead["decided_by"] == "rule" and "clock" in ahead["reason"]
        assert pay(service, 2)["decided_by"] == "fraud 1"
        assert metric(service, "fraud_rule_decisions_total", why="ahead") == 1


def test_labels_that_cannot_be_taken_are_told():
    with client(Given(Always(0.0))) as service:
        unknown = {"payment_id": "0" * 32, "is_fraud": True}
        assert service.post("/fraud/labels", json=[unknown]).json()["unknown"] == 1
        paid = pay(service, 1)["payment_id"]
        late = {"payment_id": paid, "is_fraud": True, "known_at": NOW - 3601}
        assert service.post("/fraud/labels", json=[late]).json()["late"] == 1
        now = {"payment_id": paid, "is_fraud": True}
        assert service.post("/fraud/labels", json=[now]).json()["taken"] == 1
        for wrong in ({"payment_id": paid, "is_fraud": "yes"}, {"payment_id": paid}):
            assert service.post("/fraud/labels", json=[wrong]).status_code == 422


# --- a model that fails never stops a sale -----------------------------------------------------


def test_without_a_model_the_rule_decides():
    with client(Given()) as service:
        assert pay(service, 1)["reason"].startswith("no model is loaded")
        assert pay(service, 2, cents=30_000)["status"] == "declined"
        assert metric(service, "fraud_rule_decisions_total", why="no model") == 2


def test_a_model_that_fails_is_relieved_by_the_rule_and_rests(caplog):
    with client(Given(Always(None)), failures=2, rest=60) as service:
        assert [pay(service, n)["decided_by"] for n in range(4)] == ["rule"] * 4
        why = [metric(service, "fraud_rule_decisions_total", why=w) for w in ("failed", "resting")]
        assert why == [2, 2]
    assert "the model is broken" in caplog.text


def test_a_slow_model_costs_a_sale_no_more_than_the_timeout():
    with client(Given(Always(0.9, seconds=1.0)), timeout=0.05, failures=2, rest=60) as service:
        begun = time.perf_counter()
        answers = [pay(service, n) for n in range(6)]
        assert time.perf_counter() - begun < 0.9
        assert {answer["decided_by"] for answer in answers} == {"rule"}
        why = [metric(service, "fraud_rule_decisions_total", why=w) for w in ("slow", "resting")]
        assert why == [2, 4]


def test_after_its_rest_a_model_gets_another_try():
    now = [0.0]
    breaker = Breaker(2, 5.0, clock=lambda: now[0])
    breaker.went(well=False)
    assert not breaker.resting()
    breaker.went(well=False)
    assert breaker.resting()
    now[0] = 5.0
    assert [breaker.resting(), breaker.resting()] == [False, True], "one tries, the others wait"
    breaker.went(well=True)
    assert not breaker.resting()


def test_another_version_starts_without_the_failures_of_the_one_before():
    release = Given(Always(None, version=1))
    with client(release, failures=1, rest=60) as service:
        assert pay(service, 1)["decided_by"] == "rule"
        release.slots = Slots(Always(0.0, version=2))
        assert pay(service, 2)["decided_by"] == "fraud 2"


# --- shadow and canary -------------------------------------------------------------------------


def opinions(folder):
    with sqlite3.connect(folder / "fraud.sqlite") as book:
        return pd.read_sql("SELECT * FROM opinions ORDER BY version", book)


def test_the_shadow_scores_and_does_not_decide(tmp_path):
    with client(Given(Always(0.0, 1), Always(0.99, 2)), tmp_path) as service:
        assert {pay(service, n)["status"] for n in range(5)} == {"approved"}
        service.app.state.log.flush()
        said = opinions(tmp_path)
        assert list(said.groupby("version")["decides"].sum()) == [5, 0]
        assert set(said[said["version"] == 2]["verdict"]) == {"decline"}
        assert metric(service, "fraud_shadow_total", how="differs") == 5


def test_a_shadow_that_fails_is_counted_and_hurts_nobody(tmp_path):
    with client(Given(Always(0.0, 1), Always(None, 2)), tmp_path) as service:
        assert {pay(service, n)["decided_by"] for n in range(3)} == {"fraud 1"}
        service.app.state.log.flush()
        assert metric(service, "fraud_shadow_total", how="failed") == 3
        assert set(opinions(tmp_path)["version"]) == {1}


def test_a_canary_decides_for_its_share_of_customers_and_the_same_ones(tmp_path):
    with client(Given(Always(0.0, 1), Always(0.99, 2), 0.3), tmp_path) as service:
        first = {c: pay(service, c, customer=c)["decided_by"] for c in range(200)}
        again = {c: pay(service, 1000 + c, customer=c)["decided_by"] for c in range(200)}
        assert first == again
        assert 0.2 < sum(by == "fraud 2" for by in first.values()) / 200 < 0.4
        service.app.state.log.flush()
        assert (opinions(tmp_path).groupby("payment_id")["decides"].sum() == 1).all()


def test_the_share_of_a_canary_is_its_share_and_grows_without_exchanging_customers():
    everybody = range(100_000)
    few = {c for c in everybody if in_canary(c, 0.1, 7)}
    more = {c for c in everybody if in_canary(c, 0.5, 7)}
    assert abs(len(few) / 1e5 - 0.1) < 0.005 and abs(len(more) / 1e5 - 0.5) < 0.005
    assert few < more
    other = {c for c in everybody if in_canary(c, 0.1, 8)}
    assert len(few & other) / len(few) == pytest.approx(0.1, abs=0.02)
    assert not any(in_canary(c, 0.0, 7) for c in range(1000))
    assert all(in_canary(c, 1.0, 7) for c in range(1000))
