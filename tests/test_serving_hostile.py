"""Whatever comes in, the service answers with a clear 4xx, and charges nobody twice."""

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from helpers.serving.app import create_app
from helpers.serving.limit import BodyLimit
from helpers.serving.settings import Settings

ITEM = '{"sku": "a", "unit_price_cents": 5, "quantity": 1}'
APP = create_app(Settings(body_limit=8192))
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client():
    with TestClient(APP, raise_server_exceptions=True) as client:
        yield client


def item(**changed):
    return {"sku": "a", "unit_price_cents": 5, "quantity": 1, **changed}


BODIES = {
    "nothing": ("", 422),
    "not JSON": ("hello", 400),
    "half of it": ('{"items": [', 400),
    "not UTF-8": (b'{"items": "\xff\xfe"}', 400),
    "a list": ("[]", 422),
    "null": ("null", 422),
    "no items": ('{"items": []}', 422),
    "too many items": (json.dumps({"items": [item()] * 101}), 422),
    "NaN": ('{"items": [{"sku": "a", "unit_price_cents": NaN}]}', 422),
    "Infinity": ('{"items": [{"sku": "a", "unit_price_cents": -Infinity}]}', 422),
    "a negative price": (json.dumps({"items": [item(unit_price_cents=-1)]}), 422),
    "a price as text": (json.dumps({"items": [item(unit_price_cents="5")]}), 422),
    "a fraction of a cent": (json.dumps({"items": [item(unit_price_cents=0.5)]}), 422),
    "a whole float": (json.dumps({"items": [item(unit_price_cents=1e300)]}), 422),
    "a truth for a price": (json.dumps({"items": [item(unit_price_cents=True)]}), 422),
    "a price of 2**80": (json.dumps({"items": [item(unit_price_cents=2**80)]}), 422),
    "a number of 5,000 digits": (f'{{"items": {"9" * 5000}}}', 400),
    "a quantity of none": (json.dumps({"items": [item(quantity=0)]}), 422),
    "an unknown field": (json.dumps({"items": [item()], "total": 0}), 422),
    "half a character": ('{"items": [{"sku": "\\ud800", "unit_price_cents": 5}]}', 422),
    "half a character as a name": (f'{{"items": [{ITEM}], "\\udfff": 1}}', 422),
    "no name at all": (json.dumps({"items": [item(sku="")]}), 422),
    "deep nesting": ("[" * 4000 + "]" * 4000, (400, 422)),  # Python 3.13 reads it, 3.11 not
    "deep nesting, cut off": ("[" * 4000, 400),
    "too large": ('{"items": "' + "a" * 9000 + '"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_basket_is_refused_with_a_reason(client, name):
    body, right = BODIES[name]
    answer = client.post("/basket/price", content=body, headers=JSON)
    assert answer.status_code in (right if isinstance(right, tuple) else (right,))
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["detail"]


def test_a_large_body_that_does_not_tell_its_length_is_refused(client):
    chunks = (b" " * 1000 for _ in range(20))
    answer = client.post("/basket/price", content=chunks, headers=JSON)
    assert answer.status_code == 413


def test_a_body_that_tells_its_length_is_refused_before_it_comes():
    headers = [(b"content-type", b"application/json"), (b"content-length", b"9999")]
    came = []

    async def route(scope, receive, send):
        await receive()

    async def receive():
        came.append("body")
        return {"type": "http.request"}

    with pytest.raises(HTTPException, match="at most 8192 bytes"):
        asyncio.run(BodyLimit(route, 8192)({"type": "http", "headers": headers}, receive, None))
    assert not came


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_a_body_that_is_not_called_json_is_refused(client, kind):
    body = f'{{"items": [{ITEM}]}}'
    assert client.post("/basket/price", content=body, headers=JSON).status_code == 200
    answer = client.post("/basket/price", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "sku", ["Äpfel", "牛奶", "🥛", "a\u0000b", "‮evil", "'; DROP TABLE payments"]
)
def test_names_in_any_script_are_welcome(client, sku):
    answer = client.post("/basket/price", json={"items": [item(sku=sku)]})
    assert answer.json()["total_cents"] == 5


@pytest.mark.parametrize("key", [None, "", "short", "a" * 65, "with space", "semi;colon-", "ä" * 9])
def test_a_payment_needs_a_proper_key(client, key):
    headers = {} if key is None else {"Idempotency-Key": key.encode()}
    body = {"items": [item()], "customer_id": 1, "terminal_id": 1, "card_token": "tok_12345"}
    answer = client.post("/payments", json=body, headers=headers)
    assert answer.status_code == 422
    assert "idempotency-key" in answer.text.lower()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {"items": ANY_JSON | st.lists(st.fixed_dictionaries({"sku": ANY_JSON}), max_size=3)},
    optional={
        name: ANY_JSON
        for name in ("voucher", "customer_id", "terminal_id", "card_token", "taken_at")
    },
)


@settings(deadline=None)
@given(body=ANY_JSON | NEARLY, path=st.sampled_from(["basket/price", "basket/voucher", "payments"]))
def test_no_json_whatsoever_is_a_fault_of_ours(client, body, path):
    headers = {**JSON, "Idempotency-Key": "a-proper-key"}
    answer = client.post(f"/{path}", content=json.dumps(body), headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.json()["detail"]


def test_equal_keys_at_the_same_moment_are_one_payment(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with TestClient(create_app(Settings(ledger=str(path)))) as client:
        sent = {"items": [item(unit_price_cents=1000, quantity=3)], "card_token": "tok_12345"}

        def pay(number):
            till = {"customer_id": number % 5, "terminal_id": 1, "voucher": "FIVER"}
            key = {"Idempotency-Key": f"same-key-{number % 5}"}
            return client.post("/payments", json={**sent, **till, "taken_at": 1}, headers=key)

        with ThreadPoolExecutor(20) as many:
            answers = list(many.map(pay, range(100)))
        metrics = client.get("/metrics").text
    assert {answer.status_code for answer in answers} == {200, 201}
    assert sum(answer.status_code == 201 for answer in answers) == 5
    assert len({answer.json()["payment_id"] for answer in answers}) == 5
    assert 'checkout_payments_total{status="approved"} 5.0' in metrics
    with sqlite3.connect(path) as kept:
        assert kept.execute("SELECT COUNT(*), SUM(amount_cents) FROM payments").fetchone() == (
            5,
            12500,
        )


def test_one_voucher_at_the_same_moment_is_used_once(tmp_path):
    with TestClient(create_app(Settings(ledger=str(tmp_path / "ledger.sqlite")))) as client:
        sent = {
            "items": [item(unit_price_cents=1000, quantity=3)],
            "card_token": "tok_12345",
            "customer_id": 1,
            "terminal_id": 1,
            "voucher": "FIVER",
        }

        def pay(number):
            key = {"Idempotency-Key": f"other-key-{number}"}
            return client.post("/payments", json=sent, headers=key).status_code

        with ThreadPoolExecutor(20) as many:
            assert sorted(many.map(pay, range(40))) == [201] + [409] * 39
