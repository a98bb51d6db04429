import pytest
from fastapi.testclient import TestClient

from checkout.app import create_app
from checkout.decisions import Decision
from checkout.settings import Settings

ITEMS = [{"sku": "oat-milk", "unit_price_cents": 1000, "quantity": 3}]
PAYMENT = {"items": ITEMS, "customer_id": 1, "terminal_id": 7, "card_token": "tok_4242"}
KEY = {"Idempotency-Key": "till-7-0001"}


@pytest.fixture
def client():
    with TestClient(create_app(Settings())) as client:
        yield client


def test_a_basket_is_priced(client):
    answer = client.post("/basket/price", json={"items": ITEMS})
    assert answer.json()["total_cents"] == 3000


def test_a_voucher_is_applied(client):
    body = {"items": ITEMS, "voucher": "FIVER", "customer_id": 1}
    assert client.post("/basket/voucher", json=body).json()["total_cents"] == 2500


def test_a_payment_sent_twice_is_taken_once(client):
    first = client.post("/payments", json=PAYMENT, headers=KEY)
    second = client.post("/payments", json=PAYMENT, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_a_voucher_is_used_up_by_paying(client):
    body = {**PAYMENT, "voucher": "FIVER"}
    assert client.post("/payments", json=body, headers=KEY).status_code == 201
    again = client.post("/payments", json=body, headers={"Idempotency-Key": "till-7-0002"})
    assert again.status_code == 409


def test_what_cannot_be_is_refused(client):
    items = [{**ITEMS[0], "unit_price_cents": -1}]
    answer = client.post("/basket/price", json={"items": items})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.items.0.unit_price_cents"


def test_a_decision_can_be_plugged_in():
    def no(purchase):
        return Decision("decline", f"{purchase.amount_cents} cents is too much", by="rule")

    with TestClient(create_app(Settings(), decide=no)) as client:
        answer = client.post("/payments", json=PAYMENT, headers=KEY).json()
    assert (answer["status"], answer["reason"]) == ("declined", "3000 cents is too much")


def test_requests_are_counted(client):
    client.post("/basket/price", json={"items": ITEMS})
    line = 'checkout_requests_total{method="POST",route="/basket/price",status="200"} 1.0'
    assert line in client.get("/metrics").text
