"""The checkout service: prices, vouchers, payments, probes, counters and logs."""

import json
import logging

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.serving import __version__
from helpers.serving.app import create_app
from helpers.serving.decisions import Decision
from helpers.serving.pricing import Item, Voucher, VoucherRefused, discount, percentage, price
from helpers.serving.settings import Settings

ITEMS = [{"sku": "oat-milk", "unit_price_cents": 1000, "quantity": 3}]
TOKEN = "tok_never_to_be_seen"
PAYMENT = {"items": ITEMS, "customer_id": 1, "terminal_id": 7, "card_token": TOKEN}


def key(number):
    return {"Idempotency-Key": f"till-7-{number:04}"}


@pytest.fixture
def client():
    with TestClient(create_app(Settings())) as client:
        yield client


def pay(client, number=1, **changed):
    return client.post("/payments", json={**PAYMENT, **changed}, headers=key(number))


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(1, 99)), max_size=20))
def test_a_basket_costs_the_sum_of_its_lines(lines):
    items = [Item(f"i{n}", cents, quantity) for n, (cents, quantity) in enumerate(lines)]
    total = price(items).total_cents
    assert total == sum(cents for cents, quantity in lines for _ in range(quantity))
    assert price(items[::-1]).total_cents == total


def test_half_a_cent_of_discount_becomes_a_whole_one():
    assert [percentage(cents, 5) for cents in (9, 10, 29, 30, 50)] == [0, 1, 1, 2, 3]


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.sampled_from(["percent", "amount"]))
def test_a_discount_lies_between_nothing_and_everything(subtotal, value, kind):
    voucher = Voucher("SOME", kind, min(value, 100) if kind == "percent" else value)
    assert 0 <= discount(subtotal, voucher) <= subtotal


def test_a_voucher_counts_from_its_minimum_on():
    voucher = Voucher("FIVER", "amount", 500, minimum_cents=2500)
    with pytest.raises(VoucherRefused, match="2500 cents or more; this one is 2499"):
        discount(2499, voucher)
    assert discount(2500, voucher) == 500


def test_a_price_over_http(client):
    assert client.post("/basket/price", json={"items": ITEMS}).json() == {
        "subtotal_cents": 3000,
        "discount_cents": 0,
        "total_cents": 3000,
    }


@pytest.mark.parametrize(
    ("code", "quantity", "status", "total"),
    [
        ("FIVER", 3, 200, 2500),
        ("WELCOME10", 3, 200, 2700),
        ("FIVER", 2, 409, 0),
        ("NO1", 3, 404, 0),
    ],
)
def test_a_voucher_over_http(client, code, quantity, status, total):
    items = [{**ITEMS[0], "quantity": quantity}]
    answer = client.post(
        "/basket/voucher", json={"items": items, "voucher": code, "customer_id": 1}
    )
    assert answer.status_code == status
    assert answer.json().get("total_cents", 0) == total


def test_asking_uses_no_voucher_up_but_paying_does(client):
    asked = {"items": ITEMS, "voucher": "FIVER", "customer_id": 1}
    assert client.post("/basket/voucher", json=asked).status_code == 200
    assert pay(client, 1, voucher="FIVER").json()["amount_cents"] == 2500
    assert client.post("/basket/voucher", json=asked).status_code == 409
    assert pay(client, 2, voucher="FIVER").status_code == 409
    assert pay(client, 3, voucher="FIVER", customer_id=2).status_code == 201
    assert pay(client, 4).status_code == 201


def test_the_same_key_is_the_same_payment(client):
    first, second = pay(client, taken_at=5), pay(client, taken_at=5)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert client.get(f"/payments/{first.json()['payment_id']}").json() == first.json()
    assert 'checkout_payment_cents_total{status="approved"} 3000.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    "changed",
    [
        {"customer_id": 2},
        {"terminal_id": 8},
        {"card_token": "tok_another_card"},
        {"items": [{**ITEMS[0], "quantity": 4}]},
        {"voucher": "FIVER"},
        {"taken_at": 7},
    ],
)
def test_the_same_key_with_another_body_is_refused(client, changed):
    pay(client)
    answer = pay(client, **changed)
    assert answer.status_code == 409
    assert "another content" in answer.json()["detail"]


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(
    ("verdict", "status", "voucher_left"),
    [("approve", "approved", False), ("review", "review", False), ("decline", "declined", True)],
)
def test_a_decider_is_plugged_in(verdict, status, voucher_left, waits):
    seen = []

    def decide(purchase):
        seen.append(purchase)
        return Decision(verdict, "because", score=0.25, by="model 3")

    async def decide_later(purchase):
        return decide(purchase)

    chosen = decide_later if waits else decide
    with TestClient(create_app(Settings(), decide=chosen)) as client:
        answer = pay(client, taken_at=9, voucher="FIVER").json()
        left = pay(client, 2, voucher="FIVER").status_code == 201
    assert {answer[k] for k in ("status", "reason", "decided_by")} == {status, "because", "model 3"}
    assert answer["score"] == 0.25
    assert (seen[0].amount_cents, seen[0].taken_at) == (2500, 9)
    assert left == voucher_left


