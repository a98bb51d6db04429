"""The ledger: one payment for each key, whole or not at all, also when the file does not serve."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from helpers.serving.app import create_app
from helpers.serving.ledger import KeyReused, Ledger, LedgerUnavailable, Payment, VoucherUsed
from helpers.serving.settings import Settings

PAYMENT = Payment(
    "p1", "till-7-0001", "aaa", 1, 7, 947, 1_700_000_000, "FIVER", "approved", "", 0.5, "rule"
)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "ledger.sqlite")


def test_a_payment_survives_the_process(path):
    Ledger(path).take(PAYMENT)  # never closed
    again = Ledger(path)
    assert again.find("p1") == again.repeated("till-7-0001", "aaa") == PAYMENT
    assert again.is_used("FIVER", 1)
    assert again.find("p2") is None


def test_a_refused_payment_leaves_nothing_behind(path):
    ledger = Ledger(path)
    ledger.take(PAYMENT)
    with pytest.raises(VoucherUsed):
        ledger.take(replace(PAYMENT, payment_id="p2", idempotency_key="till-7-0002"))
    with pytest.raises(KeyReused):
        ledger.take(replace(PAYMENT, payment_id="p3", fingerprint="bbb"))
    assert ledger.take(replace(PAYMENT, payment_id="p4")) == PAYMENT
    assert ledger.find("p2") is ledger.find("p3") is ledger.find("p4") is None
    ledger.take(replace(PAYMENT, payment_id="p5", idempotency_key="till-7-0005", voucher=None))


def test_two_books_on_one_file_agree(path):
    one, two = Ledger(path), Ledger(path)
    payments = [replace(PAYMENT, payment_id=f"p{i}", voucher=None) for i in range(20)]
    with ThreadPoolExecutor(8) as many:
        taken = list(
            many.map(
                lambda pair: pair[0].take(pair[1]), zip([one, two] * 10, payments, strict=True)
            )
        )
    assert len(set(taken)) == 1


def test_a_sum_below_nothing_is_refused_by_the_table(path):
    with pytest.raises(sqlite3.IntegrityError, match="amount_cents"):
        Ledger(path).take(replace(PAYMENT, amount_cents=-1))


def test_a_locked_file_is_a_503_and_nothing_is_charged(path, monkeypatch):
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "timeout": 0.05}))
    body = {
        "items": [{"sku": "a", "unit_price_cents": 5}],
        "customer_id": 1,
        "terminal_id": 1,
        "card_token": "tok_12345",
    }
    key = {"Idempotency-Key": "till-7-0001"}
    with TestClient(create_app(Settings(ledger=path))) as client:
        other = real(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/payments", json=body, headers=key)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "1"
        assert "Nothing was charged" in answer.json()["detail"]
        other.execute("ROLLBACK")
        assert client.post("/payments", json=body, headers=key).status_code == 201
        other.close()


def test_a_full_disk_charges_nothing_and_spoils_nothing(path):
    ledger = Ledger(path)
    ledger.take(PAYMENT)
    pages = ledger._writing.sqlite.execute("PRAGMA page_count").fetchone()[0]
    ledger._writing.sqlite.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerUnavailable, match="full"):
        for number in range(2, 500):
            new = replace(PAYMENT, payment_id=f"p{number}", idempotency_key=f"k{number}")
            last = ledger.take(replace(new, voucher=None, reason="x" * 200))
    assert ledger.find(f"p{int(last.payment_id[1:]) + 1}") is None
    assert ledger.find("p1") == PAYMENT


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    missing = tmp_path / "no-such-folder" / "ledger.sqlite"
    with pytest.raises(LedgerUnavailable, match="no-such-folder"):
        Ledger(str(missing))
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is a text, not a database" * 40)
    with pytest.raises(LedgerUnavailable, match=r"broken\.sqlite"):
        Ledger(str(broken))
