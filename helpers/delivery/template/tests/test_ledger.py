from dataclasses import replace

import pytest

from checkout.ledger import KeyReused, Ledger, Payment, VoucherUsed

PAYMENT = Payment(
    payment_id="p1",
    idempotency_key="till-7-0001",
    fingerprint="aaa",
    customer_id=1,
    terminal_id=7,
    amount_cents=947,
    taken_at=1_700_000_000,
    voucher="FIVER",
    status="approved",
    reason="",
    score=None,
    decided_by="no check",
)


@pytest.fixture
def ledger(tmp_path):
    book = Ledger(str(tmp_path / "ledger.sqlite"))
    yield book
    book.close()


def test_a_payment_survives_a_restart(ledger, tmp_path):
    ledger.take(PAYMENT)
    ledger.close()
    again = Ledger(str(tmp_path / "ledger.sqlite"))
    assert again.find("p1") == again.repeated("till-7-0001", "aaa") == PAYMENT
    again.close()


def test_one_key_is_one_payment(ledger):
    ledger.take(PAYMENT)
    assert ledger.take(replace(PAYMENT, payment_id="p2")) == PAYMENT
    assert ledger.find("p2") is None


def test_one_key_cannot_stand_for_two_payments(ledger):
    ledger.take(PAYMENT)
    with pytest.raises(KeyReused):
        ledger.take(replace(PAYMENT, payment_id="p2", fingerprint="bbb"))


def test_a_voucher_counts_once_for_each_customer(ledger):
    ledger.take(PAYMENT)
    second = replace(PAYMENT, payment_id="p2", idempotency_key="till-7-0002")
    with pytest.raises(VoucherUsed):
        ledger.take(second)
    assert ledger.find("p2") is None
    ledger.take(replace(second, customer_id=2))


def test_a_declined_payment_leaves_the_voucher(ledger):
    ledger.take(replace(PAYMENT, status="declined"))
    assert not ledger.is_used("FIVER", 1)