def test_probes_follow_the_service():
    app = create_app(Settings())
    client = TestClient(app)  # not started yet
    assert client.get("/readyz").json() == {"status": "starting"}
    assert client.get("/readyz").status_code == 503
    with client:
        assert client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "draining"}
    assert client.get("/healthz").status_code == 200


def test_the_version_is_in_every_answer():
    with TestClient(create_app(Settings(version="9.8.7"))) as client:
        assert client.get("/version").json() == {"version": "9.8.7"}
        for path in ("/healthz", "/nowhere", "/metrics"):
            assert client.get(path).headers["X-Checkout-Version"] == "9.8.7"
        assert 'checkout_build_info{version="9.8.7"} 1.0' in client.get("/metrics").text


def test_requests_are_counted_by_their_route_and_not_by_their_path(client):
    for path in ("/payments/one", "/payments/two", "/a", "/b"):
        client.get(path)
    client.request("BREW", "/a")
    metrics = client.get("/metrics").text
    counter = "checkout_requests_total"
    assert f'{counter}{{method="GET",route="/payments/{{payment_id}}",status="404"}} 2.0' in metrics
    assert f'{counter}{{method="GET",route="unmatched",status="404"}} 2.0' in metrics
    assert f'{counter}{{method="other",route="unmatched",status="404"}} 1.0' in metrics
    assert "checkout_requests_in_flight 1.0" in metrics
    assert 'checkout_request_duration_seconds_bucket{le="0.1",route="/payments/' in metrics


def test_two_apps_do_not_add_up(client):
    pay(client)
    with TestClient(create_app(Settings())) as other:
        assert "checkout_payments_total{" not in other.get("/metrics").text


def test_a_request_is_one_line_that_a_program_reads(client, caplog):
    from helpers.serving.logs import JsonLines

    with caplog.at_level(logging.INFO, "checkout"):
        client.get("/payments/secret-path", headers={"X-Request-ID": "till-7.42"})
    line = JsonLines("1.2.3").format(caplog.records[-1])
    assert "\n" not in line
    read = json.loads(line)
    assert read.pop("ms") > 0
    assert read.pop("time").endswith("+00:00")
    assert read == {
        "level": "info",
        "message": "request",
        "version": "1.2.3",
        "request_id": "till-7.42",
        "method": "GET",
        "route": "/payments/{payment_id}",
        "status": 404,
    }


@pytest.mark.parametrize("given_id", ["two words", "a" * 65, 'x"\\', ""])
def test_a_request_id_that_could_harm_a_log_is_replaced(client, given_id):
    answer = client.get("/healthz", headers={"X-Request-ID": given_id})
    assert len(answer.headers["X-Request-ID"]) == 16


def test_a_card_is_in_no_log_and_in_no_answer(client, caplog):
    with caplog.at_level(logging.DEBUG):
        answers = [
            pay(client),
            pay(client, 2, items=[{**ITEMS[0], "quantity": TOKEN}]),
            pay(client, 3, card_token=[TOKEN]),
            pay(client, 4, voucher=TOKEN),
            client.post("/payments", content=f"{{{TOKEN}", headers=key(5)),
        ]
    assert [answer.status_code for answer in answers] == [201, 422, 422, 422, 415]
    assert not any(TOKEN in answer.text for answer in answers)
    assert not any(TOKEN in f"{r.getMessage()} {vars(r)}" for r in caplog.records)


def test_an_error_of_ours_is_a_500_that_says_nothing_and_is_counted(caplog):
    def broken(purchase):
        raise RuntimeError("the model is on fire")

    with TestClient(create_app(Settings(), decide=broken)) as client:
        answer = pay(client)
        metrics = client.get("/metrics").text
    assert answer.status_code == 500
    assert "fire" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.json()["detail"]
    assert 'route="/payments",status="500"} 1.0' in metrics
    assert "the model is on fire" in caplog.text


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("CHECKOUT_PORT", "8123")
    monkeypatch.setenv("CHECKOUT_VOUCHERS", '[{"code": "HALF", "kind": "percent", "value": 50}]')
    assert Settings().port == 8123
    assert Settings().voucher("HALF") == Voucher("HALF", "percent", 50)
    assert Settings().voucher("FIVER") is None
    assert Settings().host == "127.0.0.1"
    assert Settings().version == __version__


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("PORT", "a"),
        ("LOG_LEVEL", "loud"),
        ("VERSION", "1.0\r\nX: y"),
        ("VOUCHERS", '[{"code": "MUCH", "kind": "percent", "value": 101}]'),
        ("BODY_LIMIT", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"CHECKOUT_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_the_service_needs_nothing_of_the_course():
    from helpers.workspace import ROOT

    for path in (ROOT / "helpers" / "serving").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "import helpers" not in text and "from helpers" not in text, path.name
